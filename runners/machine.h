/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef HUPSTORM_RUNNERS_MACHINE_H
#define HUPSTORM_RUNNERS_MACHINE_H

#include "results/results.h"

#include <hwloc.h>

/* Describe the machine that this process runs on. What cannot be found out stays empty or
 * 0. */
void machine_describe(struct machine *machine, hwloc_topology_t topology);

#endif
