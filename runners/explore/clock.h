/* SPDX-License-Identifier: BSD-2-Clause */
/* The real time: os_now() is that of the simulated machine here. */
#ifndef HUPSTORM_RUNNERS_EXPLORE_CLOCK_H
#define HUPSTORM_RUNNERS_EXPLORE_CLOCK_H

#include "stress/os.h"

#include <time.h>

/* ns of CLOCK_MONOTONIC */
static inline uint64_t clock_now(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return (uint64_t)now.tv_sec * OS_SECOND + (uint64_t)now.tv_nsec;
}

#endif
