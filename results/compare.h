/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * A run against an earlier one, row by row: what has changed, and how sure that is.
 *
 * A row is a case on a subject with its faults, noise and perturbation. Counted are cells
 * that passed or were red; in a test only those of placements in which both runs have
 * some. A red outcome of a cell that was expected to be green needs no test. The others
 * are compared by rates_equal, adjusted over all rows in which anything failed
 * (statistics.h): if nothing differs, any row is called changed in 5 % of comparisons at
 * the most.
 */
#ifndef HUPSTORM_RESULTS_COMPARE_H
#define HUPSTORM_RESULTS_COMPARE_H

#include "results.h"

#include <stdio.h>

struct comparison;

/* Both runs must stay until it is freed. NULL without memory. */
struct comparison *comparison_new(const struct run *before, const struct run *now);

/* A run between the two, in the order in which they were: it helps to tell since when.
 * One of another machine says nothing. It need not stay. -ENOMEM. */
int comparison_add(struct comparison *comparison, const struct run *between);

/* -ENOMEM: nothing is written. */
int comparison_write(const struct comparison *comparison, FILE *out);

void comparison_free(struct comparison *comparison);

#endif
