/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What a page shows besides the run: evidence, of each cell so much, and of all no more than a page should weigh; and
 * the machine.
 */
#ifndef HUPSTORM_RUNNERS_EXHIBIT_H
#define HUPSTORM_RUNNERS_EXHIBIT_H

#include "bundle.h"
#include "results/lanes.h"
#include "results/store.h"

struct exhibit {
	struct store *store;
	bool has_bundles;
	struct bundles bundles;
	size_t shown; /* bytes of evidence, on this page */
};

/*
 * As struct html_page wants them, with a struct exhibit as the argument. The text of a cell, or where it can be read if
 * the page is full; NULL: there is none. The lanes: false if there are none, or the page is full.
 */
char *exhibit_text(void *exhibit, const char *name);
bool exhibit_lanes(void *exhibit, const char *name, struct lanes *lanes);

/* The drawing of the run's machine, and its caption (drawing.h). Blocks until it is drawn. */
char *exhibit_drawing(
	void *exhibit, const struct run *run, const char *placement, char **caption);

#endif
