/* SPDX-License-Identifier: BSD-2-Clause */
#include "edges.h"

#include <string.h>

/* A difference is 7 bits to a byte, the lowest first; the sign is the lowest bit of all. */
enum { BITS = 7, MORE = 1 << BITS, BYTES_MAX = 5 };

/* The edge of that number, after a row of so many and the last edge before it. */
static inline uint32_t expected(
	const uint32_t *row, unsigned count, unsigned i, uint32_t last)
{
	return i < count ? row[i] : last;
}

static void learn(struct edge_guess *g, unsigned i, uint32_t to)
{
	g->rows[g->now][i] = g->last = to;
}

static void next_row(struct edge_guess *g, unsigned count)
{
	g->counts[g->now] = count;
	g->now = !g->now;
}

static void begin_block(struct edge_guess *g)
{
	g->counts[0] = g->counts[1] = 0;
	g->last = 0;
}

static uint8_t *write_edge(uint8_t *at, uint32_t difference)
{
	uint32_t left = difference << 1 ^ -(difference >> 31);

	for (; left >= MORE; left >>= BITS)
		*at++ = (uint8_t)(left | MORE);
	*at++ = (uint8_t)left;
	return at;
}

void edges_end(struct edges *e)
{
	uint8_t bytes[BYTES_MAX * EDGES_MAX], *at = bytes;
	struct edge_guess *g = &e->guess;

	for (unsigned i = 0; i < e->row_count; i++) {
		at = write_edge(at, e->row[i] - expected(g->rows[!g->now],
							g->counts[!g->now], i, g->last));
		learn(g, i, e->row[i]);
	}
	if (e->counts.used)
		e->counts.memory[e->counts.used - 1] = (char)e->row_count;
	if (at > bytes)
		memcpy(pool_add(&e->differences, (size_t)(at - bytes)), bytes,
			(size_t)(at - bytes));
	next_row(g, e->row_count);
	e->row_count = 0;
	e->read = 0;
}

void edges_begin(struct edges *e)
{
	edges_end(e);
	if (e->counts.used % EDGES_BLOCK == 0) {
		*(uint64_t *)pool_add(&e->starts, sizeof(uint64_t)) = e->differences.used;
		begin_block(&e->guess);
	}
	pool_add(&e->counts, 1);
}

/* Most have one byte or two, and nobody can foresee which. The byte after the last of all is in the pool's reserve. */
static inline uint32_t read_difference(const uint8_t **at)
{
	const uint8_t *bytes = *at;
	uint32_t more = bytes[0] >> BITS;
	uint32_t bits = (bytes[0] & (MORE - 1)) | (bytes[1] & (MORE - 1) & -more) << BITS;

	*at += 1 + more;
	if (more & bytes[1] >> BITS)
		for (unsigned shift = 2 * BITS; (*at)[-1] & MORE; shift += BITS)
			bits |= (uint32_t)(*(*at)++ & (MORE - 1)) << shift;
	return bits >> 1 ^ -(bits & 1);
}

/* The rows lie one after the other, so each is what is expected of the next. */
static void read_block(struct edges *e, uint32_t block)
{
	const uint64_t *starts = (const uint64_t *)(const void *)e->starts.memory;
	const uint8_t *at = (const uint8_t *)e->differences.memory + starts[block];
	uint32_t first = block * EDGES_BLOCK, end = (uint32_t)e->counts.used;
	const uint32_t *before = e->rows;
	uint32_t *row = e->rows, last = 0;
	unsigned count, before_count = 0;

	end = end < first + EDGES_BLOCK ? end : first + EDGES_BLOCK;
	for (uint32_t state = first; state < end; state++) {
		count = edges_count(e, state);
		e->row_starts[state - first] = (unsigned)(row - e->rows);
		for (unsigned i = 0; i < count; i++)
			row[i] = last = expected(before, before_count, i, last) +
					read_difference(&at);
		before = row;
		before_count = count;
		row += count;
	}
	e->read = block + 1;
}

const uint32_t *edges_of(struct edges *e, uint32_t state)
{
	if (e->read != state / EDGES_BLOCK + 1)
		read_block(e, state / EDGES_BLOCK);
	return e->rows + e->row_starts[state % EDGES_BLOCK];
}

size_t edges_size(const struct edges *e)
{
	return e->differences.used + e->counts.used + e->starts.used;
}

void edges_free(struct edges *e)
{
	pool_free(&e->differences);
	pool_free(&e->counts);
	pool_free(&e->starts);
}
