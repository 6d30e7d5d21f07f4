/* SPDX-License-Identifier: BSD-2-Clause */
/* A cell of a run that is in the store, named as the reports do: RUN/CELL, or CELL of the last run. */
#ifndef HUPSTORM_RUNNERS_STORED_CELL_H
#define HUPSTORM_RUNNERS_STORED_CELL_H

#include "results/store.h"

struct stored_cell {
	struct run *run;
	size_t number; /* from 0, in the run */
};

/* Load it. 0, or STATUS_ENVIRONMENT after a complaint. The caller frees the run (run_free). */
int stored_cell_load(const char *store, const char *name, struct stored_cell *cell);

static inline const struct cell *stored_cell(const struct stored_cell *c)
{
	return &c->run->cells[c->number];
}

static inline const struct outcome *stored_outcome(const struct stored_cell *c)
{
	return &c->run->outcomes[c->number];
}

#endif
