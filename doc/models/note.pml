/* SPDX-License-Identifier: BSD-2-Clause */
/* stress/note.c: what was written before a post is seen by who finds it, and no wake is lost.
 * weakened: 1 2 3 */
#define LOCATIONS 2
#define THREADS 2
#define STORES 4
#include "weak.pml"

#define DATA 0
#define EVENTS 1
#define WAKER 0
#define SLEEPER 1

bool asleep;

/* 3: the wake is sent before the post. */
active proctype waker()
{
	SCRATCH;

	store(WAKER, DATA, 1, RELAXED);
#if WEAKENED == 3
	futex_wake(asleep);
#endif
	modify(WAKER, EVENTS, got | 1, ORDER(1, ACQ_REL, RELAXED));
#if WEAKENED != 3
	if
	:: got == 0 -> futex_wake(asleep)
	:: else
	fi
#endif
}

active proctype sleeper()
{
	SCRATCH;

	do
	:: load(SLEEPER, EVENTS, ORDER(2, ACQUIRE, RELAXED));
		if
		:: got != 0 -> break
		:: else -> futex_wait(EVENTS, 0, asleep)
		fi
	od;
	load(SLEEPER, DATA, RELAXED);
	assert(got == 1);
	modify(SLEEPER, EVENTS, 0, ORDER(2, ACQ_REL, RELAXED));
	assert(got == 1)
}
