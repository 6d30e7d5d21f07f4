/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The schedulers, as a portfolio behind the machine's one interface: none of them finds
 * everything.
 *
 *	random	uniform over the actions that are possible
 *	sticky	three times in four the thread that ran last goes on
 *	pct	probabilistic concurrency testing (Burckhardt and others, ASPLOS 2010): the
 *		thread of the highest random priority runs, and at d - 1 random steps the
 *		one that runs falls to the lowest. The signals are a pseudo-thread with a
 *		priority of its own; a thread that yields falls too
 *	replay	a given schedule, and then fair random steps
 *
 * Time-outs, and threads that yield, are given less of a chance than the rest. A schedule
 * in which nothing moves is taken over by fair random steps, which are always the same,
 * and cut when these have moved nothing either: a suspected livelock.
 */
#ifndef HUPSTORM_RUNNERS_EXPLORE_SCHEDULER_H
#define HUPSTORM_RUNNERS_EXPLORE_SCHEDULER_H

#include "program.h"
#include "schedule.h"
#include "stress/random.h"

enum scheduler_kind {
	SCHEDULER_RANDOM,
	SCHEDULER_STICKY,
	SCHEDULER_PCT,
	SCHEDULER_KINDS
};

extern const char *const scheduler_names[SCHEDULER_KINDS];

struct attempt {
	enum sim_end end;
	char reason[REASON_SIZE]; /* "" if it is done */
	enum verdict verdict;
	uint64_t steps;
	uint64_t diverged; /* actions of a replay that were not possible */
	size_t moved;	   /* the actions up to the last after which anybody had moved,
			      or the coordinator if it is stuck alone */
	bool alone;	   /* a livelock of the coordinator only */
	bool never;	   /* or of whoever keeps the work from being done */
};

/* A schedule by chance. */
struct chosen {
	enum scheduler_kind kind;
	unsigned depth; /* of PCT */
	uint64_t seed;
	uint64_t steps; /* at the most, but for some hundreds; 0: as many as it takes */
	uint64_t
		until; /* clock_now() at the most, but for some milliseconds; 0: as long as it takes */
};

/* Run it; what it did is left in `schedule`. Whoever runs many of the same small world hands the opening of the first to
 * the others. Both that and the schedule may be NULL. A run that is cut short is VERDICT_MISSING. */
struct opening;
void explore_once(struct program *program, struct opening *opening,
	const struct chosen *chosen, struct schedule *schedule, struct attempt *attempt);

/* How a replay goes on when its list is at the end: not; in fair steps, in which nobody
 * may move any more; or, in which the coordinator may not; or, in which the work may not
 * be done. */
enum tail { TAIL_NONE, TAIL_STILL, TAIL_ALONE, TAIL_NEVER };

/*
 * Run a given schedule; actions that are not possible are left out and counted. A
 * run that is cut because the list or the stillness is at its end is VERDICT_MISSING; one
 * that stays still for long enough is a livelock. What it did is left in `done`, which may be NULL; `watch` is called with each action, and may be
 * NULL.
 */
void replay(struct program *program, const struct schedule *list, enum tail tail,
	struct schedule *done, void (*watch)(void *argument, struct sim_action action),
	void *argument, struct attempt *attempt);

/* From where the machine is, which is resumed: whether the work is not done in a long run
 * of fair steps. */
bool hangs_from_here(struct program *program);

#endif
