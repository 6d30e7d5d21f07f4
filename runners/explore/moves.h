/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What each step of each thread does, done on the machine once and looked up after.
 *
 * A step reads and writes what is shared and what is its thread's own, so that what it
 * does is a function of the two. Of each shared state the choices are listed when it is
 * first seen, and of each choice what it does to each local it was made with; and what it does where nothing of what
 * it reads is different need not be made on the machine again (steps.h).
 */
#ifndef HUPSTORM_RUNNERS_EXPLORE_MOVES_H
#define HUPSTORM_RUNNERS_EXPLORE_MOVES_H

#include "steps.h"

#include "stress/sim/machine.h"

/* Where a step may lead instead of to a shared state. */
enum { LEADS_TO_DONE = UINT32_MAX, LEADS_TO_FAILURE = UINT32_MAX - 1 };

struct move {
	uint32_t next : 31; /* number + 1 of the choice's next move */
	uint32_t makes_thread : 1;
	uint32_t to_shared;
	uint16_t local;	   /* before */
	uint16_t to_local; /* after; or the number of the failure */
};

/* Of a move that makes a thread, which few do: whom, and its local. */
struct birth {
	uint32_t move; /* number */
	uint16_t thread, local;
};

/* There are as many as states: six bytes. */
struct choice {
	uint32_t first; /* number + 1 of a move; 0: none yet */
	uint8_t signal;
	uint8_t kind : 2, thread : 6;
} __attribute__((packed, aligned(2)));
_Static_assert(SIM_THREADS_MAX <= 64, "a choice has 6 bits for the thread");

/* Of a shared state whose invariant does not hold: the number of that failure. */
struct broken {
	uint32_t shared;
	uint16_t failure;
};

/* Of a shared state. */
struct choice_list {
	uint32_t from, count;
};

struct moves {
	struct capture *capture;
	/* Tells a failure apart: its number, for `to_local`. `verdict` is that of the
	 * machine's end, or an oracle's. */
	uint16_t (*on_failure)(void *argument, bool ended, const char *reason);
	void *argument;
	struct sim_result *end;
	struct pool choices, lists, moves, births;
	struct pool broken; /* in the order of their numbers */
	struct steps steps;
	unsigned varied; /* the capture's, when the steps were begun */
	uint64_t executed, followed;
};

/* The capture's last new shared state is on the machine: list its choices, and look whether its invariant holds. */
void moves_settle(struct moves *moves, uint32_t shared);

/* The same, where it is in the capture's tables alone. */
void moves_settle_changed(struct moves *moves, uint32_t shared);

static inline struct choice_list moves_choices(const struct moves *moves, uint32_t shared)
{
	const uint32_t *from = (const uint32_t *)(const void *)moves->lists.memory;
	uint32_t end = (uint32_t)(moves->choices.used / sizeof(struct choice));

	if ((shared + 1) * sizeof *from < moves->lists.used)
		end = from[shared + 1];
	return (struct choice_list){ from[shared], end - from[shared] };
}

static inline struct choice *moves_choice(const struct moves *moves, uint32_t choice)
{
	return (struct choice *)(void *)moves->choices.memory + choice;
}

static inline struct sim_action choice_action(const struct choice *choice)
{
	return (struct sim_action){
		.thread = choice->thread, .kind = choice->kind, .signal = choice->signal
	};
}

static inline void moves_prefetch(const struct moves *moves, uint32_t choice)
{
	uint32_t first = moves_choice(moves, choice)->first;

	if (first)
		__builtin_prefetch(
			(const struct move *)(const void *)moves->moves.memory + first -
			1);
}

/* One that is not known yet. */
const struct move *moves_add(
	struct moves *moves, uint32_t shared, uint32_t choice, uint16_t local);

/* What the choice, which is one of that shared state, does to the local. */
static inline const struct move *moves_make(
	struct moves *moves, uint32_t shared, uint32_t choice, uint16_t local)
{
	const struct move *all = (const struct move *)(const void *)moves->moves.memory;

	for (uint32_t number = moves_choice(moves, choice)->first; number;
		number = all[number - 1].next)
		if (all[number - 1].local == local)
			return &all[number - 1];
	return moves_add(moves, shared, choice, local);
}

const struct birth *move_birth(const struct moves *moves, const struct move *move);

size_t moves_size(const struct moves *moves);
void moves_free(struct moves *moves);

#endif
