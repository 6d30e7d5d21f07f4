# SPDX-License-Identifier: BSD-2-Clause
# What was learnt: the record store, statistics, the matrix.
noinst_LIBRARIES += libresults.a

libresults_a_CPPFLAGS = $(AM_CPPFLAGS) $(SQLITE_CFLAGS)
libresults_a_SOURCES = \
	results/again.h results/alike.h results/changepoint.h results/compare.h results/compare_rows.h results/json.h results/matrix.h \
	results/overlap.h results/paint.h results/rate.h results/results.h results/score.h results/special.h \
	results/statistics.h results/store.h results/store_inside.h results/survival.h results/tally.h \
	results/text_report.h \
	results/again.c results/alike.c results/changepoint.c results/compare.c results/compare_rows.c results/json.c results/matrix.c \
	results/overlap.c results/rate.c results/results.c results/score.c results/special.c \
	results/statistics.c results/store.c results/store_read.c results/store_write.c results/survival.c \
	results/tally.c results/text_report.c
