/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Small worlds: a few threads with little to do each, so that all that can happen may be
 * enumerated.
 *
 * Active threads begin at a gate, when everybody else has come to rest. The world is done
 * when each of them has done its work; nobody ends but newborns.
 */
#ifndef HUPSTORM_RUNNERS_EXPLORE_SMALL_H
#define HUPSTORM_RUNNERS_EXPLORE_SMALL_H

#include "stress/stress.h"
#include "stress/subject.h"

struct small_plan {
	uint32_t threads;      /* parked, with nothing to do: 0 to 4 */
	uint32_t broadcasters; /* 1 or 2, if there are broadcasts or stops */
	uint32_t broadcasts;   /* of each broadcaster */
	uint32_t stops;	  /* and starts of the world, of each, after each broadcast */
	uint32_t signals; /* sent by one thread, each when the last has come */
	uint32_t numbers; /* 1 or 2 signal numbers, in turn */
	uint32_t sysmon;  /* from here on 0 or 1, where nothing else is said */
	uint32_t template_thread; /* the newborn is made by it */
	uint32_t poller;	  /* a timer that is far away; 2: both pollers are late */
	uint32_t syscall;	  /* 1: somebody is blocked in read(2); 2: enters it */
	uint32_t newborn;	  /* threads that one gives birth to, in turn: 0 to 2 */
	uint32_t dissent;	  /* the function's result on the leader differs */
};

/* The numbers of a plan, by name: those of its fields, "template" for short. */
struct small_field {
	const char *name;
	size_t offset;
	uint32_t least, most;
};

enum { SMALL_FIELDS = 12 };
extern const struct small_field small_fields[SMALL_FIELDS];

static inline uint32_t *small_number(struct small_plan *plan, size_t field)
{
	return (uint32_t *)((char *)plan + small_fields[field].offset);
}

struct small_world {
	struct small_plan plan;
	const struct subject *subject;
	os_word working; /* active threads that have not done their work */
	/* Ghosts: they are no part of what is explored, and see all of it. */
	uint32_t epoch, unsettled, sent, received;
	struct os_pipe pipe;
	struct channel never, arrivals, ended;
};

/* The threads that it needs at the most. */
uint32_t small_threads(const struct small_plan *plan);

/* Run it, on thread 0 of a simulated machine; does not return if all goes well. */
void small_run(const struct small_plan *plan, const struct subject *subject,
	const struct world_config *config);

/* Make what is not in use of the world's channels and waits, and the numbers of waits that
 * no timer may end, the same in all states. */
void small_normalise(void);

/* The name of a word that is no field of the runtime's own. */
const char *small_word_name(const void *word);

/* What must hold between any two steps: NULL, or what does not. */
const char *small_invariant(void);

#endif
