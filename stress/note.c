/* SPDX-License-Identifier: BSD-2-Clause */
#include "note.h"
#include "die.h"
#include "runtime.h"

/* False if a fault keeps a fixup from waking anybody. Notes serve where there is no world
 * too. */
static bool post_wakes(struct note *note, uint32_t events)
{
	if (events != NOTE_FIXUP || !world)
		return true;
	if (fault(FAULT_NOTE_WAKES_FIRST))
		os_futex_wake(&note->events, 1);
	return !fault(FAULT_LOST_WAKE) && !fault(FAULT_NOTE_WAKES_FIRST);
}

uint32_t note_post(struct note *note, uint32_t events)
{
	bool wakes = post_wakes(note, events);
	uint32_t before = os_or(&note->events, events, memory_order_acq_rel);

	/* Only a word of 0 is slept on. */
	if (!before && wakes)
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
