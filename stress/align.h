/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Alignment: make a signal meet a stop of the world at every point of it in turn.
 *
 * Two sides, one that stops the world and one that sends signals, meet before each of
 * their cycles, and one of them then waits a little, so that the beginning of the one
 * lies at a random place between a window before the other's and its end. The windows are
 * measured as it goes (after the Linux Test Project's fuzzy synchronisation,
 * tst_fuzzy_sync.h).
 *
 * Nobody depends on the other: who waits for too long goes on alone. Whoever waits comes to
 * safepoints meanwhile. Nothing here is async-signal-safe.
 */
#ifndef HUPSTORM_STRESS_ALIGN_H
#define HUPSTORM_STRESS_ALIGN_H

#include "random.h"
#include "stress.h"

enum align_side { ALIGN_STOPPER, ALIGN_SENDER, ALIGN_SIDES };

/* Begins as zeroes. */
struct align {
	os_word meeting;		/* enum of align.c */
	os_counter window[ALIGN_SIDES]; /* ns that the side's cycle takes, about */
	os_counter offset; /* ns that the sender comes later, plus LONGEST (align.c) */
};

/* Meet the other side. Returns the ns that the caller has to let pass from now on, 0 if they
 * did not meet. One thread of each side at a time. With a slot; blocks for some 100 us at the
 * most, beside what a stop takes. */
uint64_t align_meet(struct align *align, enum align_side side, struct random *random);

/* Let so many ns pass, without a safepoint. */
void align_wait(uint64_t time);

/* The side's cycle has taken that long, in ns. */
void align_measured(struct align *align, enum align_side side, uint64_t time);

#endif
