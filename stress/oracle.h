/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The oracles that watch broadcasts from inside a storm.
 *
 * The function that is broadcast is not idempotent: each run of it counts on its thread
 * and flips an attribute that the kernel keeps for the thread, so a run too many shows as
 * much as one that is missing.
 */
#ifndef HUPSTORM_STRESS_ORACLE_H
#define HUPSTORM_STRESS_ORACLE_H

#include "oracles.h"
#include "stress.h"
#include "subject.h"

enum { ORACLE_LOG = 8 };

/* The last broadcasts that a thread has run, or that there were: each number with its
 * coordinator, at the place number % ORACLE_LOG. */
struct oracle_log {
	os_counter last;
	os_counter entries[ORACLE_LOG];
};

struct oracle {
	os_word epoch;	   /* broadcasts begun; the attribute's value is its lowest bit */
	os_word unsettled; /* threads that have not run the function of this epoch yet */
	struct oracle_log order, logs[THREADS_MAX];
};

/* One coordinator's broadcasts, one after the other. Set `oracle`, the rest is 0. */
struct oracle_request {
	struct oracle *oracle;
	uint64_t made;		     /* so many of them */
	uint32_t epoch, coordinator; /* of the last */
	bool dissents;		     /* one thread's result is an error */
	uint32_t dissenter;	     /* that thread */
};

/* The function to broadcast, with the oracle as its argument. Its result has no part that
 * is undefined: it is 0 or the error, on every machine, so there is nothing to poison. */
int oracle_function(void *oracle, bool first);

/*
 * Broadcast it once, by a thread of a world that holds a slot, and check what comes of
 * it. Every eighth time one thread dissents, of which the subject must tell; and every
 * eighth time another broadcast goes before, whose first call fails, which must run on
 * nobody else. Blocks.
 */
void oracle_broadcast(struct oracle_request *request, const struct subject *subject);

/* What must hold whenever user code runs; `closely` also asks the kernel (two system
 * calls). */
void oracle_user_step(struct oracle *oracle, bool closely);

/* With the world stopped and no broadcast under way: every thread has run every function,
 * or its parent has before its birth, and in the same order. Returns how many threads
 * were looked at. */
uint32_t oracle_check_all(struct oracle *oracle);

/* With the world stopped: what the runtime has told of itself (observe.h) is in order.
 * oracle_function does so before each broadcast; at the end it can be told that the
 * receiver has left nothing undone. */
void oracle_check_signals(void);
void oracle_check_receiver(void);
void oracle_check_progress(void);

/* oracle_order.c: the calling thread has run this broadcast; is it its turn? */
void oracle_log_first(struct oracle *oracle, const struct oracle_request *request);
void oracle_log_run(struct oracle *oracle, const struct oracle_request *request);
void oracle_compare_log(const struct oracle *oracle, uint32_t thread);

#endif
