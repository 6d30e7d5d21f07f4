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

/* Placements of one family are one column: the name without what is behind the colon. */
size_t family_length(const char *placement);
bool same_family(const char *placement, const char *other);

/* The cells of that row at placements of that one's family; of the whole row if it is NULL. */
struct tally tally_row(
	const struct run *run, const struct cell *row, const char *placement);

/* All cells of the run. */
struct tally tally_run(const struct run *run);

size_t red_cells(const struct tally *tally);

#endif
