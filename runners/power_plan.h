/* SPDX-License-Identifier: BSD-2-Clause */
/* The cells by which the harness is measured: each known fault in the cell of its recipe. */
#ifndef HUPSTORM_RUNNERS_POWER_PLAN_H
#define HUPSTORM_RUNNERS_POWER_PLAN_H

#include "plan.h"
#include "stress/fault.h"

/* Set up the cell of a fault: its recipe, or where there is none a storm that shows most
 * faults, for one that is hunted for then. */
void power_cell(enum fault fault, uint64_t seed, struct cell *cell);

/* Make of that cell the one in which the fault shows by what is done at system calls. False: none is
 * known, and the cell stays as it is. */
bool power_perturb(enum fault fault, struct cell *cell);

/* The fault that the text names alone; false if it names none, or several. */
bool power_fault(const char *name, enum fault *fault);

/* True if it changes anything: equivalent faults are not counted. */
bool power_counts(enum fault fault);

/*
 * Append a cell for each fault that counts and is among `options->faults` and of
 * `options->subjects` (none given: all), for rounds `from` to `to` - 1, and each other round
 * a control for those with noise. With `quick` those that are seen soon, without controls.
 * 0 or -ENOMEM; cells already there stay.
 */
int power_plan(const struct run_options *options, unsigned from, unsigned to, bool quick,
	struct plan *plan);

#endif
