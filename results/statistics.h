/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What a count of failures says about a rate. Pure functions.
 *
 * All bounds are one-sided: the true rate is above `upper` (below `lower`) with a
 * probability of 1 - confidence at the most. For an interval of 95 % take both at 0.975.
 * They are exact, that is never too narrow, and so too wide where counts are small.
 * Relative error below 1e-9 (special.h) for counts up to 1e12. The confidence is above 0
 * and below 1.
 */
#ifndef HUPSTORM_RESULTS_STATISTICS_H
#define HUPSTORM_RESULTS_STATISTICS_H

#include <stddef.h>
#include <stdint.h>

/*
 * Failures per unit of exposure, for failures that come as a Poisson process (Garwood,
 * Biometrika 1936). Exposure 0: nothing is known, 0 and infinity. Without a failure the
 * upper bound is -log(1 - confidence) / exposure, at 95 % the rule of three. Where the
 * exposure ends with the failure, as that of a cell does, they are not too narrow either:
 * the lower one is that of inverse sampling, the upper one is beyond it.
 */
double poisson_upper(uint64_t failures, double exposure, double confidence);
double poisson_lower(uint64_t failures, double exposure, double confidence);

/* The probability that a trial fails, after `failures` of `trials`, at most these
 * (Clopper and Pearson, Biometrika 1934). Without trials 0 and 1. */
double binomial_upper(uint64_t failures, uint64_t trials, double confidence);
double binomial_lower(uint64_t failures, uint64_t trials, double confidence);

/*
 * Where a proportion may be, at about 95 % (Wilson, JASA 1927): closed, never empty, and for drawing alone: it
 * covers the truth in less than 95 % of cases for some of them, which the bounds above never do. trials > 0;
 * failures at most these.
 */
struct wilson {
	double low, high;
};
struct wilson wilson(uint64_t failures, uint64_t trials);

/*
 * The probability that two equal rates give counts that differ as much as these, or more:
 * the conditional test of two Poisson rates (Przyborowski and Wilenski, Biometrika 1940),
 * for any exposures >= 0. Given the sum, the first count is binomial. Two-sided: twice
 * the smaller tail, which counts what was observed, and 1 at the most; it then agrees
 * with the bounds (Fay, R Journal 2010). 1 if there is no failure, or one exposure is 0.
 */
double rates_equal(
	uint64_t failures, double exposure, uint64_t others, double other_exposure);

/*
 * Adjust the probabilities of `count` tests, in place: to call a difference what comes
 * out at q or below makes q of those calls wrong at the most, on average, and if nothing
 * differs any call with probability q (Benjamini and Hochberg, JRSS B 1995). They are
 * independent here: each row has cells of its own. -ENOMEM: they are as they were.
 */
int adjust_false_discoveries(double *probabilities, size_t count);

/*
 * Is a failure still there, of which none was seen in `clean` more of exposure, after
 * `failures` (> 0) in `exposure` (> 0)? Even odds before; if it is there, its rate is
 * what the failures say (gamma, with the prior 1 / rate), so that to see none has
 * probability (exposure / (exposure + clean))^failures, which is the one tail of the test
 * above too.
 */
double still_there(uint64_t failures, double exposure, double clean);

/* How much clean exposure in all it takes until that is 1 - confidence. */
double clean_enough(uint64_t failures, double exposure, double confidence);

#endif
