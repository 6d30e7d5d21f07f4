/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * An interleaving as a table: a row for each action, a column for each thread that does
 * any, in the words of the source. What a handler does is behind a bar.
 */
#ifndef HUPSTORM_RUNNERS_EXPLORE_TABLE_H
#define HUPSTORM_RUNNERS_EXPLORE_TABLE_H

#include "scheduler.h"

#include <stdio.h>

/* Replay the list and print its last actions. */
void table_print(FILE *out, struct program *program, const struct schedule *list);

/* Print the verdict, and the line that replays it. */
void table_print_end(FILE *out, struct program *program, const struct schedule *list,
	const struct attempt *failure);

#endif
