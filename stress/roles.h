/* SPDX-License-Identifier: BSD-2-Clause */
/* The inside of a storm: its roles and what they share. */
#ifndef HUPSTORM_STRESS_ROLES_H
#define HUPSTORM_STRESS_ROLES_H

#include "align.h"
#include "oracle.h"
#include "random.h"
#include "storm.h"

struct storm;

/* One thread of a role. */
struct role {
	struct storm *storm;
	enum storm_role_kind kind;
	uint32_t number; /* among those of its declaration */
	struct random random;
	struct channel channel;
	struct channel *neighbour;  /* whom a worker wakes */
	struct channel guest, full; /* of a sequence */
	uint32_t next_target;

	/* What it sends, in turn; a ping-pong hears each on a channel of its own, so that
	 * one which comes often leaves room for the others. */
	int signals[STORM_SIGNALS];
	uint32_t signal_count, next_signal;
	struct channel heard[STORM_SIGNALS];

	/* What it sleeps on. */
	struct os_pipe pipe;
	struct os_poller poller;
	os_word word;
};

struct storm {
	const struct subject *subject;
	const struct storm_plan *plan;
	const struct storm_audit *audit;
	struct storm_progress *progress;
	struct oracle oracle;
	struct align align;  /* of the coordinator and the first ping-pong */
	struct role *aligns; /* the latter; NULL: none yet */
	uint64_t counts_as;  /* cycles, of each; 1 but for a fault */
	os_word started;     /* the coordinator runs */
	os_word rest;	     /* senders and parents come to rest */
	os_word senders;     /* that have not come to rest */
	os_word let_go;	     /* everybody else may end too */
	os_word coordinator; /* index; the leader's until it has started */
	os_word ending;	     /* index + 1 of a newborn that is about to end */
	uint32_t role_count;
	struct role *roles;
	uint32_t subscribers[OS_SIGNALS + 1]; /* the roles that subscribe, now and then */
	/* Of each thread: it does not end before all have rested; and its moves when a
	 * signal was last sent to it. */
	os_word lasts[THREADS_MAX], moves_seen[THREADS_MAX];
	void *trace;
	size_t trace_size;
	os_word trace_claimed;
};

/* The n-th signal that storms send, n below STORM_SIGNALS. */
int storm_signal(uint32_t n);

/* True if threads of that name are of a role that sends. */
bool role_sends(const char *name);

/* What there is to a kind of role. */
struct role_kind {
	const char *name;
	void (*run)(void *role);
	uint32_t threads; /* at the same time, with its helpers */
	uint32_t spare;	  /* of these, how many it can do without */
	bool rests;	  /* is told to come to rest, and ends then */
	bool sends;	  /* uses its signals */
	/* Before any thread of a role runs; 0 or a negative errno. May be NULL. */
	int (*open)(struct role *self);
	/* Let one that sleeps go on, to see that it may end. May be NULL. */
	void (*release)(struct role *self);
	/* After all have ended. May be NULL. */
	void (*close)(struct role *self);
};

/* senders.c */
extern const struct role_kind role_ping_pong, role_flood;
void drain(void *role);
void send_signal(struct role *self, int signal);

/* waiters.c */
extern const struct role_kind role_worker, role_far_timer, role_ticker;

/* sleepers.c */
extern const struct role_kind role_reader, role_relay, role_futex, role_epoll,
	role_napper, role_sleeper;

/* births.c */
extern const struct role_kind role_birth, role_birth_burst;

/* stoppers.c */
extern const struct role_kind role_broadcaster, role_stopper, role_tracer;
void trace_cycle(struct storm *storm);

/* churn.c */
extern const struct role_kind role_churn;

/* forks.c */
extern const struct role_kind role_fork;

/* For a role: is it told to rest? It has come to rest. It, and all that sleep, may end. */
bool at_rest(const struct storm *storm);
void role_rests(struct storm *storm);
bool is_let_go(const struct storm *storm);

/* A wait for another thread by one that holds a slot: with one slot, and on one
 * processing unit, that thread must get both. Blocks. */
void let_others_run(void);

/* The threads that one of this kind needs at the most; and those of them that it can do
 * without. */
uint32_t role_threads(enum storm_role_kind kind);
uint32_t role_spare_threads(enum storm_role_kind kind);

/* For roles that are told to come to rest: this one has. */
void sender_rests(struct storm *storm);

/* sequence.c */
extern const struct role_kind role_sequence;

/* Everybody who is there now lasts, but for one. Before roles_start, by the leader. */
void roles_count_on_services(struct storm *storm, uint32_t but_for);

/* Start every role; 0 or the error of the first birth that failed. By the leader. */
int roles_start(struct storm *storm);

/* Bring the senders and parents to rest and wait for it. By the coordinator. Blocks. */
void roles_rest(struct storm *storm);

/* Let everybody else end. Never blocks. */
void roles_let_go(struct storm *storm);

/* After all have ended. */
void roles_end(struct storm *storm);

#endif
