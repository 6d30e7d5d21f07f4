/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The watchdog of a foreign program: over /proc, and over what the program itself shows of its
 * progress, it tells a hung program from a slow one. The verdicts are those of watch.h.
 *
 * A program whose progress is told by marks (lines, bytes) is looked at closely when none has
 * come for 200 ms, and four times as long as ever before. A storm from outside rests meanwhile,
 * for each of its signals runs a handler. What a program does that waits for just these
 * signals looks the same as a hang: so what was seen is only believed if it is seen again,
 * after another while of storm that has brought no mark.
 *
 *	deadlock	three windows asleep
 *	lost signal	three windows asleep, with a signal that is caught, pending and blocked
 *	livelock	five windows busy, and since the last mark 500 ms of CPU time or 2000
 *			switches, and twenty times as much CPU time as between any two marks;
 *			ten times all that before the first mark
 *
 * Without marks CPU time is progress, so a livelock cannot be told from work; and a program that
 * sleeps is only called deadlocked if no signal, socket or timer could wake it.
 */
#ifndef HUPSTORM_RUNNERS_PROGRAM_WATCH_H
#define HUPSTORM_RUNNERS_PROGRAM_WATCH_H

#include "companion.h"
#include "program_judge.h"
#include "results/results.h"

struct program_watch_target {
	pid_t pid;
	bool by_marks;		      /* or by CPU time */
	struct companion_page *storm; /* NULL: there is none */
	uint64_t time_limit;	      /* ns; 0: none */
	unsigned patience;	      /* multiplies every threshold; at least 1 */
	service_question *is_service;
	void *argument; /* of the question */
};

struct program_watch;

/* NULL: no memory. */
struct program_watch *program_watch_new(const struct program_watch_target *target);
void program_watch_free(struct program_watch *watch);

/*
 * Look at the program, to be called every WATCH_TICK_MS or so, with the number of marks so far
 * (without marks: of bytes written). Returns the verdict that ends it, with the reason in
 * `reason` (REASON_SIZE bytes), or VERDICT_MISSING. Takes up to some ms.
 */
enum verdict program_watch_look(
	struct program_watch *watch, uint64_t marks, char *reason);

/* True if it looks closely: nobody should be held up meanwhile, but by what is looked at. */
bool program_watch_is_suspicious(const struct program_watch *watch);

/* The two snapshots on which the last window was judged; false if there was none. */
bool program_watch_snapshots(const struct program_watch *watch,
	const struct snapshot **before, const struct snapshot **after);

#endif
