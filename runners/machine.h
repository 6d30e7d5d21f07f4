/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef HUPSTORM_RUNNERS_MACHINE_H
#define HUPSTORM_RUNNERS_MACHINE_H

#include "results/results.h"

#include <hwloc.h>

/*
 * Describe the machine that this process runs on. What cannot be found out stays empty or
 * 0. Two things can be told by the environment, for a machine does not know them of itself:
 *
 *	HUPSTORM_BUILDER	what it is called; else its node name
 *	HUPSTORM_EMULATED	1 if its instructions are emulated, 0 if they are not; else
 *				looked for in what the system says of the processor
 *
 * Not thread-safe against changes of the environment.
 */
void machine_describe(struct machine *machine, hwloc_topology_t topology);

/* "f3a9...": the same for machines of one shape (objects, their sizes and numbers), whatever they are
 * called and whatever runs on them. FNV-1a of 64 bits. */
void topology_hash(hwloc_topology_t topology, char hash[NAME_SIZE]);

#endif
