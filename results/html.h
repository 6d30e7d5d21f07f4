/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * A run as one page of HTML that needs nothing else: no network, no files beside it. Light and dark,
 * for narrow screens and for readers of screens; without scripts it is all there but for filters and for
 * the lists behind the fields of the matrix.
 *
 * Whatever a program wrote is text in it, and a policy in the page forbids it to load anything.
 */
#ifndef HUPSTORM_RESULTS_HTML_H
#define HUPSTORM_RESULTS_HTML_H

#include "results.h"

#include <stdio.h>

/* What the rows of a run came to in an earlier one. */
struct history_point {
	size_t cells, red, unexpected, unsure; /* no cells: the row was not there */
	uint64_t exposure;		       /* cycles, or runs (rate.h) */
};

struct history_run {
	int64_t id, started;
	struct history_point *points; /* a row each, in the order of the page's run */
};

struct html_page {
	const struct run *run;
	const struct history_run
		*history; /* oldest first, the run itself the last; may be NULL */
	size_t history_count;
	bool site; /* there are pages of other runs, and of cases, beside it */
	/* The evidence of a cell as text, which the page frees; NULL: there is none. May be NULL. */
	char *(*evidence)(void *argument, const char *name);
	void *argument;
};

void report_html(FILE *out, const struct html_page *page);

/* Of the rows of `run`, what came of them in `other`. NULL: no memory. The caller frees it. */
struct history_point *history_points(const struct run *run, const struct run *other);

#endif
