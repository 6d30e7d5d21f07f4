/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The store: one SQLite file that keeps every run.
 *
 * The plan of a run is written before its first cell, so that a missing cell is seen;
 * each outcome is committed as soon as it is there, so that nothing that was finished is
 * lost, however the run ends. Any number of processes may write and read at the same time: writers
 * wait for each other, a transaction at a time and no longer than a minute.
 *
 * A store is for one thread at a time. Functions return 0 or a negative errno, and then `complaint` (of COMPLAINT_SIZE bytes)
 * holds one line that names the file and says what is wrong and what was expected.
 */
#ifndef HUPSTORM_RESULTS_STORE_H
#define HUPSTORM_RESULTS_STORE_H

#include "results.h"

enum { COMPLAINT_SIZE = 512 };

enum store_mode { STORE_READ, STORE_WRITE };

struct store;

/*
 * STORE_WRITE creates the file if there is none. -EBUSY: it is of an older version, and another process
 * writes to it; or one of an older version does. -ENOENT: STORE_READ, and no such file. -EMEDIUMTYPE: a
 * file of something else, or of a newer hupstorm. -EIO, -EACCES: cannot be opened, read
 * or written. The path "" is refused.
 */
int store_open(
	struct store **store, const char *path, enum store_mode mode, char *complaint);

/* NULL is fine. */
void store_close(struct store *store);

/* Write down a run that is about to begin; sets info->id, and info->uid if it has none. -EIO, -ENOSPC. */
int store_begin(struct store *store, struct run_info *info, const struct cell *cells,
	size_t count, char *complaint);

/* Write down more cells of a run, numbered from `first`. -EIO, -ENOSPC: none of them. */
int store_extend(struct store *store, int64_t run, size_t first, const struct cell *cells,
	size_t count, char *complaint);

/* Commit the outcome of cell `number` of the run. -EIO, -ENOSPC: this outcome is not in
 * the store, all earlier ones are. */
int store_add(struct store *store, int64_t run, size_t number,
	const struct outcome *outcome, char *complaint);

/* Keep the drawing of a machine (hwloc's XML) under the hash of its shape, once. -EIO, -ENOSPC. */
int store_keep_topology(
	struct store *store, const char *hash, const char *xml, char *complaint);

/* That drawing, which the caller frees; NULL if there is none. -EIO, -ENOMEM. */
int store_topology(struct store *store, const char *hash, char **xml, char *complaint);

/* The run came to its end at this time. */
int store_finish(struct store *store, int64_t run, int64_t finished, char *complaint);

/* The numbers of all runs, oldest first; the caller frees them. */
int store_runs(struct store *store, int64_t **ids, size_t *count, char *complaint);

/* The number of the run of that name (run_info.uid) here; 0: there is none. -EIO. */
int store_find(struct store *store, const char *uid, int64_t *id, char *complaint);

/* What is known of a run without its cells. As store_load. */
int store_info(struct store *store, int64_t id, struct run_info *info, char *complaint);

/* Read a run, or with id 0 the last one; the caller frees it (run_free). -ENOENT: there
 * is none. */
int store_load(struct store *store, int64_t id, struct run **run, char *complaint);

/*
 * The same with cells that differ in their seed alone, and ended alike, folded into the first of them
 * (outcome.more): a run of a million cells is then a few hundred. Numbers are sums; reasons are alike as in
 * alike.h. What the evidence and the schedule of the others were is not told.
 */
int store_load_folded(struct store *store, int64_t id, struct run **run, char *complaint);

#endif
