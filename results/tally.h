/* SPDX-License-Identifier: BSD-2-Clause */
/* What several cells came to together. */
#ifndef HUPSTORM_RESULTS_TALLY_H
#define HUPSTORM_RESULTS_TALLY_H

#include "results.h"

struct tally {
	size_t cells, of[VERDICT_COUNT], of_standing[STANDING_COUNT];
};

/* A row of the matrix: the cells of one case, one subject and one set of faults. */
bool same_row(const struct cell *a, const struct cell *b);
bool is_first_of_row(const struct run *run, size_t i);

/* The cells of that row at that placement; of the whole row if it is NULL. */
struct tally tally_row(
	const struct run *run, const struct cell *row, const char *placement);

/* All cells of the run. */
struct tally tally_run(const struct run *run);

size_t red_cells(const struct tally *tally);

#endif
