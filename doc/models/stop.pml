/* SPDX-License-Identifier: BSD-2-Clause */
/* stress/stop.c and syscall.c: a thread enters a system call while the world is being stopped. It stores the
 * slot's state and then loads `stopping`; the stopper stores `stopping` and then looks at the state. One of them sees
 * the other, and one of them counts the slot.
 * weakened: 1 2 3 4 */
#define LOCATIONS 2
#define THREADS 2
#define STORES 4
#include "weak.pml"

#define STATE 0
#define STOPPING 1
#define THREAD 0
#define STOPPER 1

#define RUNNING 0
#define IN_SYSCALL 1
#define STOPPED 2

byte counted, done;
/* Under the scheduler lock, which the stopper holds while it stores and looks. */
bool locked;

active proctype thread()
{
	SCRATCH;

	store(THREAD, STATE, IN_SYSCALL, ORDER(1, SEQ_CST, RELEASE));
	load(THREAD, STOPPING, ORDER(2, SEQ_CST, ACQUIRE));
	if
	:: got == 1 ->
		atomic { !locked -> locked = true };
		swap_if(THREAD, STATE, IN_SYSCALL, STOPPED, ORDER(1, SEQ_CST, RELAXED));
		if
		:: got == IN_SYSCALL -> counted++
		:: else
		fi;
		locked = false
	:: else
	fi;
	done++
}

active proctype stopper()
{
	SCRATCH;

	atomic { !locked -> locked = true };
	store(STOPPER, STOPPING, 1, ORDER(3, SEQ_CST, RELEASE));
	swap_if(STOPPER, STATE, IN_SYSCALL, STOPPED, ORDER(4, SEQ_CST, RELAXED));
	if
	:: got == IN_SYSCALL -> counted++
	:: else
	fi;
	locked = false;
	done++
}

active proctype end()
{
	done == 2;
	assert(counted == 1)
}
