/* SPDX-License-Identifier: BSD-2-Clause */
/* The real time: os_now() is that of the simulated machine here. */
#ifndef HUPSTORM_RUNNERS_EXPLORE_CLOCK_H
#define HUPSTORM_RUNNERS_EXPLORE_CLOCK_H

#include "stress/os.h"

#include <sys/resource.h>
#include <time.h>

static inline uint64_t clock_read(clockid_t clock)
{
	struct timespec now;

	clock_gettime(clock, &now);
	return (uint64_t)now.tv_sec * OS_SECOND + (uint64_t)now.tv_nsec;
}

/* ns */
static inline uint64_t clock_now(void)
{
	return clock_read(CLOCK_MONOTONIC);
}

/* ns of CPU time of this process, and of its children that it has waited for */
static inline uint64_t clock_cpu(void)
{
	struct rusage children;

	getrusage(RUSAGE_CHILDREN, &children);
	return clock_read(CLOCK_PROCESS_CPUTIME_ID) +
	       (uint64_t)(children.ru_utime.tv_sec + children.ru_stime.tv_sec) *
		       OS_SECOND +
	       (uint64_t)(children.ru_utime.tv_usec + children.ru_stime.tv_usec) * 1000;
}

#endif
