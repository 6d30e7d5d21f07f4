/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The levels at which the processing units of a machine are near to each other or far.
 *
 * Candidates are the NUMA node, the package, the L3 cache, the core and the PU itself; a
 * level is kept if it tells apart PUs that the coarser ones do not. Of several that divide
 * the machine alike the one that says most gives the name: L3 rather than package, package
 * rather than NUMA node, and the PU rather than a core that has no other.
 */
#ifndef HUPSTORM_RUNNERS_LEVELS_H
#define HUPSTORM_RUNNERS_LEVELS_H

#include <hwloc.h>
#include <stddef.h>

enum { LEVELS_MAX = 5 };

/* A PU, as the way to it from the top of the machine. */
struct level_path {
	unsigned system_number;	 /* as the system counts PUs */
	unsigned at[LEVELS_MAX]; /* in which object of each level it is */
};

struct levels {
	size_t count;		       /* 0: there is one PU */
	const char *names[LEVELS_MAX]; /* coarsest first; the last is "pu" */
	size_t pu_count;	       /* at least 1 */
	struct level_path *pus;	       /* those of each object side by side */
};

/* The levels of that topology. Sorted, so that the same topology gives the same. -ENOMEM. */
int levels_of(hwloc_topology_t topology, struct levels *levels);
void levels_free(struct levels *levels);

/* How many levels two PUs (indices of `pus`) share: 0, only the machine; all of them, they
 * are one PU. Pure. */
size_t levels_shared(const struct levels *levels, size_t one, size_t other);

/* The name of the closest thing shared by those that share so many levels: "machine", or
 * that of the last of the levels. Pure. */
const char *levels_name(const struct levels *levels, size_t shared);

#endif
