/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What steps do, kept by what they read.
 *
 * A step reads some parts of what is shared, one after the other; which one is next depends on nothing but the
 * thread's local, the action, and what it has read so far. So the steps of a local are a tree: at each node a part is
 * looked at, its value leads on, and at the end is what becomes of the parts and of the local. Where another shared
 * state has the same values in these parts the step need not be made: it would do the same.
 *
 * What is written counts as read, for a part may be written in part. Which parts a step looked at is known where the
 * build is traced (stress/sim/touch.h); otherwise nothing is kept here.
 */
#ifndef HUPSTORM_RUNNERS_EXPLORE_STEPS_H
#define HUPSTORM_RUNNERS_EXPLORE_STEPS_H

#include "capture.h"

/* Zeroes are a step after which nothing is different. */
struct step {
	uint32_t leads_to; /* 0, or what a move may lead to instead of a shared state */
	uint16_t to_local; /* or the number of the failure */
	uint16_t change_count;
	uint32_t changes; /* the first of them */
	uint16_t made, made_local;
	bool makes_thread;
};

/* From a node, by the value of the part that it looks at. */
struct step_edge {
	uint64_t key;	 /* the node and the value; 0: there is none */
	uint32_t target; /* a node; or of a leaf the step */
	uint8_t part;	 /* that the node looks at; or that it is a leaf */
};

struct steps {
	struct pool steps, changes;
	struct step_edge *edges; /* an open addressed table */
	uint64_t edge_count, edge_room;
	uint32_t node_count;
};

/* What the step begins with, beside what is shared. */
struct step_start {
	struct sim_action action;
	uint16_t local;
};

/* NULL: it is not known. The result is valid until another is added. */
const struct step *steps_find(const struct steps *steps, struct step_start start,
	const struct shared_view *view);

/* The parts that it looked at, in that order, each once. Ends the process where such a step has looked at others before
 * after it had found the same. */
void steps_add(struct steps *steps, struct step_start start,
	const struct shared_view *view, const uint8_t *parts, unsigned part_count,
	const struct step *step, const struct part_change *changes);

static inline const struct part_change *step_changes(
	const struct steps *steps, const struct step *step)
{
	return (const struct part_change *)(const void *)steps->changes.memory +
	       step->changes;
}

/* All that it holds, in bytes. */
size_t steps_size(const struct steps *steps);

void steps_free(struct steps *steps);

#endif
