/* SPDX-License-Identifier: BSD-2-Clause */
/* What is written down of a run when it begins. */
#ifndef HUPSTORM_RUNNERS_INFO_H
#define HUPSTORM_RUNNERS_INFO_H

#include "results/store.h"

#include <hwloc.h>

/* Of a run that begins now, on this machine. The command line is cut to what there is
 * room for. */
void info_begin(struct run_info *info, const char *command, uint64_t seed,
	hwloc_topology_t topology);

/* Write it down in the store, with its cells and, if there is none like it yet, the drawing of its
 * machine. As store_begin. */
int info_store(struct run_info *info, hwloc_topology_t topology, struct store *store,
	const struct cell *cells, size_t count, char *complaint);

/* Nanoseconds since 1970. */
int64_t info_now(void);

/* "hupstorm" and the arguments, which begin with the command's own name. */
void info_command(char *text, size_t size, int argc, char **argv);

#endif
