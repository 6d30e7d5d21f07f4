/* SPDX-License-Identifier: BSD-2-Clause */
/* stress/sigqueue.c: the pending mask against the state word. No signal is lost, no wake is doubled. Two handlers, one
 * receiver, that sleeps on its note.
 * weakened: 1 2 3 */
#define LOCATIONS 3
#define THREADS 3
#define STORES 10
#include "weak.pml"

#define PENDING 0
#define STATE 1
#define NOTE 2
#define RECEIVER 2

#define IDLE 0
#define SENDING 1
#define RECEIVING 2

bool asleep;
byte received;

#define set_bit() \
	modify(_pid, PENDING, got | (1 << _pid), ORDER(1, SEQ_CST, RELAXED)); \
	was_set = got & (1 << _pid)

#define tell() \
	modify(_pid, STATE, SENDING, ORDER(1, SEQ_CST, RELAXED)); \
	wake = got == RECEIVING

/* 1: nothing keeps the bit before the state. */
active [2] proctype handler()
{
	SCRATCH;
	bool was_set, wake;

#if WEAKENED == 1
	EITHER_ORDER(set_bit(), tell());
#else
	set_bit();
	assert(!was_set);
	tell();
#endif
	if
	:: wake ->
		modify(_pid, NOTE, got + 1, ACQ_REL);
		assert(got == 0);
		futex_wake(asleep)
	:: else
	fi
}

#define take_pending() \
	modify(RECEIVER, PENDING, 0, ORDER(2, SEQ_CST, RELAXED)); \
	received = received | got

#define go_idle() \
	modify(RECEIVER, STATE, IDLE, ORDER(2, SEQ_CST, RELAXED))

/* 2: it takes the mask before it moves the state. 3: it goes to sleep whatever the state is. */
active proctype receiver()
{
	SCRATCH;

	do
	:: received == 3 -> break
	:: else ->
#if WEAKENED == 2
		take_pending();
		go_idle();
#else
		go_idle();
		take_pending();
#endif
		if
		:: received == 3 -> break
		:: else
		fi;
#if WEAKENED == 3
		store(RECEIVER, STATE, RECEIVING, SEQ_CST);
		got = IDLE;
#else
		swap_if(RECEIVER, STATE, IDLE, RECEIVING, SEQ_CST);
#endif
		if
		:: got == IDLE ->
			do
			:: load(RECEIVER, NOTE, ACQUIRE);
				if
				:: got != 0 -> break
				:: else -> futex_wait(NOTE, 0, asleep)
				fi
			od;
			skip; /* a d_step cannot be jumped to */
			modify(RECEIVER, NOTE, 0, ACQ_REL)
		:: else
		fi
	od
}
