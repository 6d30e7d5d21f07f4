/* SPDX-License-Identifier: BSD-2-Clause */
/* What the user sees while a run goes on: a live matrix on a terminal, a line for each
 * cell otherwise. */
#ifndef HUPSTORM_RUNNERS_DISPLAY_H
#define HUPSTORM_RUNNERS_DISPLAY_H

#include "results/matrix.h"

struct display {
	const struct run *run;
	struct matrix_style style;
	bool live;
	size_t done;
	unsigned lines; /* that the live part takes on the screen now */
	uint64_t began;
};

/* Standard output is a terminal or not. `absent`: see matrix.h. */
void display_begin(
	struct display *display, const struct run *run, const char *const *absent);
/* The cell has its outcome. */
void display_outcome(struct display *display, size_t number);
/* Some time has passed. */
void display_tick(struct display *display);
/* Take the live part away. */
void display_end(struct display *display);

/*
 * How to write on standard output. On a terminal as wide as it is, in colours if it has them and NO_COLOR is not
 * set, and with more than ASCII where the locale has UTF-8; else plainly, and as wide as COLUMNS says, if it
 * does.
 */
struct matrix_style display_style(void);

#endif
