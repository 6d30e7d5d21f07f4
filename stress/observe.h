/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What the runtime tells about itself for oracles to judge: counters that nothing in the
 * runtime ever reads. They take no lock, order nothing, are no scheduling points and no
 * part of a simulated state, and may be written in handlers.
 */
#ifndef HUPSTORM_STRESS_OBSERVE_H
#define HUPSTORM_STRESS_OBSERVE_H

#include "atomic.h"
#include "inspect.h"

struct thread;

/* Who moves the state of the signal queue. */
enum signal_role { BY_SENDER, BY_RECEIVER, BY_COORDINATOR, SIGNAL_ROLES };

enum { SIGNAL_STATES = 4 };

/* What a coordinator that looked at a thread which owes has seen of its sleep. */
enum looked { LOOKED_NOT, LOOKED_AND_REACHED, LOOKED_IN_VAIN };

struct thread_observed {
	os_counter looked;	  /* enum looked, since its fixup was posted */
	os_counter slept_at;	  /* enum thread_where: its last sleep */
	os_counter woken_by;	  /* enum thread_waker: what ended it */
	os_counter stops_then;	  /* rights to stop that had been given when it asked */
	os_counter stoppers_then; /* that were before it in the queue */
};

struct observed {
	os_counter transitions[SIGNAL_ROLES][SIGNAL_STATES][SIGNAL_STATES];
	os_counter fixups_overstayed; /* the receiver left state fixup to somebody else */
	os_counter due;	      /* signals taken, times the channels that wanted them */
	os_counter stops;     /* rights to stop the world that were given */
	os_counter overtaken; /* the most that came before one who had asked before */
	os_counter overtaken_thread;
	os_counter ticks; /* waits of the coordinator that ran out, this broadcast */
	os_counter last;  /* the thread that ran the function last */
	os_counter quick, legal, slow, stalled; /* broadcasts, by their ticks */
	os_counter slowest_ticks, slowest_last, slowest_at, slowest_woken_by;
	os_counter missed; /* threads that woke by themselves and not by the
				  coordinator, who had seen them asleep */
	os_counter missed_thread, missed_at;
};

/* The thread leaves a sleep at that place. */
void observe_wake(struct thread *self, enum thread_where where, enum thread_waker waker);

/* By the coordinator: it looked at a thread that owes, at that place, and has done what
 * it does to wake it there. */
void observe_look(struct thread *thread, enum thread_where where);

/* By the coordinator: a broadcast has come to its end. */
void observe_broadcast(void);

void observe_transition(enum signal_role role, uint32_t from, uint32_t to);

/* Under the scheduler lock: a thread asks for the right to stop with so many before it in
 * the queue; and a thread is given the right. */
void observe_stop_asked(struct thread *thread, uint32_t before);
void observe_stop_given(struct thread *thread);

#endif
