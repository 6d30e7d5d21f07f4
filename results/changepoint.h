/* SPDX-License-Identifier: BSD-2-Clause */
/* When a rate has changed. */
#ifndef HUPSTORM_RESULTS_CHANGEPOINT_H
#define HUPSTORM_RESULTS_CHANGEPOINT_H

#include <stddef.h>
#include <stdint.h>

struct night {
	uint64_t failures, trials; /* failures at the most trials */
};

/*
 * The probability that one rate of failure explains all `count` nights; and in since[k]
 * that there is one change, and night k is the first of the new rate (since[0] is 0; they
 * add up to 1 with what is returned). `since` holds `count` numbers.
 *
 * Beta-binomial, exact: before, no change is as probable as one, which is equally
 * probable at each night; rates have a beta prior that weighs as much as half a failure
 * and has the mean of the whole history, so that a trial may be a cell or one of 1e12
 * cycles (an empirical form of Smith, Biometrika 1975). A history without failures, or
 * with fewer than two nights that have trials, says little or nothing. To call it a
 * change at a probability of 95 % was wrong for fewer than one in fifty histories in
 * which nothing changes, of 3 to 100 nights at rates from 1e-7 to 0.95
 * (cases/test-statistics.c has some of these).
 */
double change_point(const struct night *nights, size_t count, double *since);

#endif
