/* SPDX-License-Identifier: BSD-2-Clause */
/* The evidence that a page shows: of each cell so much, and of all no more than a page should weigh. */
#ifndef HUPSTORM_RUNNERS_EXHIBIT_H
#define HUPSTORM_RUNNERS_EXHIBIT_H

#include "bundle.h"
#include "results/lanes.h"

struct exhibit {
	struct bundles bundles;
	size_t shown; /* bytes of text, on this page */
};

/*
 * As struct html_page wants them, with a struct exhibit as the argument. The text of a cell, or where it can be read if
 * the page is full; NULL: there is none. The lanes: false if there are none, or the page is full.
 */
char *exhibit_text(void *exhibit, const char *name);
bool exhibit_lanes(void *exhibit, const char *name, struct lanes *lanes);

#endif
