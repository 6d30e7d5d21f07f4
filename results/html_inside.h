/* SPDX-License-Identifier: BSD-2-Clause */
/* What the parts of the page share. */
#ifndef HUPSTORM_RESULTS_HTML_INSIDE_H
#define HUPSTORM_RESULTS_HTML_INSIDE_H

#include "html.h"
#include "tally.h"

/* The style and the script, from results/html/. */
extern const char html_style[], html_script[];

/* Text, as text. */
void html_text(FILE *out, const char *text);

/* "bad", "expected", "pass", "unsure" or "none": what the cells of a tally are to the reader. */
const char *html_state(const struct tally *tally);

/* The placements that are columns, one of each family; and the rows. Cells that test the harness have none. */
enum { HTML_COLUMNS_MAX = 32, HTML_NIGHTS_MAX = 366 };

struct html {
	FILE *out;
	const struct html_page *page;
	size_t column_count, row_count;
	const char *columns[HTML_COLUMNS_MAX];
	const struct cell **rows;
	/* The page's builder's own, the last of them; the page's run is the last. */
	size_t night_count, nights[HTML_NIGHTS_MAX];
};

/* -ENOMEM; html_end frees what there is. */
int html_begin(struct html *h, FILE *out, const struct html_page *page);
void html_end(struct html *h);

/* The row or the column of a cell, by number; the number of them if it has none. */
size_t html_row_of(const struct html *h, const struct cell *cell);
size_t html_column_of(const struct html *h, const struct cell *cell);

/* The name of a column: "by-role". */
const char *html_column_name(const char *placement, char name[PLACEMENT_SIZE]);

/* That row, in that of the nights. */
struct history_cells html_cells(const struct html *h, size_t night, size_t row);

/* The bars of the row's last nights. */
void html_bars(const struct html *h, size_t row);
/* How many these are; 0 if there is one run alone. */
size_t html_bar_count(const struct html *h);

/* "case, subject + faults, verdict": with a link if there is a page of it. */
void html_cluster_name(const struct html *h, const struct cluster *cluster);

/* The document up to its body, and "cooperative + seed". */
void html_head(FILE *out, const char *title);
void html_subject(FILE *out, const struct cell *row);

/* The evidence of that name, to unfold; nothing if there is none. */
void html_evidence(FILE *out, const struct html_page *page, const char *name);

/* "; the coordinator waits in FUNCTION", if that is known. */
void html_anchor(FILE *out, const struct outcome *outcome);

/* A drawing of what threads did last. */
void html_lanes(FILE *out, const struct lanes *lanes);

/* "< 0.01 %", "31 %", "100 %". */
void html_percent(FILE *out, double probability);

/* "2026-11-26 18:44 UTC" of ns since 1970. */
void html_time(FILE *out, int64_t when);

/* The parts of the page. */
void html_matrix(const struct html *h);
void html_failures(const struct html *h);
void html_sides(const struct html *h);
void html_history(const struct html *h);
void html_charts(const struct html *h, const char *case_name);
void html_clusters(const struct html *h);
void html_topology(const struct html *h);
void html_tables(const struct html *h);
void html_score(const struct html *h);
void html_data(const struct html *h);

#endif
