/* SPDX-License-Identifier: BSD-2-Clause */
/* What is written down of a run when it begins. */
#ifndef HUPSTORM_RUNNERS_INFO_H
#define HUPSTORM_RUNNERS_INFO_H

#include "results/results.h"

#include <hwloc.h>

/* Of a run that begins now, on this machine. The command line is cut to what there is
 * room for. */
void info_begin(struct run_info *info, const char *command, uint64_t seed,
	hwloc_topology_t topology);

/* Nanoseconds since 1970. */
int64_t info_now(void);

/* "hupstorm" and the arguments, which begin with the command's own name. */
void info_command(char *text, size_t size, int argc, char **argv);

#endif
