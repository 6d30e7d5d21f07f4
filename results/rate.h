/* SPDX-License-Identifier: BSD-2-Clause */
/* How often cells failed: in cycles, or in runs of a foreign program, and what is known by that. */
#ifndef HUPSTORM_RESULTS_RATE_H
#define HUPSTORM_RESULTS_RATE_H

#include "results.h"

#include <stdio.h>

struct rate {
	uint64_t failures;
	/* Cycles; where programs were executed, runs. 0: neither, what was explored has no
	 * rate. */
	uint64_t exposure;
	bool runs;
};

/* One more cell, if it passed or was red: the others say nothing of the subject. The cycle in which
 * a cell fails counts. */
void rate_add(struct rate *rate, const struct cell *cell, const struct outcome *outcome);

/* Bounds of 95 %, per cycle or run, exact (statistics.h): without a failure one-sided, from 0
 * on; otherwise on both sides. 0 and 1 at the widest. */
struct bounds {
	double low, high;
};
struct bounds rate_bounds(const struct rate *rate);

/* "0 / 3600 cycles, < 8.4e-04" or "2 / 3600 cycles, 6.7e-05 to 2.1e-03": rounded outwards. */
void rate_write(FILE *out, const struct rate *rate);

#endif
