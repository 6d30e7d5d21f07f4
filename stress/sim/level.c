/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Locks and notes at both levels (machine.h): one step each, or the runtime's own, which
 * lock.c and note.c define here under names that begin with fine_.
 */
#include "inside.h"
#include "level.h"
#include "stress/die.h"
#include "stress/runtime.h"

#include <errno.h>

os_inline uint32_t exchange(os_word *word, uint32_t value)
{
	SIM_WRITES(SIM_OP_EXCHANGE);
	return atomic_exchange_explicit(&word->value, value, memory_order_relaxed);
}

os_inline void set_owner(struct lock *lock, uint32_t owner)
{
	atomic_store_explicit(&lock->owner.value, owner, memory_order_relaxed);
}

/* A thread that takes a lock has done with what it timed out for. */
void lock_acquire(struct lock *lock)
{
	struct thread *self = os_self();

	machine.locals[machine.current].clock = 0;
	if (!machine.config.coarse) {
		fine_lock_acquire(lock);
		return;
	}
	SIM_FORGET();
	await_at(VIRTUAL_LOCKS, SIM_OP_LOCK, &lock->state, 1, UINT64_MAX);
	exchange(&lock->state, 1);
	set_owner(lock, self->id + 1);
	self->locks_held++;
}

void lock_release(struct lock *lock)
{
	struct thread *self = os_self();

	if (!machine.config.coarse) {
		fine_lock_release(lock);
		return;
	}
	SIM_FORGET();
	at_point(SIM_OP_UNLOCK, &lock->state, 0, 0);
	if (lock->owner.value != self->id + 1)
		die("lock: released by a thread that does not hold it");
	set_owner(lock, 0);
	self->locks_held--;
	exchange(&lock->state, 0);
}

uint32_t note_post(struct note *note, uint32_t events)
{
	if (!machine.config.coarse)
		return fine_note_post(note, events);
	SIM_FORGET();
	at_point(SIM_OP_NOTE_POST, &note->events, events, 0);
	return exchange(&note->events, note->events.value | events);
}

void note_wake(struct note *note)
{
	if (!machine.config.coarse)
		fine_note_wake(note);
	else if (note_post(note, NOTE_WAKE) & NOTE_WAKE)
		die("note: double wakeup");
}

uint32_t note_sleep(struct note *note, uint64_t deadline)
{
	uint64_t until = sim_deadline(deadline);

	if (!machine.config.coarse)
		return fine_note_sleep(note, deadline);
	SIM_FORGET();
	if (await_at(VIRTUAL_AWAITS, SIM_OP_NOTE_SLEEP, &note->events, 0, until) ==
		TURN_TIMED_OUT)
		sim_time_has_come(until);
	return note->events.value;
}

/* Whoever takes an event was woken by it, whether the time had come or not: a sleep that is taken up again after it may
 * time out at once. */
uint32_t note_take(struct note *note)
{
	uint32_t taken;

	if (!machine.config.coarse)
		return fine_note_take(note);
	SIM_FORGET();
	at_point(SIM_OP_NOTE_TAKE, &note->events, 0, 0);
	taken = exchange(&note->events, 0);
	if (taken)
		machine.locals[machine.current].clock = 0;
	return taken;
}
