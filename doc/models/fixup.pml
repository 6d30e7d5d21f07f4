/* SPDX-License-Identifier: BSD-2-Clause */
/* stress/broadcast.c: a fixup is posted to two threads, each claims its own, and the coordinator waits for both. They see the
 * argument, it sees their results, and none of them is asked twice.
 * weakened: 1 2 3 4 */
#define LOCATIONS 6
#define THREADS 3
#define STORES 5
#include "weak.pml"

#define FIXUP(thread) (thread)
#define RESULT(thread) (2 + (thread))
#define ARGUMENT 4
#define OWING 5
#define COORDINATOR 2

#define NONE 0
#define OUTSTANDING 1
#define IN_HAND 2

bool asleep;
byte runs[2];

active [2] proctype thread()
{
	SCRATCH;

	do
	:: load(_pid, FIXUP(_pid), ORDER(1, ACQUIRE, RELAXED));
		if
		:: got == OUTSTANDING -> break
		:: else
		fi
	od;
	swap_if(_pid, FIXUP(_pid), OUTSTANDING, IN_HAND, ORDER(1, ACQUIRE, RELAXED));
	assert(got == OUTSTANDING);
	load(_pid, ARGUMENT, RELAXED);
	assert(got == 1);
	runs[_pid]++;
	store(_pid, RESULT(_pid), 1, RELAXED);
	store(_pid, FIXUP(_pid), NONE, ORDER(2, RELEASE, RELAXED));
	modify(_pid, OWING, got - 1, ORDER(2, ACQ_REL, RELAXED));
	if
	:: got == 1 -> futex_wake(asleep)
	:: else
	fi
}

active proctype coordinator()
{
	SCRATCH;
	byte owing;

	store(COORDINATOR, ARGUMENT, 1, RELAXED);
	store(COORDINATOR, OWING, 2, RELAXED);
	store(COORDINATOR, FIXUP(0), OUTSTANDING, ORDER(3, RELEASE, RELAXED));
	store(COORDINATOR, FIXUP(1), OUTSTANDING, ORDER(3, RELEASE, RELAXED));
	do
	:: load(COORDINATOR, OWING, ORDER(4, ACQUIRE, RELAXED));
		owing = got;
		if
		:: owing == 0 -> break
		:: else -> futex_wait(OWING, owing, asleep)
		fi
	od;
	load(COORDINATOR, RESULT(0), RELAXED);
	assert(got == 1);
	load(COORDINATOR, RESULT(1), RELAXED);
	assert(got == 1);
	assert(runs[0] == 1 && runs[1] == 1)
}
