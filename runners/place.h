/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Placement: which processing units the threads of a cell may use.
 *
 * A placement is a list of sets of PUs; thread number k of a cell, in the order of birth,
 * is bound to set k modulo their number, or, in a placement by role (classes.h), to that of
 * what it is to the storm. The list is computed from the hwloc tree alone, so that it can be
 * planned for a machine that is not here; binding needs this one.
 */
#ifndef HUPSTORM_RUNNERS_PLACE_H
#define HUPSTORM_RUNNERS_PLACE_H

#include "classes.h"

#include <hwloc.h>
#include <stdbool.h>
#include <stddef.h>

enum { PLACEMENT_SETS_MAX = 64, WHY_SIZE = 128 };

struct placement {
	const char *name;
	const char *summary;
	bool available;
	bool by_role;		/* then sets[party] is for an enum storm_party */
	char why_not[WHY_SIZE]; /* if not available */
	size_t count;		/* 0 for "unbound" */
	hwloc_bitmap_t sets[PLACEMENT_SETS_MAX];
};

enum { PLACEMENT_COUNT = 7 };

/* The family of the placements by role: each is "by-role:" and which one. */
#define BY_ROLE "by-role"

struct placements {
	hwloc_topology_t topology;
	struct placement at[PLACEMENT_COUNT];
	struct levels levels;
	struct role_classes classes;
	/* One for each class, in the same order; none is available if the family is not. */
	struct placement *by_role;
	const char *why_not_by_role; /* NULL: it is available */
};

/*
 * Load the topology of this machine, as far as this process may use it, or with `source`
 * not NULL another one: that of a file of hwloc's XML, or, if there is no file of that name,
 * the one that it describes in hwloc's synthetic format; and compute every placement.
 * -ENOMEM, or -EINVAL: hwloc does not understand it.
 */
int placements_load(struct placements *placements, const char *source);
void placements_free(struct placements *placements);

/* NULL: there is none of that name here. The family's own name is that of no placement. */
const struct placement *placement_named(
	const struct placements *placements, const char *name);

/* True if this names the family, or one of it, which may not be here. */
bool placement_is_by_role(const char *name);

/* Why there can be no cell in the placement of that name here; NULL: there can. */
const char *placement_why_not(const struct placements *placements, const char *name);

/*
 * Bind the calling thread as the `number`th of a cell, and as that party of its storm, and
 * check that it is where it should be. Nothing to do for "unbound". -EINVAL: the topology is not this machine's.
 * -EPERM, -EXDEV (the system said yes and did not do it) and what the system says. Not
 * async-signal-safe.
 */
int placement_bind(const struct placements *placements, const struct placement *placement,
	size_t number, enum storm_party party);

/* True if this PU (as the system numbers them) is in the set of the `number`th thread, which
 * is of that party. */
bool placement_has(const struct placement *placement, size_t number,
	enum storm_party party, unsigned pu);

#endif
