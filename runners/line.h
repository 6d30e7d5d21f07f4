/* SPDX-License-Identifier: BSD-2-Clause */
/* A line of text that is put together piece by piece, and cut where there is no more room. */
#ifndef HUPSTORM_RUNNERS_LINE_H
#define HUPSTORM_RUNNERS_LINE_H

#include <stddef.h>

struct line {
	char *text;
	size_t size, used; /* with, and without the NUL */
};

void line_add(struct line *line, const char *format, ...)
	__attribute__((format(printf, 2, 3)));

#endif
