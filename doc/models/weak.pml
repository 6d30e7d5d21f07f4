/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Memory that is weaker than sequential consistency, for spin: an operational view model after
 * Kang, Hur, Lahav, Vafeiadis and Dreyer, A Promising Semantics for Relaxed-Memory Concurrency
 * (POPL 2017), without promises.
 *
 * A location is the list of all that was stored to it, in order. A thread has a view: for each location,
 * the oldest entry that it may still read. A relaxed load may take any entry from there on, so that what
 * others stored is seen late, and in another order from one location to the next; a thread's own
 * stores are as if in a buffer that others look into when they like. A release leaves the thread's view with
 * the entry, an acquire that reads it takes that view over.
 * For sequentially consistent accesses alone there is one more view, that all share: such a store is in it for its
 * location, and such a load reads nothing older. (An access of another kind is not ordered by one that is.)
 * A read-modify-write takes the last entry, whatever its order is, and hands on the view of the entry that it
 * replaces.
 *
 * Weaker still, and not in it: a store may not overtake an earlier load or read-modify-write of its thread
 * (load buffering: POWER and C11 permit that). Where that is what an order is for, the model has both
 * sequences of the two (EITHER_ORDER).
 *
 * Before it is included: LOCATIONS, THREADS, and STORES, the most that any location sees.
 */
#define RELAXED 0
#define ACQUIRE 1
#define RELEASE 2
#define ACQ_REL 3
#define SEQ_CST 7

#define ACQUIRES(order) ((order) & 1)
#define RELEASES(order) ((order) & 2)
#define IS_SEQ_CST(order) ((order) == SEQ_CST)

byte value[LOCATIONS * STORES];
byte last[LOCATIONS];
byte view[THREADS * LOCATIONS];
byte left[LOCATIONS * STORES * LOCATIONS]; /* the view that is left with each entry */
byte shared[LOCATIONS];			    /* by what is sequentially consistent */

#define ENTRY(location, time) ((location) * STORES + (time))
#define VIEW(thread, location) view[(thread) * LOCATIONS + (location)]
#define LEFT(location, time, of) left[ENTRY(location, time) * LOCATIONS + (of)]
#define RAISE(to, from) to = ((from) > (to) -> (from) : (to))

#define see_shared(me, location, order) \
	if \
	:: IS_SEQ_CST(order) -> RAISE(VIEW(me, location), shared[location]) \
	:: else \
	fi

#define show_shared(me, location, order) \
	if \
	:: IS_SEQ_CST(order) -> RAISE(shared[location], VIEW(me, location)) \
	:: else \
	fi

#define take_view(me, location, order) \
	if \
	:: ACQUIRES(order) -> for (l : 0 .. LOCATIONS - 1) { RAISE(VIEW(me, l), LEFT(location, t, l)) } \
	:: else \
	fi

#define append(me, location, what, order) \
	last[location]++; \
	assert(last[location] < STORES); \
	value[ENTRY(location, last[location])] = what; \
	VIEW(me, location) = last[location]; \
	LEFT(location, last[location], location) = last[location]; \
	if \
	:: RELEASES(order) -> for (l : 0 .. LOCATIONS - 1) { RAISE(LEFT(location, last[location], l), VIEW(me, l)) } \
	:: else \
	fi

/* Each process has these. */
#define SCRATCH byte l, t, got

#define load(me, location, order) \
	atomic { \
		see_shared(me, location, order); \
		select_entry(me, location); \
		got = value[ENTRY(location, t)]; \
		VIEW(me, location) = t; \
		take_view(me, location, order) \
	}

#define select_entry(me, location) \
	t = VIEW(me, location); \
	do \
	:: t < last[location] -> t++ \
	:: break \
	od

#define store(me, location, what, order) \
	d_step { \
		see_shared(me, location, order); \
		append(me, location, what, order); \
		show_shared(me, location, order); \
	}

/* What it replaces is in `got`; `what` may name it. */
#define modify(me, location, what, order) \
	d_step { \
		see_shared(me, location, order); \
		t = last[location]; \
		got = value[ENTRY(location, t)]; \
		VIEW(me, location) = t; \
		take_view(me, location, order); \
		append(me, location, what, order); \
		for (l : 0 .. LOCATIONS - 1) { RAISE(LEFT(location, last[location], l), LEFT(location, t, l)) } \
		show_shared(me, location, order); \
	}

/* `got` is what was there: the swap was made if that is `expected`. One that fails may have read an old entry. */
#define swap_if(me, location, expected, what, order) \
	atomic { \
		see_shared(me, location, order); \
		select_entry(me, location); \
		got = value[ENTRY(location, t)]; \
		if \
		:: got != expected -> \
			VIEW(me, location) = t; \
			take_view(me, location, order) \
		:: got == expected && t == last[location] -> modify(me, location, what, order) \
		:: got == expected && t != last[location] && value[ENTRY(location, last[location])] == expected -> \
			modify(me, location, what, order) \
		:: got == expected && t != last[location] && value[ENTRY(location, last[location])] != expected -> \
			t = last[location]; \
			got = value[ENTRY(location, t)]; \
			VIEW(me, location) = t; \
			take_view(me, location, order) \
		fi \
	}

/* A futex: the kernel compares what is last in the location, and the barriers on both of its sides let a
 * waker that stored before it woke find the sleeper, or the sleeper see the store. */
#define futex_wait(location, expected, sleeping) \
	atomic { \
		if \
		:: value[ENTRY(location, last[location])] == expected -> sleeping = true \
		:: else \
		fi \
	} \
	!sleeping

#define futex_wake(sleeping) sleeping = false

/* Two operations that nothing keeps in their order. */
#define EITHER_ORDER(first, second)                                                      \
	if                                                                               \
	:: first; second                                                                 \
	:: second; first                                                                 \
	fi

#ifndef WEAKENED
#define WEAKENED 0
#endif
/* The order of one access, or with -DWEAKENED=number what it is weakened to. */
#define ORDER(number, order, weaker) (WEAKENED == (number) -> (weaker) : (order))
