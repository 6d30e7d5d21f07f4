/* SPDX-License-Identifier: BSD-2-Clause */
#include "columns.h"

#include <string.h>

void columns_widen(struct columns *columns, unsigned column, const char *text)
{
	unsigned width = (unsigned)strlen(text);

	if (width > COLUMN_WIDTH_MAX)
		width = COLUMN_WIDTH_MAX;
	if (columns->widths[column] < width)
		columns->widths[column] = width;
}

unsigned columns_find(struct columns *columns, unsigned key, const char *name)
{
	unsigned column = 0, most = sizeof columns->keys / sizeof columns->keys[0];

	while (column < columns->count && columns->keys[column] != key)
		column++;
	if (column == most)
		return most - 1;
	if (column == columns->count)
		columns->keys[columns->count++] = key;
	snprintf(columns->names[column], COLUMN_TEXT, "%s", name);
	columns_widen(columns, column, name);
	return column;
}

void columns_print_head(FILE *out, const struct columns *columns)
{
	fprintf(out, "%*s", columns->label_width, "");
	for (unsigned c = 0; c < columns->count; c++)
		fprintf(out, " | %-*s", (int)columns->widths[c], columns->names[c]);
	fputc('\n', out);
}

void columns_print_row(FILE *out, const struct columns *columns, const char *label,
	unsigned column, const char *text)
{
	fprintf(out, "%*s", columns->label_width, label);
	for (unsigned c = 0; c < column; c++)
		fprintf(out, " | %*s", (int)columns->widths[c], "");
	fprintf(out, " | %.*s\n", (int)columns->widths[column], text);
}
