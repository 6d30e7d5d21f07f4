/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Nights. Each takes another turn of the plan, and if it has not the time for all of it a part, so that all of it has
 * been run after so many nights; and how long a builder takes for its cells is measured by what it took before.
 */
#ifndef HUPSTORM_RUNNERS_ROTA_H
#define HUPSTORM_RUNNERS_ROTA_H

#include "options.h"
#include "results/results.h"

/* Percent of the time that cells are expected to take besides that for which they storm. */
enum { PACE_USUAL = 100, PACE_MAX = 100000 };

/* The shortest storm that is worth its process, in seconds at the usual pace. */
#define ROTA_STORM_LEAST 0.2

/* Seconds that a cell takes at the usual pace: besides its storm, which for one that is known to be red is nothing; and
 * with the shortest storm that is worth it. */
double rota_overhead(const struct cell *cell);
double rota_least(const struct cell *cell);

/* In how many nights cells are run that take `least` seconds in all, with so many for each: a power of two, so that it
 * stays when the pace is measured a little differently; 1 to PARTS_MAX. */
unsigned rota_nights(double least, double budget);

/* What cells took besides their storms, and would have at the usual pace, in seconds. */
struct rota_times {
	double took, expected;
	size_t cells;
};

/* Add those of a run that ended as they should. */
void rota_measure(struct rota_times *times, const struct run *run);

/* The pace at which they went, in percent; 0: they are too few to tell. */
unsigned rota_pace(const struct rota_times *times);

/*
 * What night number `options->night` (from 0) is to do with these cells, the plan of any night: the seed, unless it is
 * given, and the slice. In rota_nights nights from any on all cells of one seed are run, and then those of the next.
 */
void rota_take_turn(struct run_options *options, const struct cell *cells, size_t count);

#endif
