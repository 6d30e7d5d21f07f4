/* SPDX-License-Identifier: BSD-2-Clause */
#include "steps.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { LEAF = UINT8_MAX };

struct node {
	uint8_t part;  /* or LEAF */
	uint32_t step; /* of a leaf: its number */
};

static struct node *node_at(const struct steps *s, uint32_t number)
{
	return (struct node *)(void *)s->nodes.memory + number;
}

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

static uint64_t place_of(const struct steps *s, uint64_t key)
{
	uint64_t at = key * UINT64_C(0x9e3779b97f4a7c15);

	for (at ^= at >> 32; s->keys[at & (s->edge_room - 1)] &&
			     s->keys[at & (s->edge_room - 1)] != key;
		at++)
		;
	return at & (s->edge_room - 1);
}

static void grow(struct steps *s)
{
	uint64_t *keys = s->keys, room = s->edge_room;
	uint32_t *targets = s->targets;

	s->edge_room = room ? 2 * room : 1024;
	s->keys = table_allocate(s->edge_room * sizeof *s->keys);
	s->targets = table_allocate(s->edge_room * sizeof *s->targets);
	for (uint64_t i = 0; i < room; i++) {
		uint64_t at;

		if (!keys[i])
			continue;
		at = place_of(s, keys[i]);
		s->keys[at] = keys[i];
		s->targets[at] = targets[i];
	}
	table_free(keys, room * sizeof *keys);
	table_free(targets, room * sizeof *targets);
}

const struct step *steps_find(
	const struct steps *s, struct step_start start, const struct shared_view *view)
{
	uint64_t key = key_of_start(start);
	const struct node *node;
	uint64_t at;
	uint32_t number;

	if (!s->edge_room)
		return NULL;
	for (;; key = key_of_value(number, view_value(view, node->part))) {
		at = place_of(s, key);
		if (!s->keys[at])
			return NULL;
		number = s->targets[at];
		node = node_at(s, number);
		if (node->part == LEAF)
			return (const struct step *)(const void *)s->steps.memory +
			       node->step;
	}
}

/* Where that edge leads; to a new node of that part if there is no such edge. */
static uint32_t follow(struct steps *s, uint64_t key, uint8_t part)
{
	uint64_t at;

	if (4 * s->edge_count >= 3 * s->edge_room)
		grow(s);
	at = place_of(s, key);
	if (!s->keys[at]) {
		s->keys[at] = key;
		s->targets[at] = (uint32_t)(s->nodes.used / sizeof(struct node));
		s->edge_count++;
		*(struct node *)pool_add(&s->nodes, sizeof(struct node)) =
			(struct node){ .part = part };
	}
	if (node_at(s, s->targets[at])->part != part) {
		fputs("hupstorm: explore: a step has looked at something else than "
		      "before, after the same: a fault of the explorer\n",
			stderr);
		abort();
	}
	return s->targets[at];
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
	uint32_t number;

	for (unsigned i = 0; i < part_count; i++) {
		number = follow(s, key, parts[i]);
		key = key_of_value(number, view_value(view, parts[i]));
	}
	number = follow(s, key, LEAF);
	node_at(s, number)->step = keep_step(s, step, changes);
}

size_t steps_size(const struct steps *s)
{
	return s->nodes.used + s->steps.used + s->changes.used +
	       s->edge_room * (sizeof *s->keys + sizeof *s->targets);
}

void steps_free(struct steps *s)
{
	pool_free(&s->nodes);
	pool_free(&s->steps);
	pool_free(&s->changes);
	table_free(s->keys, s->edge_room * sizeof *s->keys);
	table_free(s->targets, s->edge_room * sizeof *s->targets);
	*s = (struct steps){ 0 };
}
