/* SPDX-License-Identifier: BSD-2-Clause */
/* The plan of a run: cases x subjects x placements x axes, as cells. */
#ifndef HUPSTORM_RUNNERS_PLAN_H
#define HUPSTORM_RUNNERS_PLAN_H

#include "options.h"
#include "place.h"
#include "results/results.h"

struct plan {
	size_t count;
	struct cell *cells;
};

/*
 * Lay out the cells. A subject without faults is run on every combination of the axes
 * (slots, coordinator, target) in every placement; one with faults on one combination in
 * each placement, another one for each repetition, the first of them picked by the seed;
 * so is a sparse case that was not named.
 * Of the placements by role a row without faults is run in those that give every relation
 * of two roles, and in one more; any other in one, the next one with each seed.
 * The same options on the same topology give the same plan. -ENOMEM; the caller frees
 * plan->cells.
 */
int plan_make(const struct run_options *options, const struct placements *placements,
	struct plan *plan);

/* With so many seeds, one after the other, every combination of the axes comes in every placement of every row that has
 * it, and every class by role in every row. */
unsigned plan_seeds(
	const struct run_options *options, const struct placements *placements);

#endif
