/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * A storm: roles that run against a subject in one world, with the oracles that must
 * hold.
 *
 * One thread, the coordinator, runs cycles (a trace cycle, a broadcast, or both); the
 * other roles send signals, park, block, are born and die meanwhile. Each oracle that
 * breaks ends the process (die.h).
 */
#ifndef HUPSTORM_STRESS_STORM_H
#define HUPSTORM_STRESS_STORM_H

#include "subject.h"

/* What the coordinator does in a cycle; both bits: one after the other. */
enum storm_cycle { CYCLE_TRACE = 1, CYCLE_BROADCAST = 2 };

enum storm_role_kind {
	ROLE_NONE,
	ROLE_PING_PONG,	      /* sends SIGHUP, waits until it has come, and again */
	ROLE_PING_PONG_TIMED, /* the same, looking up every 10 ms while it waits */
	ROLE_FLOOD, /* sends SIGHUP as fast as it can; a second thread receives what comes
		     */
	ROLE_WORKER,	/* parks and wakes its neighbour, now and then with a timer */
	ROLE_READER,	/* blocked in read(2) */
	ROLE_BIRTH,	/* gives birth to threads that end soon, every other one by the
			   template thread */
	ROLE_FAR_TIMER, /* keeps a timer armed that is 30 s away */
	ROLE_SEQUENCE, /* sends several signals at once and waits for all; a channel comes
			   and goes, another is always full */
	ROLE_KIND_COUNT
};

struct storm_role {
	enum storm_role_kind kind;
	uint32_t count;
};

enum { STORM_ROLES_MAX = 8 };

/* To whom the senders send: to the process, so that the kernel picks the thread, or to
 * each thread in turn. */
enum storm_target { TARGET_PROCESS, TARGET_ROTATE, TARGET_COUNT };

/* "process", "rotate", ...; and whom that is. */
const char *storm_target_name(enum storm_target target);
const char *storm_target_summary(enum storm_target target);
/* TARGET_COUNT if there is none of that name. */
enum storm_target storm_target_named(const char *name);

struct storm_plan {
	struct storm_role roles[STORM_ROLES_MAX]; /* up to the first of kind ROLE_NONE */
	uint32_t cycle;				  /* storm_cycle bits */
	uint64_t cycles;			  /* how many, at least 1 */
	uint64_t time_limit; /* ns after which no new cycle begins; 0: none */
	bool coordinator_on_leader;
	enum storm_target target;
	bool aligned; /* the first sender's signals meet the coordinator's stops (align.h) */
	uint64_t seed;
};

/* How far a storm is, for an observer in another process. */
enum storm_state { STORM_BEGINS, STORM_RUNS, STORM_AUDIT, STORM_ENDS, STORM_DONE };

struct storm_progress {
	os_word state;
	os_word coordinator; /* its tid, from STORM_RUNS on */
	os_counter cycles;   /* done */
	os_counter sent;     /* signals */
	os_counter received; /* by ping-pong */
	os_counter traces, trace_events;
	os_counter checked; /* threads that the oracles inside have seen at the audit */
};

struct storm_audit {
	/* Called by the coordinator at the end, with the world stopped, every sender at
	 * rest and every other thread alive, so that an observer can look at the process.
	 * May be NULL. */
	void (*look)(void *argument);
	void *argument;
};

/* The bytes beyond world_size that a storm needs in the world's memory, for worlds of
 * `threads_max` threads. */
size_t storm_size(uint32_t threads_max);

/* The user and service threads that the plan makes at the same time, at the most. */
uint32_t storm_threads(const struct storm_plan *plan);

/*
 * Run a storm to its end; the calling thread becomes the leader of its world, and must be
 * the only thread of the process. SIGHUP should be ignored: what is still on its way when
 * nobody is subscribed any more takes that disposition. Returns 0, or the error of
 * subject->start or of the first birth. Blocks for as long as it takes.
 */
int storm_run(const struct subject *subject, const struct world_config *config,
	const struct storm_plan *plan, struct storm_progress *progress,
	const struct storm_audit *audit);

#endif
