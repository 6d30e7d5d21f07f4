/* SPDX-License-Identifier: BSD-2-Clause */
/* What the score is made of: the cells of one fault under one noise, which are rounds of the same. */
#ifndef HUPSTORM_RESULTS_SCORE_GROUPS_H
#define HUPSTORM_RESULTS_SCORE_GROUPS_H

#include "results.h"
#include "survival.h"

struct score_group {
	const struct cell *cell; /* the first */
	const struct outcome *outcome;
	size_t tried, seen;
	size_t of[VERDICT_COUNT]; /* of those that were seen */
	double unseen;		  /* seconds since it was last seen */
	/* Seconds to be seen, with rounds in vain before; infinite: longer than `longest`. */
	double median, worst, longest; /* the second: of 99 % */
	uint64_t cycles;	       /* median */
};

/* Those of the run, which the caller frees: those that were not seen first, then by the time that it took. NULL without
 * memory. */
struct score_group *score_groups(const struct run *run, size_t *count);

/* A control is the same cell without its noise; nothing is expected of it. */
bool score_is_control(const struct cell *cell);

/* Nobody has seen it yet. */
bool score_resists(const struct score_group *group);

enum verdict score_usual_verdict(const struct score_group *group);

/* Of those that do not resist, or are seen all the same. */
struct score_sums {
	size_t seen, survived, untried;
};
struct score_sums score_sum(const struct score_group *groups, size_t count);

/* The times until the faults were seen that hang, or those of all others, in seconds. */
struct score_times {
	struct lifetime *at; /* which the caller frees */
	size_t count, seen, in_vain;
	double longest;
};

/* False without memory. */
bool score_times(const struct run *run, const struct score_group *groups, size_t count,
	bool hanging, struct score_times *times);

/* How the hazard goes with the cycles of a cell: within each fault, over all of them. False: too little was seen to
 * tell. */
bool score_hazard(const struct run *run, const struct score_group *groups, size_t count,
	struct shape *shape);

#endif
