/* SPDX-License-Identifier: BSD-2-Clause */
/* Executing a plan: so many cells at a time, each outcome kept as soon as it is there. */
#ifndef HUPSTORM_RUNNERS_EXECUTE_H
#define HUPSTORM_RUNNERS_EXECUTE_H

#include "bundle.h"
#include "cell.h"
#include "results/store.h"

struct execution {
	struct run *run; /* the plan, and the outcomes as they come */
	struct store *store;
	struct cell_settings settings;
	struct bundles *bundles; /* of the evidence; NULL: none is kept */
	unsigned jobs;
	size_t first; /* the cell to begin with */
	const bool *
		others; /* cells that are not to be run, for each of the run; NULL: all are */
	uint64_t
		deadline; /* ns of CLOCK_MONOTONIC after which cells are skipped; 0: none */
	/* Called when a cell has its outcome, several times a second, and when every cell has
	 * been begun and there is room for another: true if it has planned one. May be NULL. */
	void (*on_outcome)(void *argument, size_t number);
	void (*on_tick)(void *argument);
	bool (*wants_more)(void *argument);
	bool stop; /* set by one of them: end at once, the cells under way have no outcome */
	void *argument;
};

enum { EXECUTION_DONE = 0 };

/*
 * Run every cell. SIGINT, SIGTERM and SIGHUP end it early: the cells under way are killed
 * and have no outcome. The calling process must have one thread, and gets its signal mask
 * back as it was.
 *
 * Returns EXECUTION_DONE, the number of the signal that ended it, or a negative errno
 * with one line in `complaint` (COMPLAINT_SIZE bytes): the store cannot be written, or
 * the system has no more processes or memory to give. What was committed before stays so.
 */
int execute(struct execution *execution, char *complaint);

#endif
