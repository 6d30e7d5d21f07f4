/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The watchdog: from the parent, over shared memory and /proc, it tells a hung cell from
 * a slow one.
 *
 * As long as anything in the cell moves on - a cycle, a signal received, a fixup, a stop,
 * a birth, a step or a safepoint of user code - nothing is held against it. When nothing
 * does, snapshots are taken and the windows between them judged (judge.h):
 *
 *	deadlock	three windows asleep
 *	lost signal	three windows in which a signal is waited for that nobody brings
 *	livelock	five windows busy, in which the cell used 500 ms of CPU time or
 *			made 2000 switches
 *
 * Windows in which a thread was starved or stopped count for nothing but time. Only time
 * without evidence ends a cell as slow, starved or invalid.
 */
#ifndef HUPSTORM_RUNNERS_WATCH_H
#define HUPSTORM_RUNNERS_WATCH_H

#include "results/results.h"
#include "snapshot.h"
#include "stress/storm.h"

struct watch;

struct watch_target {
	pid_t pid;
	const void *memory; /* of the world */
	size_t memory_size;
	const struct storm_progress *progress;
	const struct cell *cell;
	unsigned patience; /* multiplies every threshold; at least 1 */
	uint64_t grace;	   /* ns that a cell has beyond what is its due; 0: 20 s */
};

/* NULL: no memory. */
struct watch *watch_new(const struct watch_target *target);
void watch_free(struct watch *watch);

/*
 * Look at the cell; to be called every WATCH_TICK or so. Returns the verdict that ends
 * the cell, with the reason in `reason` (REASON_SIZE bytes), or VERDICT_MISSING if there
 * is none yet. Takes up to some ms for a cell without progress.
 */
enum { WATCH_TICK_MS = 20 };
enum verdict watch_look(struct watch *watch, char *reason);

/* True if it looks closely: nobody should be held up meanwhile, but by what is looked at. */
bool watch_is_suspicious(const struct watch *watch);

/* The snapshot with which the last window began; NULL: there was none. */
const struct snapshot *watch_snapshot(const struct watch *watch);

#endif
