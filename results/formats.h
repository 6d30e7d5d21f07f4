/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * A run in the formats of others.
 *
 *	markdown	the matrix and what is not as expected, for a page that shows Markdown
 *	json		all of it, for programs: the run, its rows with their counts and bounds, and
 *			each cell as it is in the store
 *	junit		for CI: a test case for each cell. What is red and was expected to be has passed;
 *			what is not judged is skipped, never passed
 *	tap		the same as TAP version 13
 */
#ifndef HUPSTORM_RESULTS_FORMATS_H
#define HUPSTORM_RESULTS_FORMATS_H

#include "results.h"

#include <stdio.h>

void report_markdown(FILE *out, const struct run *run);
void report_json(FILE *out, const struct run *run);
void report_junit(FILE *out, const struct run *run);
void report_tap(FILE *out, const struct run *run);

/* "hup-broadcast, cooperative + seed, unbound, 2 slots, coordinator leader, to rotate": a cell by what
 * tells it from others, cut to `size`. */
void cell_title(const struct cell *cell, char *title, size_t size);

/* Why a cell is not judged, in a few words: "skipped: no seccomp", "missing". Cut to `size`. */
void cell_why_not_judged(
	const struct cell *cell, const struct outcome *outcome, char *why, size_t size);

#endif
