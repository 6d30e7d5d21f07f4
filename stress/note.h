/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * A note: a word of events that one thread sleeps on and others post to.
 *
 * The one-shot note of Go's runtime (lock_futex.go) has one event; ours has a bit for
 * each meaning, so that two wakers who mean different things cannot be taken for each
 * other. An event that may not be posted twice before it was taken is posted with
 * note_wake, which treats that as the protocol error it is.
 *
 * Ordering: what a waker wrote before posting is visible to the sleeper once it has seen
 * the event, also when it did not sleep at all (golang/go#63384): post and take are
 * acquire-release exchanges, look is an acquire load.
 */
#ifndef HUPSTORM_STRESS_NOTE_H
#define HUPSTORM_STRESS_NOTE_H

#include "os.h"

enum note_event {
	NOTE_WAKE = 1,	/* the real thing */
	NOTE_FIXUP = 2, /* a fixup waits; look at it and go back to sleep */
};

struct note {
	os_word events;
};

/* Post events, waking the sleeper if there is one; events that are up already stay up.
 * Returns those that were up before. Async-signal-safe. */
uint32_t note_post(struct note *note, uint32_t events);

/* Post NOTE_WAKE; fatal if it is up: somebody lost track of who wakes whom.
 * Async-signal-safe. */
void note_wake(struct note *note);

/* Sleep until an event is up, or until the deadline; returns the events, 0 at the
 * deadline. Leaves them up. For the one sleeper of the note. Blocks. */
uint32_t note_sleep(struct note *note, uint64_t deadline);

/* Lower every event and return what was up. For the sleeper. */
uint32_t note_take(struct note *note);

#endif
