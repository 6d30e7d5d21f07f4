/* SPDX-License-Identifier: BSD-2-Clause */
#include "steps.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { LEAF = UINT8_MAX };

/* The first node of a start has an edge from no node. */
static uint64_t key_of_start(struct step_start start)
{
	return UINT64_C(1) << 63 | (uint64_t)start.action.thread << 32 |
	       (uint64_t)start.action.kind << 24 | (uint64_t)start.action.signal << 16 |
	       start.local;
}

static uint64_t key_of_value(uint32_t node, uint16_t value)
{
	return ((uint64_t)node << 16 | value) + 1;
}

/* The edge of that key, or the place where it belongs. */
static struct step_edge *place_of(const struct steps *s, uint64_t key)
{
	uint64_t at = key * UINT64_C(0x9e3779b97f4a7c15);
	struct step_edge *edge;

	at ^= at >> 32;
	do {
		edge = &s->edges[at++ & (s->edge_room - 1)];
	} while (edge->key && edge->key != key);
	return edge;
}

static void grow(struct steps *s)
{
	struct step_edge *edges = s->edges;
	uint64_t room = s->edge_room;

	s->edge_room = room ? 2 * room : 1024;
	s->edges = table_allocate(s->edge_room * sizeof *s->edges);
	for (uint64_t i = 0; i < room; i++)
		if (edges[i].key)
			*place_of(s, edges[i].key) = edges[i];
	table_free(edges, room * sizeof *edges);
}

const struct step *steps_find(
	const struct steps *s, struct step_start start, const struct shared_view *view)
{
	uint64_t key = key_of_start(start);
	const struct step_edge *edge;

	if (!s->edge_room)
		return NULL;
	for (;; key = key_of_value(edge->target, view_value(view, edge->part))) {
		edge = place_of(s, key);
		if (!edge->key)
			return NULL;
		if (edge->part == LEAF)
			return (const struct step *)(const void *)s->steps.memory +
			       edge->target;
	}
}

/* That edge; one to a new node of that part if there is none. */
static struct step_edge *follow(struct steps *s, uint64_t key, uint8_t part)
{
	struct step_edge *edge;

	if (4 * s->edge_count >= 3 * s->edge_room)
		grow(s);
	edge = place_of(s, key);
	if (!edge->key) {
		*edge = (struct step_edge){ key, s->node_count++, part };
		s->edge_count++;
	}
	if (edge->part != part) {
		fputs("hupstorm: explore: a step has looked at something else than "
		      "before, after the same: a fault of the explorer\n",
			stderr);
		abort();
	}
	return edge;
}

static uint32_t keep_step(
	struct steps *s, const struct step *step, const struct part_change *changes)
{
	uint32_t number = (uint32_t)(s->steps.used / sizeof *step);
	struct step *kept = pool_add(&s->steps, sizeof *kept);
	size_t size = step->change_count * sizeof *changes;

	*kept = *step;
	kept->changes = (uint32_t)(s->changes.used / sizeof *changes);
	if (size)
		memcpy(pool_add(&s->changes, size), changes, size);
	return number;
}

void steps_add(struct steps *s, struct step_start start, const struct shared_view *view,
	const uint8_t *parts, unsigned part_count, const struct step *step,
	const struct part_change *changes)
{
	uint64_t key = key_of_start(start);

	for (unsigned i = 0; i < part_count; i++)
		key = key_of_value(
			follow(s, key, parts[i])->target, view_value(view, parts[i]));
	follow(s, key, LEAF)->target = keep_step(s, step, changes);
}

size_t steps_size(const struct steps *s)
{
	return s->steps.used + s->changes.used + s->edge_room * sizeof *s->edges;
}

void steps_free(struct steps *s)
{
	pool_free(&s->steps);
	pool_free(&s->changes);
	table_free(s->edges, s->edge_room * sizeof *s->edges);
	*s = (struct steps){ 0 };
}
