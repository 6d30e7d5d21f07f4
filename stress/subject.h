/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * A subject: an all-threads mechanism under test, behind one table of functions.
 *
 * Storms, cells and small worlds reach the mechanism through this table and nothing else,
 * and everything else that they need (threads, channels, signals, traces) through
 * stress.h. To add one: write stress/NAME.c, which ends in
 *
 *	const struct subject subject_NAME = { .name = "NAME", ... };
 *
 * and add the line subject(NAME) to the list in subject.c (and the file to local.mk). It
 * is then in `hupstorm list subjects`, in each case and placement of `hupstorm run`, and
 * can be explored. Its known bugs are faults (fault.h) whose field `subject` has its name.
 *
 * Each function keeps the promises that stress.h states for the function of the same
 * purpose, which is named beside it; what a mechanism does not want to do in its own way
 * it takes from there. They are called on threads of the process that are the world's
 * (start: that will be), never in a signal handler. None need be async-signal-safe, but
 * what a mechanism does in handlers must be, and must wait for nobody.
 */
#ifndef HUPSTORM_STRESS_SUBJECT_H
#define HUPSTORM_STRESS_SUBJECT_H

#include "stress.h"

struct subject {
	const char *name;    /* at most 23 characters, with no '=', ';' or ',' */
	const char *summary; /* one line */

	/*
	 * Start a world (world_start), and what the mechanism needs in it: handlers, say,
	 * of a signal that nobody can subscribe to.
	 * The caller is the only thread of the process, is on no world, and is the leader
	 * of this one when it returns. config->faults are those of this subject, and of
	 * any, that are on. 0, or a negative errno, and then nothing is left of it. May
	 * block for a moment.
	 */
	int (*start)(const struct world_config *config);

	/*
	 * Start a user thread (thread_spawn). The caller holds a slot. A newborn runs no
	 * user code before it has what a broadcast that is under way, or was, has done
	 * to all. Its index, or a negative errno; does not block.
	 */
	int (*spawn)(const char *name, void (*entry)(void *), void *argument,
		bool by_template);

	/*
	 * Run function(argument, true) on the caller and, if that returns 0,
	 * function(argument, false) once on every other thread of the world, with all
	 * signals blocked and no user code in between (broadcast). The function is
	 * async-signal-safe, finite, and calls nothing of this table. The caller holds a
	 * slot; others may call it, or stop_world, at the same time, and are served in
	 * turn.
	 *
	 * 0; the result of the first call if it is not 0, and nobody else has run it;
	 * -EPROTO: some result was not 0, and *dissenter (may be NULL) is the index of
	 * such a thread; -EDEADLK: the caller has stopped the world. When it returns,
	 * whatever it returns, the caller's signal mask is as before, births are possible,
	 * and what the function did on each thread is visible to all. Blocks until it is
	 * over: never for ever, whatever signals arrive meanwhile and whatever the others
	 * do, as long as each of them is at large, comes to a safepoint, sleeps, or is in
	 * a system call. It may interrupt sleeps and system calls of others, and nobody
	 * may notice.
	 */
	int (*broadcast)(int (*function)(void *argument, bool first), void *argument,
		uint32_t *dissenter);

	/*
	 * Stop and start the world (world_stop, world_restart). When stop_world has
	 * returned 0 no other thread runs user code, until the same thread calls
	 * start_world. -EDEADLK: the caller has stopped it already. stop_world blocks
	 * until it is its turn, and every other thread has come to a safepoint;
	 * start_world does not block.
	 */
	int (*stop_world)(void);
	void (*start_world)(void);

	/*
	 * End the world (world_end). By the leader, when every other user thread has
	 * ended and nobody is subscribed to a signal. Afterwards dispositions and the
	 * caller's mask are what they were before `start`. Blocks until the service
	 * threads have ended.
	 */
	void (*end)(void);
};

/* The subjects in order, the default first; NULL past the last one. Any context. */
const struct subject *subject_at(size_t index);

/* NULL: there is none of that name. Any context. */
const struct subject *subject_named(const char *name);

#endif
