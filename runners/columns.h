/* SPDX-License-Identifier: BSD-2-Clause */
/* A table with a column for each thread, in which each row is in one of them. */
#ifndef HUPSTORM_RUNNERS_COLUMNS_H
#define HUPSTORM_RUNNERS_COLUMNS_H

#include <stdio.h>

enum { COLUMN_TEXT = 64, COLUMN_WIDTH_MAX = 52 };

struct columns {
	unsigned count;
	int label_width;
	unsigned widths[64], keys[64];
	char names[64][COLUMN_TEXT];
};

/* The column of that key, which is added if there is none, and is headed by that name from now on. At
 * most 64: the last one takes the rest. */
unsigned columns_find(struct columns *columns, unsigned key, const char *name);

/* Make room in a column for such a text. */
void columns_widen(struct columns *columns, unsigned column, const char *text);

void columns_print_head(FILE *out, const struct columns *columns);
void columns_print_row(FILE *out, const struct columns *columns, const char *label,
	unsigned column, const char *text);

#endif
