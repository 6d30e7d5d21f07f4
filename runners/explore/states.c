/* SPDX-License-Identifier: BSD-2-Clause */
#include "states.h"

#include <string.h>

enum { BLOCK = 32 };

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
			hashes[j] = state_hash(s, state_vector(s, i + j));
			state_prefetch(s, hashes[j]);
		}
		for (uint32_t j = 0; j < n; j++)
			put(s, i + j, hashes[j]);
	}
}

uint32_t state_number(struct states *s, const struct vector *v, uint64_t hash)
{
	uint32_t tag = tag_of(hash);

	if (s->count >= s->index_size / 4 * 3)
		grow(s);
	for (;; hash++) {
		uint32_t *at = &s->index[hash & (s->index_size - 1)];

		if (!*at) {
			memcpy(pool_add(&s->vectors, s->size), v, s->size);
			*at = ++s->count | tag;
			return s->count - 1;
		}
		if ((*at ^ tag) >> NUMBER_BITS == 0 &&
			same_words(state_vector(s, number_in(*at) - 1), v, s->size))
			return number_in(*at) - 1;
	}
}

size_t states_size(const struct states *s)
{
	return s->vectors.used + s->index_size * sizeof *s->index;
}

void states_free(struct states *s)
{
	pool_free(&s->vectors);
	table_free(s->index, s->index_size * sizeof *s->index);
}
