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

#include "clusters.h"
#include "history.h"
#include "lanes.h"

#include <stdio.h>

struct html_page {
	const struct run *run;
	/* Of all runs up to this one, which is the last. Either may be NULL. */
	const struct history *history;
	const struct clusters *clusters;
	bool site; /* there are pages of other runs, and of cases, beside it */
	/* The evidence of a cell as text, which the page frees; NULL: there is none. May be NULL. */
	char *(*evidence)(void *argument, const char *name);
	/* What its threads did last, which the page frees. False: that is not known. May be NULL. */
	bool (*lanes)(void *argument, const char *name, struct lanes *lanes);
	/*
	 * The run's machine as SVG, with that placement marked, and what the marks mean; or NULL, and why. The page
	 * frees both. May be NULL.
	 */
	char *(*drawing)(void *argument, const struct run *run, const char *placement,
		char **caption);
	void *argument;
};

void report_html(FILE *out, const struct html_page *page);

#endif
