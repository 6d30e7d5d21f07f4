/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * A bandit over several axes: it picks a value on each, learns what came of it, and comes to
 * pick those more often that have found most for the time that they took.
 *
 * Each value of each axis has a Gamma distribution of failures per second, which begins
 * wide; to pick is to draw from each and to take the value that drew most on each axis
 * (Thompson sampling, 1933, as for Poisson arms). The axes are taken to be independent,
 * which they are not quite; what they have in common is learnt by both. Pure but for its own
 * memory.
 */
#ifndef HUPSTORM_RUNNERS_BANDIT_H
#define HUPSTORM_RUNNERS_BANDIT_H

#include "stress/random.h"

#include <stdbool.h>
#include <stddef.h>

enum { BANDIT_AXES = 8, BANDIT_VALUES = 48 };

struct bandit {
	size_t axes;
	struct bandit_axis {
		size_t values;
		double found[BANDIT_VALUES];   /* failures */
		double seconds[BANDIT_VALUES]; /* of CPU time */
	} at[BANDIT_AXES];
	struct random random;
};

/* One value of each axis, by index. */
struct bandit_choice {
	size_t at[BANDIT_AXES];
};

/* Add an axis of so many values, 1 to BANDIT_VALUES. A zeroed bandit has none. */
void bandit_add_axis(struct bandit *bandit, size_t values);

/* Pick a value on each axis. */
struct bandit_choice bandit_pick(struct bandit *bandit);

/* That choice took so many seconds, and failed or did not. */
void bandit_learn(struct bandit *bandit, const struct bandit_choice *choice, bool failed,
	double seconds);

/* Failures per second that this value has found so far. */
double bandit_rate(const struct bandit *bandit, size_t axis, size_t value);

#endif
