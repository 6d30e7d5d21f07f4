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
	uint32_t number; /* among those of its kind */
	struct random random;
	struct channel channel;
	struct channel guest, full; /* of a sequence */
	struct channel *neighbour;  /* whom a worker wakes */
	struct os_pipe pipe;
	uint32_t next_target;
};

struct storm {
	const struct subject *subject;
	const struct storm_plan *plan;
	const struct storm_audit *audit;
	struct storm_progress *progress;
	struct oracle oracle;
	struct align align; /* of the coordinator and the first sender */
	uint64_t counts_as; /* cycles, of each; 1 but for a fault */
	os_word rest;	    /* senders and parents come to rest */
	os_word senders;    /* that have not come to rest */
	os_word let_go;	    /* everybody else may end too */
	uint32_t role_count;
	struct role *roles;
	/* Of each thread: it does not end before all have rested; and its moves when a
	 * signal was last sent to it. */
	os_word lasts[THREADS_MAX], moves_seen[THREADS_MAX];
	void *trace;
	size_t trace_size;
};

/* The threads that one of this kind needs at the most. */
uint32_t role_threads(enum storm_role_kind kind);

/* For roles that are told to come to rest: this one has. */
void sender_rests(struct storm *storm);

/* role_sequence.c */
int sequence_set_up(struct role *role);
void sequence(void *role);

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
