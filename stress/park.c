/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Park: the only way in which a thread without work sleeps.
 *
 * Two kinds of wake meet on the park note. A real wake (NOTE_WAKE) comes once for each
 * park, after a slot was put into next_slot. A fixup wake (NOTE_FIXUP) only means "look
 * whether you owe a function"; it may come at any time, more than once, and when a
 * handler has run the function already. They are different bits, so neither can be lost
 * in the other or taken for it, whichever comes first: park returns for NOTE_WAKE and for
 * nothing else.
 *
 * The seed has one event for both and lets "no fixup ran just now" mean "it was a real
 * wake". A handler that runs the fixup of its own parked thread breaks both halves of
 * that (faults note-shared, park-spurious).
 */
#include "runtime.h"

/* What a fixup wake posts to a thread that parks. */
static uint32_t fixup_event(void)
{
	return fault(FAULT_NOTE_SHARED) ? NOTE_WAKE : NOTE_FIXUP;
}

void park_wake(struct thread *thread)
{
	note_wake(&thread->park);
}

void park_wake_for_fixup(struct thread *thread)
{
	if (note_post(&thread->park, fixup_event()) & fixup_event() & NOTE_WAKE)
		die("note: double wakeup of thread %u, by the coordinator", thread->id);
}

/* With one event for both meanings only the slot can tell them apart. */
static bool is_real(const struct thread *self, uint32_t events)
{
	if (fault(FAULT_NOTE_SHARED))
		return os_load(&self->next_slot, memory_order_acquire) != NO_SLOT;
	return events & NOTE_WAKE;
}

void park(struct thread *self)
{
	bool real, fixed;

	event(EVENT_PARK, 0);
	os_store(&self->where, WHERE_PARKED, memory_order_relaxed);
	do {
		note_sleep(&self->park, OS_FOREVER);
		noise(NOISE_PARK_WOKEN);
		real = is_real(self, note_take(&self->park));
		observe_wake(self, WHERE_PARKED, WAKER_POST);
		noise(NOISE_PARK_TAKEN);
		fixed = fixup_run(self);
		if (fault(FAULT_PARK_SPURIOUS))
			real = !fixed;
	} while (!real);
	event(EVENT_UNPARK, 0);
	os_store(&self->where, WHERE_RUNTIME, memory_order_relaxed);
}

/* Take the slot that was assigned to this thread. Acquire pairs with slot_assign. */
void slot_take_next(struct thread *self)
{
	uint32_t slot = os_exchange(&self->next_slot, NO_SLOT, memory_order_acquire);

	if (os_load(&self->status, memory_order_acquire) != THREAD_RUNNABLE)
		die("park: thread %u woke, but is not runnable", self->id);
	if (slot == NO_SLOT)
		die("park: thread %u woke without a slot", self->id);
	slot_take(self, slot);
	slot_count(&slot_at(slot)->ticks);
}

void park_with_slot(struct thread *self)
{
	park(self);
	slot_take_next(self);
}
