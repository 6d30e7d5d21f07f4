/* SPDX-License-Identifier: BSD-2-Clause */
#include "states.h"

#include <stddef.h>
#include <string.h>

enum { BLOCK = 32 };

void states_init(struct states *s, unsigned locals, bool context)
{
	s->locals = locals;
	s->combined = context;
	s->combinations.fixed = locals * sizeof(uint16_t);
	s->vector_size = (offsetof(struct vector, numbers) +
				 (locals + 2 * context) * sizeof(uint16_t) + 3) /
			 4 * 4;
	s->size = context ? sizeof(struct kept) : s->vector_size;
}

const struct vector *state_vector(
	const struct states *s, uint32_t number, struct vector *room)
{
	const struct kept *kept = state_kept(s, number);
	size_t length;

	if (!s->combined)
		return state_kept(s, number);
	room->shared = kept->words[0];
	memcpy(room->numbers, interned(&s->combinations, kept->words[1], &length),
		s->combinations.fixed);
	memcpy(&room->numbers[s->locals], &kept->words[2], sizeof kept->words[2]);
	return room;
}

const void *state_keep(struct states *s, const struct vector *v, struct kept *room)
{
	bool is_new;

	if (!s->combined)
		return v;
	room->words[0] = v->shared;
	room->words[1] =
		intern(&s->combinations, v->numbers, s->combinations.fixed, &is_new);
	memcpy(&room->words[2], &v->numbers[s->locals], sizeof room->words[2]);
	return room;
}

static void put(struct states *s, uint32_t number, uint64_t hash)
{
	uint32_t place = (number + 1) | tag_of(hash);

	while (s->index[hash & (s->index_size - 1)])
		hash++;
	s->index[hash & (s->index_size - 1)] = place;
}

/* In blocks, to hide the memory's slowness. */
static void grow(struct states *s)
{
	uint64_t hashes[BLOCK];

	table_free(s->index, s->index_size * sizeof *s->index);
	s->index_size = s->index_size ? 2 * s->index_size : 4096;
	s->index = table_allocate(s->index_size * sizeof *s->index);
	for (uint32_t i = 0, n; i < s->count; i += n) {
		n = s->count - i < BLOCK ? s->count - i : BLOCK;
		for (uint32_t j = 0; j < n; j++) {
			hashes[j] = state_hash(s, state_kept(s, i + j));
			state_prefetch(s, hashes[j]);
		}
		for (uint32_t j = 0; j < n; j++)
			put(s, i + j, hashes[j]);
	}
}

uint32_t state_number(struct states *s, const void *kept, uint64_t hash)
{
	uint32_t tag = tag_of(hash);

	if (s->count >= s->index_size / 4 * 3)
		grow(s);
	for (;; hash++) {
		uint32_t *at = &s->index[hash & (s->index_size - 1)];

		if (!*at) {
			memcpy(pool_add(&s->kept, s->size), kept, s->size);
			*at = ++s->count | tag;
			return s->count - 1;
		}
		if ((*at ^ tag) >> NUMBER_BITS == 0 &&
			same_words(state_kept(s, number_in(*at) - 1), kept, s->size))
			return number_in(*at) - 1;
	}
}

size_t states_size(const struct states *s)
{
	return s->kept.used + s->index_size * sizeof *s->index +
	       intern_size(&s->combinations);
}

void states_free(struct states *s)
{
	pool_free(&s->kept);
	intern_free(&s->combinations);
	table_free(s->index, s->index_size * sizeof *s->index);
}
