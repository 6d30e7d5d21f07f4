/* SPDX-License-Identifier: BSD-2-Clause */
/* A point of a simulated thread: anything may happen before what it is about to do. */
#ifndef HUPSTORM_STRESS_SIM_POINT_H
#define HUPSTORM_STRESS_SIM_POINT_H

#include "machine.h"

void os_point(enum sim_operation operation, const void *word, uint32_t value,
	uint32_t expected);

#endif
