/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Many runs, one after the other: what became of each row on each builder.
 *
 * A row is a case on a subject with its faults, over all placements; cells that test the harness have none.
 * A builder is what a run calls itself, together with its hardware: what was seen on two of them is never
 * pooled.
 */
#ifndef HUPSTORM_RESULTS_HISTORY_H
#define HUPSTORM_RESULTS_HISTORY_H

#include "results.h"

/* A row in one run. */
struct history_cells {
	size_t cells, judged; /* the second: those that passed or were red */
	size_t red;
	size_t unsure;	   /* starved, slow, invalid */
	size_t asked;	   /* of whose outcome something is expected */
	size_t unexpected; /* red and expected to be green, or passed and known to be red */
	size_t forbidden;	     /* the first of these alone */
	uint64_t failures, exposure; /* rate.h; of cells that need not fail */
	bool runs;
};

struct history_row {
	char case_name[NAME_SIZE], subject[NAME_SIZE], faults[FAULTS_SIZE];
};

struct history_night {
	int64_t id, started;
	size_t builder; /* a number: history.builders */
	size_t cells, missing, unsure;
	size_t row_count; /* of those that were known then */
	struct history_cells *rows;
};

struct history {
	size_t count, row_count, builder_count;
	struct history_night *nights; /* in the order in which they were added */
	struct history_row *rows;
	struct machine *builders;
};

/* One more, from the oldest on; it need not stay. -ENOMEM: it is not in. */
int history_add(struct history *history, const struct run *run);
void history_free(struct history *history);

/* The number of the row of that cell; row_count if it has none. */
size_t history_row(const struct history *history, const struct cell *cell);

/* That row in that night; all 0 if it was not in its plan. */
struct history_cells history_at(const struct history *history, size_t night, size_t row);

#endif
