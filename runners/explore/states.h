/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The set of states: each is a vector of numbers, and has a number itself, in the order in
 * which they were added.
 */
#ifndef HUPSTORM_RUNNERS_EXPLORE_STATES_H
#define HUPSTORM_RUNNERS_EXPLORE_STATES_H

#include "capture.h"

/* The locals follow, and then the context, if there is a bound: of that, first what
 * preemptions were used, and the thread that ran last. */
struct vector {
	uint32_t shared;
	uint16_t numbers[CAPTURE_THREADS + 2];
};

/*
 * What is kept of a vector. Within a bound that is the shared state, the number of the combination of locals, and the
 * context: at the coarse level there are hundreds of states for each combination. Without a bound there are few, and it
 * is all of the vector.
 */
struct kept {
	uint32_t words[3];
};

/* Size: a multiple of 4. They are short: no call is made for that. */
static inline void vector_copy(struct vector *to, const struct vector *from, size_t size)
{
	for (size_t at = 0; at < size; at += 4)
		memcpy((char *)to + at, (const char *)from + at, 4);
}

/* A place in the index: the state's number + 1, and above it some bits of the hash, so that
 * few states are looked at in vain. */
enum { NUMBER_BITS = 29, STATES_MAX = (1 << NUMBER_BITS) - 2 };

struct states {
	size_t vector_size; /* bytes; a multiple of 4 */
	size_t size;	    /* of what is kept of each; the same */
	unsigned locals;
	bool combined;
	struct intern combinations;
	struct pool kept;
	uint32_t count;
	uint32_t *index;
	uint64_t index_size;
};

/* Begins as zeroes: of so many locals, and with a context or without. */
void states_init(struct states *states, unsigned locals, bool context);

static inline const void *state_kept(const struct states *states, uint32_t number)
{
	return states->kept.memory + number * states->size;
}

static inline uint32_t state_shared(const struct states *states, uint32_t number)
{
	return *(const uint32_t *)state_kept(states, number);
}

/* The state's vector, which may be put into `room`. */
const struct vector *state_vector(
	const struct states *states, uint32_t number, struct vector *room);

/* What is to be kept of a vector, which may be put into `room`. */
const void *state_keep(
	struct states *states, const struct vector *vector, struct kept *room);

static inline uint32_t number_in(uint32_t place)
{
	return place & ((UINT32_C(1) << NUMBER_BITS) - 1);
}

static inline uint32_t tag_of(uint64_t hash)
{
	return (uint32_t)(hash >> 32) & ~((UINT32_C(1) << NUMBER_BITS) - 1);
}

/* Where to look for it: to be prefetched, and handed to state_number. */
static inline uint64_t state_hash(const struct states *states, const void *kept)
{
	return hash_of(kept, states->size);
}

static inline void state_prefetch(const struct states *states, uint64_t hash)
{
	if (states->index_size)
		__builtin_prefetch(&states->index[hash & (states->index_size - 1)]);
}

/* The same for the first state that it may be. */
static inline void state_prefetch_kept(const struct states *states, uint64_t hash)
{
	uint32_t tag = tag_of(hash), place;

	if (!states->index_size)
		return;
	for (; (place = states->index[hash & (states->index_size - 1)]); hash++)
		if ((place ^ tag) >> NUMBER_BITS == 0) {
			__builtin_prefetch(state_kept(states, number_in(place) - 1));
			return;
		}
}

/* The state's number, which it gets if it has none. */
uint32_t state_number(struct states *states, const void *kept, uint64_t hash);

size_t states_size(const struct states *states);
void states_free(struct states *states);

#endif
