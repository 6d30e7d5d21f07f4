/* SPDX-License-Identifier: BSD-2-Clause */
/* The processes of a program: the one that was started, and what descends from it. */
#ifndef HUPSTORM_RUNNERS_PROCESSES_H
#define HUPSTORM_RUNNERS_PROCESSES_H

#include <stddef.h>
#include <sys/types.h>

enum { PROCESSES_MAX = 64 };

/*
 * List `leader` and its descendants, the leader first, at most PROCESSES_MAX. Returns how
 * many. Where the kernel does not list children (CONFIG_PROC_CHILDREN), the leader alone.
 * Those whose parent has gone are no descendants any more. Takes a file for each thread.
 */
size_t processes_list(pid_t leader, pid_t list[PROCESSES_MAX]);

#endif
