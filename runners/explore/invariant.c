/* SPDX-License-Identifier: BSD-2-Clause */
/* What holds in a small world between any two steps: looked at from outside of it, so none
 * of this is on a virtual stack. */
#include "small.h"

#include "stress/runtime.h"
#include "stress/sim/inside.h"

/* slot.c: outside of the scheduler lock, and unless the world is being stopped, no slot is
 * idle while a thread waits for one. */
os_inline bool somebody_waits_beside_a_slot(const struct sched *sched)
{
	return sched->runnable.head != NO_THREAD && sched->idle_slots != NO_SLOT &&
	       !value_of(&sched->lock.state) && !value_of(&sched->stopping);
}

/* Nothing of this changes without a word that is written: what is no word is another thread's business only when a lock
 * is given back, or the thread enters user code.
 *
 * In one walk over the list of threads, without branches that nobody can foresee: it is done between any two steps. */
const char *small_invariant(void)
{
	const struct world *w = world;
	uint32_t owing = 0, slots = 0, shared = 0, seen = 0, records, left;

	if (!sim_wrote || !w)
		return NULL;
	if (somebody_waits_beside_a_slot(&w->sched))
		return "slots: one is idle while a thread waits for one";
	records = left = value_of(&w->sched.records);
	for (uint32_t id = value_of(&w->all_threads); id != NO_THREAD;) {
		const struct thread *t = &w->threads[id];
		uint32_t where, in_user, runs;

		if (id >= records || !left--)
			return "list: it is broken";
		owing += (value_of(&t->fixup.state) | value_of(&t->fixup.mark)) != 0;
		id = value_of(&t->next);
		where = UINT32_C(1) << value_of(&t->where);
		seen |= where;
		in_user = where >> WHERE_USER & 1;
		/* Of NO_SLOT that is above the others, and cut off. */
		runs = (uint32_t)((uint64_t)in_user << (t->slot & 63));
		shared |= slots & runs;
		slots |= runs;
	}
	if (seen >> WHERE_GONE & 1)
		return "list: a dead thread is on it";
	if (shared)
		return "slots: two threads run user code in one";
	if (owing > value_of(&w->broadcast.owing))
		return "broadcast: more threads owe than are waited for";
	return NULL;
}
_Static_assert(FIXUP_NONE == 0, "owing is told by any bit");
