/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Placement: which processing units the threads of a cell may use.
 *
 * A placement is a list of sets of PUs; thread number k of a cell, in the order of birth,
 * is bound to set k modulo their number. The list is computed from the hwloc tree alone,
 * so that it can be planned for a machine that is not here; binding needs this one.
 */
#ifndef HUPSTORM_RUNNERS_PLACE_H
#define HUPSTORM_RUNNERS_PLACE_H

#include <hwloc.h>
#include <stdbool.h>
#include <stddef.h>

enum { PLACEMENT_SETS_MAX = 64, WHY_SIZE = 128 };

struct placement {
	const char *name;
	const char *summary;
	bool available;
	char why_not[WHY_SIZE]; /* if not available */
	size_t count;		/* 0 for "unbound" */
	hwloc_bitmap_t sets[PLACEMENT_SETS_MAX];
};

enum { PLACEMENT_COUNT = 7 };

struct placements {
	hwloc_topology_t topology;
	struct placement at[PLACEMENT_COUNT];
};

/*
 * Load the topology of this machine, as far as this process may use it, or with
 * `synthetic` not NULL the one that it describes (hwloc's synthetic format), and compute
 * every placement. -ENOMEM, or -EINVAL: hwloc does not understand it.
 */
int placements_load(struct placements *placements, const char *synthetic);
void placements_free(struct placements *placements);

/* NULL: there is none of that name. */
const struct placement *placement_named(
	const struct placements *placements, const char *name);

/*
 * Bind the calling thread as the `number`th of a cell and check that it is where it
 * should be. Nothing to do for "unbound". -EINVAL: the topology is not this machine's.
 * -EPERM, -EXDEV (the system said yes and did not do it) and what the system says. Not
 * async-signal-safe.
 */
int placement_bind(const struct placements *placements, const struct placement *placement,
	size_t number);

/* True if this PU (as the system numbers them) is in the set of the `number`th thread. */
bool placement_has(const struct placement *placement, size_t number, unsigned pu);

#endif
