/* SPDX-License-Identifier: BSD-2-Clause */
/* What a count of failures says about a rate. Pure functions. */
#ifndef HUPSTORM_RESULTS_STATISTICS_H
#define HUPSTORM_RESULTS_STATISTICS_H

#include <stdint.h>

/*
 * The rates of failure per cycle above this are excluded with 95 % confidence by `cycles`
 * (> 0) cycles without a failure: the rule of three, 3 / cycles (Hanley and Lippman-Hand,
 * JAMA 1983). At least 1 and at most the whole: never above 1.
 */
double excluded_rate(uint64_t cycles);

#endif
