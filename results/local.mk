# SPDX-License-Identifier: BSD-2-Clause
# What was learnt: the record store, statistics, the matrix.
noinst_LIBRARIES += libresults.a

libresults_a_CPPFLAGS = $(AM_CPPFLAGS) $(SQLITE_CFLAGS)
libresults_a_SOURCES = \
	results/matrix.h results/results.h results/statistics.h results/store.h \
	results/store_inside.h \
	results/matrix.c results/results.c results/statistics.c results/store.c \
	results/store_read.c results/store_write.c
