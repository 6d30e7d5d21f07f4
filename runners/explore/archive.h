/* SPDX-License-Identifier: BSD-2-Clause */
/* What is explored becomes cells of the store, and what was found their outcomes. */
#ifndef HUPSTORM_RUNNERS_EXPLORE_ARCHIVE_H
#define HUPSTORM_RUNNERS_EXPLORE_ARCHIVE_H

#include "graph.h"
#include "results/store.h"
#include "runners/bundle.h"

/* One run of the store at a time; all zero: none. */
struct archive {
	struct store *store;
	struct bundles bundles; /* of interleavings that fail */
	int64_t run;
};

/*
 * Write down a run that is about to begin. The path "-": nothing is kept, and the other
 * functions do nothing. Each returns 0, or a status after a complaint; may block on the
 * file.
 */
int archive_begin(struct archive *archive, const char *path, const char *command,
	uint64_t seed, const struct cell *cells, size_t count);

/* Commit the outcome of a cell; and keep the interleaving that failed, as a table, beside the store: NULL if none did. */
int archive_add(struct archive *archive, size_t number, const struct outcome *outcome,
	const char *table);

/* The run has come to its end. */
int archive_end(struct archive *archive);

/* Closes the store; what was not committed is lost. */
void archive_close(struct archive *archive);

/* Say of the cell that it is explored, and what, in the words of the options. */
void archive_describe_small(
	struct cell *cell, const struct small_plan *plan, bool coarse);
void archive_describe_storm(struct cell *cell);
void archive_scheduler(struct cell *cell, const char *name);
void archive_number(struct cell *cell, const char *option, uint64_t value);

/* So many schedules, and none failed. */
void archive_schedules(struct outcome *outcome, uint64_t schedules);

/* A schedule that fails. */
void archive_failure(struct outcome *outcome, const struct program *program,
	const struct schedule *list, const struct attempt *failure);

/* A graph, with `failure` in it unless that is NULL; `bound` as in its options. */
void archive_graph(struct outcome *outcome, const struct program *program,
	const struct graph_result *result, const struct graph_failure *failure,
	uint32_t bound);

#endif
