/* SPDX-License-Identifier: BSD-2-Clause */
/* Which overlaps of stops and signals a run has really exercised. */
#ifndef HUPSTORM_RESULTS_OVERLAP_H
#define HUPSTORM_RESULTS_OVERLAP_H

#include "results.h"

#include <stdio.h>

/* Over the storms that passed. */
struct overlaps {
	uint64_t signals[OVERLAPS], noise_count;
	double noise_seconds, seconds;
};
struct overlaps overlaps_of(const struct run *run);

/* False: there were no signals. */
bool overlaps_any(const struct overlaps *overlaps);

/* "being stopped": what the world was doing. */
const char *overlap_phase(size_t phase);

/* A table, phase by what befell the signal, over the storms that passed; and how much noise
 * there was. Nothing if there were no signals. */
void overlap_write(FILE *out, const struct run *run);

#endif
