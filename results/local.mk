# SPDX-License-Identifier: BSD-2-Clause
# What was learnt: the record store, statistics, the matrix.
noinst_LIBRARIES += libresults.a

libresults_a_CPPFLAGS = $(AM_CPPFLAGS) $(SQLITE_CFLAGS)
libresults_a_SOURCES = \
	results/again.h results/alike.h results/changepoint.h results/clusters.h results/compare.h results/compare_rows.h results/exchange.h results/findings.h results/formats.h results/hash.h results/history.h results/html.h results/html_inside.h results/html_site.h results/json.h results/known.h results/lanes.h results/matrix.h results/overlap.h results/paint.h \
	results/rate.h results/results.h results/score.h results/score_groups.h results/select.h results/sides.h results/special.h \
	results/statistics.h results/store.h results/store_columns.h results/store_inside.h results/survival.h results/tally.h \
	results/text_report.h results/utf8.h results/wrap.h \
	results/again.c results/alike.c results/changepoint.c results/clusters.c results/compare.c results/compare_rows.c results/findings.c results/findings_write.c results/formats.c results/history.c results/html.c results/html_clusters.c results/html_data.c results/html_failures.c results/html_history.c results/html_inside.c results/html_lanes.c results/html_matrix.c results/html_score.c results/html_sides.c results/html_site.c results/html_tables.c results/html_topology.c results/json.c results/known.c results/lanes.c results/matrix.c results/overlap.c results/rate.c results/results.c \
	results/report_json.c results/report_junit.c results/report_markdown.c results/report_tap.c results/score.c results/score_groups.c results/select.c results/sides.c results/special.c \
	results/statistics.c results/store.c results/store_cells.c results/store_columns.c results/store_fold.c results/store_jsonl.c results/store_merge.c results/store_read.c results/store_write.c results/survival.c \
	results/tally.c results/text_report.c results/utf8.c results/wrap.c

# The page's style and script, as strings of C.
EXTRA_DIST += results/html/page.css results/html/page.js
nodist_libresults_a_SOURCES = results/html_assets.c
CLEANFILES += results/html_assets.c
results/html_assets.c: results/html/page.css results/html/page.js
	$(AM_V_GEN)$(MKDIR_P) results && { \
	embed() { echo "extern const char $$1[];"; echo "const char $$1[] ="; \
		sed 's/\\/\\\\/g; s/"/\\"/g; s/^/"/; s/$$/\\n"/' "$$2"; echo ';'; }; \
	embed html_style $(srcdir)/results/html/page.css; \
	embed html_script $(srcdir)/results/html/page.js; } >$@.new && mv $@.new $@
