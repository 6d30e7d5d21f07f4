/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * A run in parts, each by a process of its own and into a store of its own, on machines of one kind. All have the whole
 * plan and the same name for the run, so that merging their stores puts the outcomes together in one. Who is begun again
 * goes on with what is missing of his part.
 */
#ifndef HUPSTORM_RUNNERS_PART_H
#define HUPSTORM_RUNNERS_PART_H

#include "results/store.h"

enum { PARTS_MAX = 4096 };

struct part {
	unsigned number, count; /* 1 to count; 0 of 0: it is the whole */
	const char *of;		/* what all parts call the run */
};

/* "2/8". False: it is no such thing. */
bool part_parse(const char *text, struct part *part);

/* The seconds that a cell may be expected to take, more or less: those known to be red end soon. */
double part_expected_time(const struct cell *cell);

/* Mark the cells that are in other parts: each cell is in one, and all take about as long. A function of the plan. */
void part_leave_out(
	const struct part *part, const struct cell *cells, size_t count, bool *others);

/* Name the run by what its parts call it, its plan and the kind of machine. */
void part_name_run(const struct part *part, struct run *run);

/* If the store has the run already, take its number and outcomes from there. -EIO, -ENOMEM. */
int part_go_on(struct store *store, struct run *run, bool *has_it, char *complaint);

#endif
