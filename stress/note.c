/* SPDX-License-Identifier: BSD-2-Clause */
#include "note.h"
#include "die.h"

uint32_t note_post(struct note *note, uint32_t events)
{
	uint32_t before = os_or(&note->events, events, memory_order_acq_rel);

	/* Only a word of 0 is slept on. */
	if (!before)
		os_futex_wake(&note->events, 1);
	return before;
}

void note_wake(struct note *note)
{
	if (note_post(note, NOTE_WAKE) & NOTE_WAKE)
		die("note: double wakeup");
}

uint32_t note_sleep(struct note *note, uint64_t deadline)
{
	uint32_t events;

	while (!(events = os_load(&note->events, memory_order_acquire))) {
		if (os_futex_wait(&note->events, 0, deadline) == -ETIMEDOUT)
			return os_load(&note->events, memory_order_acquire);
	}
	return events;
}

uint32_t note_take(struct note *note)
{
	return os_exchange(&note->events, 0, memory_order_acq_rel);
}
