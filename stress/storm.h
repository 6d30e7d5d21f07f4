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
	ROLE_WORKER,	  /* parks and wakes its neighbour, now and then with a timer */
	ROLE_READER,	  /* blocked in read(2) */
	ROLE_BIRTH,	  /* gives birth to threads that end soon, every other one by the
			   template thread */
	ROLE_FAR_TIMER,	  /* keeps a timer armed that is 30 s away */
	ROLE_SEQUENCE,	  /* sends several signals at once and waits for all; a channel
			     comes and goes, another is always full */
	ROLE_BIRTH_BURST, /* gives birth to several threads at once, each of which has a
			     child of its own; goes on where the world has no room */
	ROLE_RELAY,	  /* an even number: each two wake each other over pipes */
	ROLE_FUTEX,	  /* blocked in futex(2) */
	ROLE_EPOLL,	  /* blocked in epoll_wait(2), on a set of its own */
	ROLE_NAPPER,	  /* in nanosleep(2) for some 10 us, again and again */
	ROLE_SLEEPER,	  /* in clock_nanosleep(2) for 20 ms, again and again */
	ROLE_TICKER,	  /* waits for near timers, none of which may come early */
	ROLE_BROADCASTER, /* broadcasts, beside the coordinator */
	ROLE_STOPPER,	  /* stops the world and starts it at once */
	ROLE_TRACER,	  /* starts and stops traces */
	ROLE_CHURN,	  /* subscribes, sends, receives, unsubscribes, and again */
	ROLE_FORK,	  /* forks children, every other of which executes a program */
	ROLE_KIND_COUNT
};

/* What a role sends and subscribes to; a sender takes them in turn. */
enum storm_signal {
	SEND_HANGUP = 1,
	SEND_USER1 = 2,
	SEND_USER2 = 4,
	SEND_ALL = SEND_HANGUP | SEND_USER1 | SEND_USER2
};

struct storm_role {
	enum storm_role_kind kind;
	uint32_t count;
	uint32_t signals; /* storm_signal bits, for those who send; 0: SIGHUP */
};

enum { STORM_ROLES_MAX = 12, STORM_SIGNALS = 3 };

/* To whom the senders send: to the process, so that the kernel picks the thread, or to
 * one thread of those that are meant. Where there is none of these, to the process. */
enum storm_target {
	TARGET_PROCESS,
	TARGET_ROTATE,
	TARGET_LEADER,
	TARGET_COORDINATOR,
	TARGET_PARKED,
	TARGET_TEMPLATE,
	TARGET_POLLER,
	TARGET_SYSMON,
	TARGET_RECEIVER,
	TARGET_SYSCALL,
	TARGET_NEWBORN,
	TARGET_ENDING,
	TARGET_COUNT
};

/* What a thread is to the storm, whatever kind of role it has. */
enum storm_party {
	PARTY_COORDINATOR, /* runs the cycles; the leader where that is the coordinator */
	PARTY_SENDER,	   /* sends signals */
	PARTY_RECEIVER, /* takes them: the runtime's thread that delivers, and drains */
	PARTY_WORKERS,	/* everybody else, the runtime's other threads too */
	PARTY_COUNT
};

/* "coordinator", "sender", "receiver", "workers" */
const char *storm_party_name(enum storm_party party);

/* What its process begins with, beside what is usual. */
enum storm_start { START_HANGUP_BLOCKED = 1, START_NUDGE_BLOCKED = 2 };

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
	uint32_t starts_with; /* storm_start bits */
	bool cold; /* the template thread and the pollers are not there before somebody
		      needs them */
};

/* How far a storm is, for an observer in another process. */
enum storm_state { STORM_BEGINS, STORM_RUNS, STORM_AUDIT, STORM_ENDS, STORM_DONE };

struct storm_progress {
	os_word state;
	os_word coordinator; /* its tid, from STORM_RUNS on */
	os_counter cycles;   /* done */
	os_counter sent;     /* signals */
	os_counter received; /* by ping-pong and churn */
	os_counter traces, trace_events;
	os_counter checked; /* threads that the oracles inside have seen at the audit */
	os_counter interrupted; /* system calls that came back with EINTR */
	os_counter refused;	/* births for which the world had no room */
	os_counter children;	/* processes */
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

/* Those without which it cannot do: with fewer it does not start, with fewer than
 * storm_threads births are refused. */
uint32_t storm_threads_least(const struct storm_plan *plan);

/* The signals that are blocked on every thread of the storm from beginning to end. */
struct os_signal_set storm_blocked(const struct storm_plan *plan);

/* Make the calling process what the plan wants to begin in: what storms send is ignored,
 * so that what is still on its way when nobody is subscribed any more is discarded; the
 * calling thread, the only one, blocks what the plan starts with. */
void storm_prepare(const struct storm_plan *plan);

/* What the thread of that name (world_config.on_thread_start) is to a storm of this plan.
 * Async-signal-safe. */
enum storm_party storm_party_of(const struct storm_plan *plan, const char *name);

/*
 * Run a storm to its end; the calling thread becomes the leader of its world, and must be
 * the only thread of the process; storm_prepare goes before. Returns 0, or the error of
 * subject->start or of the first birth. Blocks for as long as it takes.
 */
int storm_run(const struct subject *subject, const struct world_config *config,
	const struct storm_plan *plan, struct storm_progress *progress,
	const struct storm_audit *audit);

#endif
