/* SPDX-License-Identifier: BSD-2-Clause */
#include "states.h"

#include <stdlib.h>
#include <string.h>

static void grow(struct states *s)
{
	s->index_size = s->index_size ? 2 * s->index_size : 4096;
	free(s->index);
	s->index = reallocate(NULL, s->index_size * sizeof *s->index);
	memset(s->index, 0, s->index_size * sizeof *s->index);
	for (uint32_t i = 0; i < s->count; i++) {
		uint64_t slot = state_hash(s, state_vector(s, i));

		while (s->index[slot & (s->index_size - 1)])
			slot++;
		s->index[slot & (s->index_size - 1)] = i + 1;
	}
}

uint32_t state_number(struct states *s, const struct vector *v, uint64_t hash)
{
	if (s->count >= s->index_size / 4 * 3)
		grow(s);
	for (;; hash++) {
		uint32_t *at = &s->index[hash & (s->index_size - 1)];

		if (!*at) {
			memcpy(pool_add(&s->vectors, s->size), v, s->size);
			*at = ++s->count;
			return s->count - 1;
		}
		if (!memcmp(state_vector(s, *at - 1), v, s->size))
			return *at - 1;
	}
}

size_t states_size(const struct states *s)
{
	return s->vectors.used + s->index_size * sizeof *s->index;
}

void states_free(struct states *s)
{
	pool_free(&s->vectors);
	free(s->index);
}
