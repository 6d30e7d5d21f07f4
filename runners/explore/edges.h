/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Where each state of a graph leads to. Neighbours lead to neighbours, so each edge is kept as its difference from the
 * same of the state before, in as few bytes as that takes: one or two instead of four.
 */
#ifndef HUPSTORM_RUNNERS_EXPLORE_EDGES_H
#define HUPSTORM_RUNNERS_EXPLORE_EDGES_H

#include "pool.h"

enum {
	EDGES_MAX = 255,  /* of one state */
	EDGES_BLOCK = 16, /* states; each block can be read by itself */
};

/* What the next edge is likely to be: two rows, that of the state and that of the one before, in turn. */
struct edge_guess {
	uint32_t rows[2][EDGES_MAX];
	unsigned counts[2], now;
	uint32_t last;
};

/* Begins as zeroes. */
struct edges {
	struct pool differences, counts; /* bytes; the counts of each state */
	struct pool starts; /* uint64_t, of each block: its first difference */
	struct edge_guess guess;
	/* Those of the last state, which are written when the next begins. */
	uint32_t row[EDGES_MAX];
	unsigned row_count;
	/* The block that was read last, + 1. */
	uint32_t read;
	unsigned row_starts[EDGES_BLOCK];
	uint32_t rows[EDGES_BLOCK * EDGES_MAX];
};

/* The next state, from 0 on, and what it leads to: any number of 32 bits, up to EDGES_MAX of them. */
void edges_begin(struct edges *edges);

static inline void edges_add(struct edges *edges, uint32_t to)
{
	edges->row[edges->row_count++] = to;
}

/* No more are added. */
void edges_end(struct edges *edges);

static inline unsigned edges_count(const struct edges *edges, uint32_t state)
{
	return (uint8_t)edges->counts.memory[state];
}

/* Those of the state, in the order in which they were added: edges_count(state). Valid until others are asked for. */
const uint32_t *edges_of(struct edges *edges, uint32_t state);

/* All that it holds, in bytes. */
size_t edges_size(const struct edges *edges);

void edges_free(struct edges *edges);

#endif
