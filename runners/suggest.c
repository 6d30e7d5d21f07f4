/* SPDX-License-Identifier: BSD-2-Clause */
#include "suggest.h"

#include <string.h>

enum { LENGTH_MAX = 63 };

static size_t least(size_t a, size_t b, size_t c)
{
	size_t d = a < b ? a : b;

	return d < c ? d : c;
}

/* Levenshtein's distance, of the first LENGTH_MAX characters. */
static size_t distance(const char *a, const char *b)
{
	size_t row[LENGTH_MAX + 1], length = strnlen(b, LENGTH_MAX);

	for (size_t j = 0; j <= length; j++)
		row[j] = j;
	for (size_t i = 0; a[i] && i < LENGTH_MAX; i++) {
		size_t diagonal = row[0];

		row[0] = i + 1;
		for (size_t j = 0; j < length; j++) {
			size_t above = row[j + 1];

			row[j + 1] =
				least(above + 1, row[j] + 1, diagonal + (a[i] != b[j]));
			diagonal = above;
		}
	}
	return row[length];
}

const char *nearest_name(const char *wrong, const char *const *names)
{
	const char *nearest = NULL;
	size_t edits = 0;

	for (; *names; names++) {
		size_t now = distance(wrong, *names);

		if (nearest && now >= edits)
			continue;
		nearest = *names;
		edits = now;
	}
	return nearest;
}
