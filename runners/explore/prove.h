/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * A list of small worlds, and what is to be found in each.
 *
 * A list is text. Each line is a world, or begins with `#`, or is empty:
 *
 *	EXPECTED BOUND FAULTS [NAME=NUMBER]...
 *
 * EXPECTED is a verdict (`pass`, `livelock`, ...); BOUND `all`, or the preemptions that are
 * allowed, or `chance` where even none are too many states: PROVE_SCHEDULES schedules by
 * chance, which prove nothing; FAULTS `none` or names with commas; then the numbers of the plan (small.h), and
 * slots, level=coarse or fine, and subject, where they are not as usual: 2 slots, coarse,
 * the subject that is to be proved, one broadcaster, one signal number, and nothing else.
 */
#ifndef HUPSTORM_RUNNERS_EXPLORE_PROVE_H
#define HUPSTORM_RUNNERS_EXPLORE_PROVE_H

#include "graph.h"

enum { PROVE_SCHEDULES = 20000 };

struct proof {
	enum verdict expected;
	bool by_chance;
	uint32_t bound; /* NO_BOUND: all */
	struct cell cell;
	struct small_plan plan;
	bool coarse;
	char text[256]; /* the world's part of the line */
	uint64_t steps; /* to the failure that was found */
	uint64_t bytes; /* of memory that its states took */
	struct outcome outcome;
};

struct prove_options {
	const char *file;
	const char *subject;
	/* For all worlds without; those with are left out. NULL: no. */
	const char *faults;
	const char *record; /* a folder for the interleavings that are found; or NULL */
	const char *store;  /* "-": none */
	char command[512];
	unsigned jobs;
	uint64_t budget; /* ns, for all of them */
	uint64_t states; /* of each at the most */
};

/* Explore them all, as many at a time as there are jobs, and print and keep each. Returns
 * a status: 0 all as expected, 1 some not, 2 some not finished or a bad list. */
int prove(const struct prove_options *options);

#endif
