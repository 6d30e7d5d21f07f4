/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Which memory a step reads and writes: what is compiled with TRACED_FLAGS says so itself, by the calls that a
 * compiler puts before each access for ThreadSanitizer, of whose run-time library nothing is used; what is part of
 * the simulated machine and is not compiled so (machine.c) says it here.
 *
 * Accesses to a thread's own stack are among them where its address is taken, and are nobody's business.
 */
#ifndef HUPSTORM_STRESS_SIM_TOUCH_H
#define HUPSTORM_STRESS_SIM_TOUCH_H

#include <stdbool.h>
#include <stddef.h>

/* Accesses of one step; of more the step is not understood. */
enum { SIM_TOUCHES_MAX = 4096 };

struct sim_touch {
	const void *at;
	size_t size;
};

struct sim_touches {
	bool on;  /* whether they are written down */
	bool all; /* false: there were more */
	unsigned count;
	struct sim_touch list[SIM_TOUCHES_MAX];
};

extern struct sim_touches sim_touches;

/* The build has such calls in it. */
extern const bool sim_is_traced;

/* Whether that is the address of one of those calls that are handed an address and nothing else. */
bool sim_is_touch(const void *function);

void sim_touch_slow(const void *at, size_t size);

static inline __attribute__((always_inline)) void sim_touch(const void *at, size_t size)
{
#ifdef HUPSTORM_SWIFT
	(void)at;
	(void)size;
#else
	if (__builtin_expect(sim_touches.on, 0))
		sim_touch_slow(at, size);
#endif
}

#endif
