/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Every state that a small world can come to, breadth first.
 *
 * A state is a vector of numbers: what is shared, and each thread's own (capture.h). What
 * a step does is looked up if the same thread has made the same step with the same shared
 * state before, and done on the machine if not.
 *
 * With a bound, only schedules with so many preemptions are followed: a switch away from
 * a thread that could go on and does not yield, be it to another thread, to a handler, or
 * to a time-out. Where it cannot go on, anybody else may, and a signal may land on anybody,
 * at no cost (iterative context bounding, Musuvathi and Qadeer, PLDI 2007).
 *
 * A failure is a fatal check, an oracle, a broken invariant, a state in which nobody can
 * do anything, or a doomed state: one from which no state in which the work is done can be
 * reached. With a bound a state may only seem to be doomed, so a long run of fair steps
 * from there decides. The path that is found is a shortest one (within a bound, not to a
 * doomed state), and each is replayed from the start before it counts.
 */
#ifndef HUPSTORM_RUNNERS_EXPLORE_GRAPH_H
#define HUPSTORM_RUNNERS_EXPLORE_GRAPH_H

#include "scheduler.h"

enum { GRAPH_FAILURES_MAX = 32, NO_BOUND = UINT32_MAX };

struct graph_options {
	uint32_t bound;	     /* preemptions, or NO_BOUND */
	uint64_t states;     /* at most */
	uint64_t budget;     /* ns */
	bool every_kind;     /* do not stop at the first failure */
	enum verdict wanted; /* but at the first of these; missing: at none */
};

struct graph_failure {
	struct schedule path;
	enum verdict verdict;
	char reason[REASON_SIZE];
	struct attempt again; /* its replay */
};

struct graph_result {
	bool complete; /* there is no state that was not looked at */
	uint64_t states, transitions, executed; /* executed: not looked up */
	uint64_t done, doomed;
	uint64_t bytes; /* of memory, for all that is known of the states */
	double seconds;
	unsigned failure_count;
	struct graph_failure failures[GRAPH_FAILURES_MAX]; /* one of each kind */
};

/* Returns 0; -ENOTSUP: this architecture has no stacks to look into; -EINVAL: it fails
 * before it begins, as failures[0] says; -EIO: failures[0] did not fail again. */
int graph_explore(struct program *program, const struct graph_options *options,
	struct graph_result *result);

void graph_result_free(struct graph_result *result);

#endif
