/* SPDX-License-Identifier: BSD-2-Clause */
/* Colours for terminals that have them. */
#ifndef HUPSTORM_RESULTS_PAINT_H
#define HUPSTORM_RESULTS_PAINT_H

#include <stdbool.h>
#include <stdio.h>

#define PAINT_RED      "31"
#define PAINT_GREEN    "32"
#define PAINT_YELLOW   "33"
#define PAINT_BOLD_RED "1;31"
#define PAINT_DIM      "2"

/* The text, padded to `width` columns; in that colour if `colored`. */
static inline void paint(
	FILE *out, bool colored, const char *color, const char *text, int width)
{
	if (colored)
		fprintf(out, "\033[%sm%-*s\033[0m", color, width, text);
	else
		fprintf(out, "%-*s", width, text);
}

#endif
