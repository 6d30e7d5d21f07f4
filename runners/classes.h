/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Placements by role, as canonical classes.
 *
 * The threads of a storm are coordinator, sender, receiver or workers (stress/storm.h). A
 * class says for each level of the machine which of the four are together: a partition of
 * them, written as a restricted growth string (the group of each in that order, numbered
 * as they come up: 0012 is coordinator and sender together, receiver and workers each
 * elsewhere), where each level divides what the coarser ones have left together. So
 * machines that differ in the number of their cores alone have the same classes, and every
 * way to place four roles is of exactly one (as jcstress places its actors).
 *
 * A class is named after the levels that divide: "by-role:l3=0011,pu=0123" has two pairs
 * under an L3 each, all four in a core of that pair alone, and no two on one PU. A level
 * that is not named leaves together what the one before it does. All on one PU, the
 * over-commitment, is "by-role:pu=0000".
 */
#ifndef HUPSTORM_RUNNERS_CLASSES_H
#define HUPSTORM_RUNNERS_CLASSES_H

#include "levels.h"
#include "results/results.h"
#include "stress/storm.h"

/* Two of the roles, and how many levels they share: one bit for each. */
enum {
	ROLE_PAIRS = PARTY_COUNT * (PARTY_COUNT - 1) / 2,
	RELATIONS = ROLE_PAIRS * (LEVELS_MAX + 1)
};

struct role_class {
	char name[PLACEMENT_SIZE];
	unsigned char groups[LEVELS_MAX][PARTY_COUNT]; /* restricted growth strings */
	size_t pus[PARTY_COUNT]; /* where each goes, as an index of levels->pus */
	uint64_t relations;	 /* that it gives */
};

struct role_classes {
	size_t count;
	/* The first so many give every relation that any gives, each at least one that those
	 * before it do not. */
	size_t cover;
	struct role_class *at;
};

/*
 * All classes that there is room for on these levels, in the order in which to try them:
 * those that cover the relations of pairs first, by how many each adds (greedily: close to
 * the fewest, not always those), then the rest, from together to apart. Each goes to the
 * first PUs that it fits. Deterministic. -ENOMEM.
 */
int classes_of(const struct levels *levels, struct role_classes *classes);
void classes_free(struct role_classes *classes);

/* The bit of these two roles, which are different, sharing so many levels. Pure. */
uint64_t class_relation(enum storm_party one, enum storm_party other, size_t shared);

#endif
