/* SPDX-License-Identifier: BSD-2-Clause */
/* What holds in a small world between any two steps: looked at from outside of it, so none
 * of this is on a virtual stack. */
#include "small.h"

#include "stress/runtime.h"

/* slot.c: outside of the scheduler lock, and unless the world is being stopped, no slot is
 * idle while a thread waits for one. */
static bool somebody_waits_beside_a_slot(void)
{
	const struct sched *sched = &world->sched;

	return !sched->lock.state.value && !sched->stopping.value &&
	       sched->runnable.head != NO_THREAD && sched->idle_slots != NO_SLOT;
}

/* In one walk over the list of threads, without branches that nobody can foresee: it is done between any two steps. */
const char *small_invariant(void)
{
	uint32_t owing = 0, slots = 0, shared = 0, dead = 0, records, left;

	if (!world)
		return NULL;
	if (somebody_waits_beside_a_slot())
		return "slots: one is idle while a thread waits for one";
	records = left = world->sched.records.value;
	for (uint32_t id = world->all_threads.value; id != NO_THREAD;) {
		const struct thread *t = thread_at(id);
		uint32_t runs;

		if (id >= records || !left--)
			return "list: it is broken";
		owing +=
			(t->fixup.state.value != FIXUP_NONE) | (t->fixup.mark.value != 0);
		id = t->next.value;
		runs = (uint32_t)((t->where.value == WHERE_USER) & (t->slot != NO_SLOT))
		       << (t->slot & 31);
		dead |= t->where.value == WHERE_GONE;
		shared |= slots & runs;
		slots |= runs;
	}
	if (dead)
		return "list: a dead thread is on it";
	if (shared)
		return "slots: two threads run user code in one";
	if (owing > world->broadcast.owing.value)
		return "broadcast: more threads owe than are waited for";
	return NULL;
}
