/* SPDX-License-Identifier: BSD-2-Clause */
/* How long it takes until something is seen, where it was not always waited for. */
#ifndef HUPSTORM_RESULTS_SURVIVAL_H
#define HUPSTORM_RESULTS_SURVIVAL_H

#include <stdbool.h>
#include <stddef.h>

struct lifetime {
	double time; /* > 0; until it was seen, or until nobody looked any more */
	bool seen;
	size_t group; /* those of one group follow each other, and have a scale of their own */
};

/* The earliest time at which the product-limit estimate (Kaplan and Meier, JASA 1958)
 * says that `fraction` of them, 0 to 1, are seen; infinity if it comes never so far. What
 * is seen comes before what is given up at the same time. Sorts them; the group is of no
 * account. */
double survival_quantile(struct lifetime *lifetimes, size_t count, double fraction);

/* From `time` on, until the next: the part that is not seen yet, 95 % between the other two. */
struct survival_step {
	double time, unseen, low, high;
	size_t at_risk; /* so many had neither been seen nor given up before */
};

/*
 * The whole estimate, a step for each time at which something is seen; returns how many. `steps` has room for `count`.
 * Sorts as survival_quantile.
 *
 * The interval is pointwise, by Greenwood's variance of log(-log) (Kalbfleisch and Prentice, The Statistical Analysis of
 * Failure Time Data, 1980): approximate, held by simulation, for drawing. Where the last of them are seen, of which that
 * says nothing, it goes up to where it went before, times the exact binomial bound of none of those at risk.
 */
size_t survival_curve(
	struct lifetime *lifetimes, size_t count, struct survival_step *steps);

struct shape {
	double estimate, low, high; /* 95 % between the two */
};

/*
 * The shape of a Weibull distribution that all groups share, each with its own scale:
 * below 1 the hazard falls with time, above it rises. False: too little was seen to tell.
 * Sorts each group.
 *
 * It is where the likelihood of the shape is greatest after the scales are integrated out
 * (prior 1 / scale), which unlike the usual maximum is not too large where groups are
 * small (Kalbfleisch and Prentice, Statistical Analysis of Failure Time Data, 1980, on
 * marginal likelihoods; Thoman, Bain and Antle, Technometrics 1969, on how much too
 * large). That is exact as long as none was given up (censored). If one was, only the
 * earlier half of each group is looked at, the others being known to take longer, and
 * groups in which less than half was seen are left out: the number that is looked at must
 * not depend on when one gives up, or the shape comes out too small.
 *
 * The bounds are where twice the logarithm has fallen by 3.84: approximate, and held by
 * simulation with up to a fifth given up. Between 0.02 and 50; relative error 1e-6.
 */
bool weibull_shape(struct lifetime *lifetimes, size_t count, struct shape *shape);

#endif
