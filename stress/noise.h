/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Noise: a perturber inside the runtime, at named points.
 *
 * At each point a thread may be held up: it yields, or is delayed for a time whose
 * logarithm is uniform, so that short and long windows are widened alike (after the
 * random delays of CHESS's successors, Edelstein and others, "Framework for testing
 * multi-threaded Java programs", 2003). What is injected is bounded: beyond its first delay a
 * thread is not held up while it has been for more than a fifth of its time. The same seed draws the same numbers on each thread.
 *
 * Switched off, a point is one load and one branch that is never taken. Noise decides
 * nothing in the runtime, and every argument there holds whatever it does: each point lies
 * where a thread may be slow anyway.
 */
#ifndef HUPSTORM_STRESS_NOISE_H
#define HUPSTORM_STRESS_NOISE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Where a thread may be held up. Those of coordinators come first. */
enum noise_point {
	NOISE_RECEIVER_MOVED, /* the receiver was moved to fixup, and no fixup posted */
	NOISE_FIXUP_SET,      /* a fixup is there, and its thread not woken */
	NOISE_FIXUP_POSTED,  /* its thread is woken, the coordinator has its lock still */
	NOISE_STOPPING,	     /* the world is told to stop, its slots are not looked at */
	NOISE_STARTING,	     /* slots are dealt out, and the world not started */
	NOISE_SLOT_ASSIGNED, /* a slot is on its way, and its thread not woken */
	NOISE_PARK_WOKEN,    /* awake, and the note not taken */
	NOISE_PARK_TAKEN,    /* the note is taken, the fixup not looked at */
	NOISE_FIXUP_CLAIMED, /* a fixup is claimed, and not run */
	NOISE_FIXUP_RUN,     /* it has run, and is not settled */
	NOISE_FIXUP_SETTLED, /* it is settled, and its lock not given back */
	NOISE_TEMPLATE_WOKEN, /* the template thread is awake, and does not wait again yet */
	NOISE_TEMPLATE_ASKED,	 /* it has found no request, and does not say so yet */
	NOISE_TEMPLATE_PROMISED, /* fault template-promised: said to exist, and not made */
	NOISE_SLOT_POPPED, /* faults slot-put-back, lost-runnable: a slot is in nobody's
				  hands */
	NOISE_SYSMON_CLAIMED, /* somebody is about to wake sysmon, and owes it the post */
	NOISE_SYSMON_WOKEN,   /* sysmon is awake, and has not taken its note */
	NOISE_BEFORE_CLAIM, /* a poller has given up its slot, and not claimed the poller */
	NOISE_BEFORE_POLL, /* it has claimed the poller, and does not poll yet */
	NOISE_POLLED,	   /* it was broken out, and has not taken the break */
	NOISE_BREAK_TAKEN, /* it has taken the break, and not said so */
	NOISE_IN_SYSCALL,  /* the slot is in a system call, the stop not looked at */
	NOISE_RECEIVER_IDLE, /* the receiver has found no news, and does not say that it sleeps */
	NOISE_RECEIVING,      /* the receiver says that it sleeps, and does not yet */
	NOISE_RECEIVER_WOKEN, /* it is awake, and has not taken its note */
	NOISE_SIGNAL_QUEUED,  /* a handler has set the bit, and not told the receiver */
	NOISE_DISPATCH,	      /* the receiver has taken a signal, and holds its lock */
	NOISE_BIRTH,	      /* a newborn is on the list, and has no thread */
	NOISE_BORN,	      /* it can take signals, and waits for no slot yet */
	NOISE_DEATH,	      /* a thread has left the list, and not the kernel */
	NOISE_LAST_WORDS,     /* fault death-locks: a thread has said why it dies */
	NOISE_POINT_COUNT
};

enum { NOISE_OCTAVES = 16 };

/* What is asked for. All zero: nothing. */
struct noise_plan {
	bool delays, yields;
	bool aligned;	 /* signals are sent when the world is being stopped (align.h) */
	bool alone;	 /* at the points of `points` only, and much there */
	uint32_t points; /* bit enum noise_point */
	uint64_t seed;
};

/*
 * Read a plan: words separated by commas, each `delays`, `yields`, `mixed` (both),
 * `aligned`, or the name of a point, where then all delays are. "" and "none" are no plan.
 * -EINVAL: *unknown points to a word that is none of these, *length is its length. Pure.
 */
int noise_parse(
	const char *text, struct noise_plan *plan, const char **unknown, size_t *length);

/* "fixup-set", ...; and what is held up there. `point` below NOISE_POINT_COUNT. */
const char *noise_point_name(enum noise_point point);
const char *noise_point_summary(enum noise_point point);

/* Hold the calling thread up, perhaps. For noise() in runtime.h. Async-signal-safe. */
void noise_at(enum noise_point point);

#endif
