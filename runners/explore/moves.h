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

/* Where a step may lead instead of to a shared state: no such state has these numbers. */
enum { LEADS_TO_DONE = SHARED_MAX, LEADS_TO_FAILURE };

/* There are as many as states, or more: 12 bytes. Its choice is the number in the list of its shared state. */
struct move {
	uint32_t next : 28; /* number + 1 of the next move in its chain */
	uint32_t makes_thread : 1;
	uint32_t choice_high : 3;
	uint32_t choice_low : 5;
	uint32_t to_shared : 27;
	uint16_t local;	   /* before */
	uint16_t to_local; /* after; or the number of the failure */
};
enum { MOVES_MAX = (1 << 28) - 1 };
_Static_assert(LEADS_TO_FAILURE < 1 << 27, "a move has 27 bits for the shared state");
_Static_assert(SIM_CHOICES_MAX <= 256, "a move has 8 bits for the choice");

/* Of a move that makes a thread, which few do: whom, and its local. */
struct birth {
	uint32_t move; /* number */
	uint16_t thread, local;
};

struct choice {
	uint8_t signal;
	uint8_t kind : 2, thread : 6;
};
_Static_assert(SIM_THREADS_MAX <= 64, "a choice has 6 bits for the thread");

/* Of a shared state. */
struct listing {
	uint32_t choices; /* the number of their list: few are different */
	uint32_t
		head; /* the first of the heads of its chains; or the head of its only one */
};

/* Of a shared state whose invariant does not hold: the number of that failure. */
struct broken {
	uint32_t shared;
	uint16_t failure;
};

struct choice_list {
	const struct choice *choices;
	uint32_t count;
};

struct moves {
	struct capture *capture;
	/* Tells a failure apart: its number, for `to_local`. `verdict` is that of the
	 * machine's end, or an oracle's. */
	uint16_t (*on_failure)(void *argument, bool ended, const char *reason);
	void *argument;
	struct sim_result *end;
	/* One chain of moves for each shared state, where few of its choices are ever made: within a bound; otherwise one
	 * for each choice. A head is a number + 1; 0: none yet. */
	bool one_chain;
	struct intern choices; /* each list once */
	struct pool listings, heads, moves, births;
	struct pool broken; /* in the order of their numbers */
	struct steps steps;
	unsigned varied; /* the capture's, when the steps were begun */
	uint64_t executed, followed;
};

/* The capture's last new shared state is on the machine: list its choices, and look whether its invariant holds. */
void moves_settle(struct moves *moves, uint32_t shared);

/* The same, where it is in the capture's tables alone. */
void moves_settle_changed(struct moves *moves, uint32_t shared);

static inline struct listing *moves_listing(const struct moves *moves, uint32_t shared)
{
	return (struct listing *)(void *)moves->listings.memory + shared;
}

static inline struct choice_list moves_choices(const struct moves *moves, uint32_t shared)
{
	size_t length;
	const void *choices =
		interned(&moves->choices, moves_listing(moves, shared)->choices, &length);

	return (struct choice_list){ choices,
		(uint32_t)(length / sizeof(struct choice)) };
}

static inline struct sim_action choice_action(const struct choice *choice)
{
	return (struct sim_action){
		.thread = choice->thread, .kind = choice->kind, .signal = choice->signal
	};
}

static inline uint32_t *moves_head(
	const struct moves *moves, uint32_t shared, uint32_t choice)
{
	struct listing *listing = moves_listing(moves, shared);

	return moves->one_chain
		       ? &listing->head
		       : (uint32_t *)(void *)moves->heads.memory + listing->head + choice;
}

static inline const struct move *moves_first(const struct moves *moves)
{
	return (const struct move *)(const void *)moves->moves.memory;
}

/* First the listing of a shared state, then its heads, then their moves: each needs the one before. */
static inline void moves_prefetch_listing(const struct moves *moves, uint32_t shared)
{
	__builtin_prefetch(moves_listing(moves, shared));
}

static inline void moves_prefetch_heads(const struct moves *moves, uint32_t shared)
{
	__builtin_prefetch(moves_head(moves, shared, 0));
}

static inline void moves_prefetch(
	const struct moves *moves, uint32_t shared, uint32_t choice)
{
	uint32_t head = *moves_head(moves, shared, choice);

	if (head)
		__builtin_prefetch(moves_first(moves) + head - 1);
}

static inline bool move_is(const struct move *move, uint32_t choice, uint16_t local)
{
	return move->local == local && move->choice_low == (choice & 31) &&
	       move->choice_high == choice >> 5;
}

/* One that is not known yet. */
const struct move *moves_add(
	struct moves *moves, uint32_t shared, uint32_t choice, uint16_t local);

/* What that choice of the shared state does to the local. */
static inline const struct move *moves_make(
	struct moves *moves, uint32_t shared, uint32_t choice, uint16_t local)
{
	const struct move *all = moves_first(moves);

	for (uint32_t number = *moves_head(moves, shared, choice); number;
		number = all[number - 1].next)
		if (move_is(&all[number - 1], choice, local))
			return &all[number - 1];
	return moves_add(moves, shared, choice, local);
}

static inline uint32_t moves_count(const struct moves *moves)
{
	return (uint32_t)(moves->moves.used / sizeof(struct move));
}

const struct birth *move_birth(const struct moves *moves, const struct move *move);

size_t moves_size(const struct moves *moves);
void moves_free(struct moves *moves);

#endif
