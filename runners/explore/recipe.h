/* SPDX-License-Identifier: BSD-2-Clause */
/* The string from which a schedule is replayed: what is run (program.h), a colon, the
 * actions (schedule.h), a slash, and how it goes on at the end of them. */
#ifndef HUPSTORM_RUNNERS_EXPLORE_RECIPE_H
#define HUPSTORM_RUNNERS_EXPLORE_RECIPE_H

#include "scheduler.h"

/* Allocated; ends the process if there is no memory. */
char *recipe_print(const struct program *program, const struct schedule *list,
	const struct attempt *failure);

/* Returns 0, or a status after a complaint. The program's memory and the list, which is
 * empty before, are the caller's. */
int recipe_parse(const char *text, struct program *program, struct schedule *list,
	enum tail *tail);

#endif
