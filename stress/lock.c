/* SPDX-License-Identifier: BSD-2-Clause */
#include "lock.h"
#include "die.h"
#include "runtime.h"

enum { LOCK_FREE, LOCK_HELD, LOCK_HELD_WITH_SLEEPERS };

static bool spin(struct lock *lock)
{
	for (int i = 0; i < OS_SPINS; i++) {
		if (os_cas(&lock->state, LOCK_FREE, LOCK_HELD, memory_order_acquire))
			return true;
		os_relax();
	}
	return false;
}

static void own(struct lock *lock)
{
	struct thread *self = os_self();

	os_store(&lock->owner, self->id + 1, memory_order_relaxed);
	self->locks_held++;
}

/* A sleeper always leaves the state that says so behind, since it cannot know whether it
 * was the last: forgetting that loses a sleeper. Acquire pairs with the release in
 * lock_release. */
void lock_acquire(struct lock *lock)
{
	uint32_t held = LOCK_HELD_WITH_SLEEPERS;

	if (!spin(lock)) {
		while (os_exchange(&lock->state, held, memory_order_acquire) !=
			LOCK_FREE) {
			os_futex_wait(&lock->state, held, OS_FOREVER);
			if (fault(FAULT_LOCK_FORGETS_SLEEPERS))
				held = LOCK_HELD;
		}
	}
	own(lock);
}

void lock_release(struct lock *lock)
{
	struct thread *self = os_self();

	if (os_load(&lock->owner, memory_order_relaxed) != self->id + 1)
		die("lock: released by a thread that does not hold it");
	os_store(&lock->owner, 0, memory_order_relaxed);
	self->locks_held--;
	if (os_exchange(&lock->state, LOCK_FREE, memory_order_release) ==
		LOCK_HELD_WITH_SLEEPERS)
		os_futex_wake(&lock->state, 1);
}
