/* SPDX-License-Identifier: BSD-2-Clause */
/* A point of a simulated thread: anything may happen before what it is about to do. */
#ifndef HUPSTORM_STRESS_SIM_POINT_H
#define HUPSTORM_STRESS_SIM_POINT_H

#include "machine.h"

/*
 * What the compiler keeps in registers over a call ends up on the thread's stack, whether
 * it is needed any more or not, and would make two states of what is one. So at a point
 * every register that a call preserves is cleared, and what is needed lives in the frame;
 * but for schedules by chance, in which no state is looked at.
 */
#if defined(__x86_64__) && !defined(HUPSTORM_SWIFT)
#define SIM_FORGET()                                                                     \
	__asm__ volatile("xorl %%ebx, %%ebx\n\t"                                         \
			 "xorl %%r12d, %%r12d\n\t"                                       \
			 "xorl %%r13d, %%r13d\n\t"                                       \
			 "xorl %%r14d, %%r14d\n\t"                                       \
			 "xorl %%r15d, %%r15d" ::                                        \
				 : "rbx", "r12", "r13", "r14", "r15", "cc")
#else
#define SIM_FORGET() __asm__ volatile("" ::: "memory")
#endif

/*
 * Whether a word may have been written since the last step began: for schedules by chance, where that is cheaper to say
 * than to look at what depends on words. Elsewhere it is always true.
 */
extern bool sim_wrote;

#ifdef HUPSTORM_SWIFT
#define SIM_WRITES(operation) (sim_wrote |= (operation) != SIM_OP_LOAD)
#else
#define SIM_WRITES(operation) ((void)0)
#endif

void sim_point(enum sim_operation operation, const void *word, uint32_t value,
	uint32_t expected);
bool sim_is_point(enum sim_operation operation, const void *word, bool relaxed);

/* Not inline: the address of what is expected would be taken, and a frame of which an address is known elsewhere is not
 * understood (runners/explore/liveness.h). */
bool sim_compare_exchange(os_word *word, uint32_t expected, uint32_t desired);

os_inline bool os_compare_exchange(
	os_word *word, uint32_t expected, uint32_t desired, memory_order order)
{
	(void)order;
	return sim_compare_exchange(word, expected, desired);
}

os_inline void os_point(enum sim_operation operation, const void *word, uint32_t value,
	uint32_t expected, memory_order order)
{
	if (sim_is_point(operation, word, order == memory_order_relaxed)) {
		SIM_FORGET();
		sim_point(operation, word, value, expected);
		SIM_FORGET();
	}
	SIM_WRITES(operation);
}

#endif
