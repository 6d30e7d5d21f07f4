/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The rules by which a cell that makes no progress is judged. Pure: they work on two
 * snapshots alone.
 *
 * A window is the time between two snapshots during which nothing in the cell has moved
 * on. What it looks like says what can be held against the subject, and what must be held
 * against the host.
 */
#ifndef HUPSTORM_RUNNERS_JUDGE_H
#define HUPSTORM_RUNNERS_JUDGE_H

#include "snapshot.h"

enum window_kind {
	WINDOW_UNCLEAR, /* says nothing; look again */
	WINDOW_ASLEEP,	/* every thread but the service threads slept, untimed, without a
			   switch */
	WINDOW_LOST,	/* a signal is waited for that nobody will bring any more */
	WINDOW_BUSY,	/* somebody ran, and nobody was kept from running */
	WINDOW_STARVED, /* a thread wanted to run and got no processor */
	WINDOW_STOPPED, /* a thread is stopped, by a signal or a debugger */
};

struct window {
	enum window_kind kind;
	uint64_t cpu;	   /* ns that the cell's threads ran */
	uint64_t switches; /* context switches of its threads */
	uint32_t culprit;  /* the tid of the thread that decided it: starved, stopped,
			      waiting for a signal */
};

struct window judge_window(const struct snapshot *before, const struct snapshot *after);

/* Say in one line, from the runtime's own state, where a hung cell hangs: the phase, who
 * has not answered, who is in a handler, who waits. At most `size` bytes with the NUL. */
void judge_describe(const struct snapshot *snapshot, char *text, size_t size);

#endif
