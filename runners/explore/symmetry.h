/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Idle threads are interchangeable: of the states that differ in nothing but which of them is where, one is looked at
 * (symmetry reduction: Ip and Dill, 1996).
 *
 * What an idle thread has of its own is its record, what the kernel knows of it, and its stack. To exchange two is to
 * exchange these, with every address in them moved along, and what never changes (names, numbers, links of the list)
 * left where it is. What can happen then is the same but for whom it happens to, if nobody tells one from the other:
 *
 * - It holds no slot and no lock, waits, and is in no queue that anybody takes from: its record says so.
 * - Who walks along the list of threads comes to one before the other. A broadcast is posted in that order, so whatever
 *   of it is to come does tell them apart: only those are exchanged to whom the last broadcast of all was posted, and
 *   whose records nobody has at hand (an address on his stack). Who waits for them, or looks at their results, which are
 *   0, does nothing about one that he would not do about another.
 *
 * A thread is exchanged for another only into values that the other is known to have had: should a number of its own be
 * where no address is (in a register, say), there is no such value, and it stays. Of some exchanges it is seen to that
 * the same can happen afterwards; otherwise the process ends.
 */
#ifndef HUPSTORM_RUNNERS_EXPLORE_SYMMETRY_H
#define HUPSTORM_RUNNERS_EXPLORE_SYMMETRY_H

#include "states.h"

enum { IDLE_MAX = 4 };

/* The idle thread that is at each place now. */
struct arrangement {
	uint8_t at[IDLE_MAX];
};

extern const struct arrangement symmetry_none;

/* What of a thread is numbered. */
enum { OWN_RECORD, OWN_KERNEL, OWN_LOCAL, OWN_COUNT };

/* What a number of one thread is as a number of another. */
struct translated {
	uint16_t number;
	uint16_t tried; /* 0: not yet; or how many numbers the other had then, + 1 */
};

struct idle_thread {
	unsigned thread; /* in the machine */
	char *record;
	unsigned parts[2];    /* of its record, and in the kernel */
	const char *first[2]; /* what was in these in the beginning */
	struct pool to_first[OWN_COUNT], from_first[OWN_COUNT]; /* translated */
};

struct symmetry {
	struct capture *capture;
	unsigned count; /* of idle threads; 0: nothing is exchanged */
	struct idle_thread idle[IDLE_MAX];
	struct pool known
		[CAPTURE_THREADS]; /* uint8_t, of each local: whose records it knows, + 1 */
	uint64_t broadcasts;	   /* of all coordinators */
	uint64_t exchanged;
};

/* On a machine that has just been opened and captured, of the cooperative mechanism without faults. */
void symmetry_init(struct symmetry *symmetry, struct capture *capture);
void symmetry_free(struct symmetry *symmetry);

/* NOT_YET, and EXCHANGED_SOME: of some it is not known yet that another can be the same. */
enum arranged { IN_ORDER, NOT_YET, EXCHANGED, EXCHANGED_SOME };

/* The same state with its idle threads in order, and where each was before. *is_new: nobody has seen its shared state
 * before. `known_too`: also those whom somebody has at hand, to see whether two states are the same. */
enum arranged symmetry_arrange(struct symmetry *symmetry, struct vector *vector,
	bool known_too, struct arrangement *arrangement, bool *is_new);

/* The action on whoever is at the place of the action's thread. */
struct sim_action symmetry_action(const struct symmetry *symmetry,
	struct sim_action action, const struct arrangement *arrangement);

size_t symmetry_size(const struct symmetry *symmetry);

#endif
