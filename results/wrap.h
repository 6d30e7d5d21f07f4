/* SPDX-License-Identifier: BSD-2-Clause */
/* Long lines, for a terminal. */
#ifndef HUPSTORM_RESULTS_WRAP_H
#define HUPSTORM_RESULTS_WRAP_H

#include <stddef.h>
#include <stdio.h>

/*
 * Write the text with no line longer than `width` columns (0: as it is), where there are spaces to break
 * them at. What follows is indented by two more than the line. Where a line is a command of hupstorm, a
 * backslash goes before the break, so that a shell takes it as it is. Sequences of ANSI colours take no room,
 * other characters one column each.
 */
void wrap_write(FILE *out, const char *text, size_t width);

#endif
