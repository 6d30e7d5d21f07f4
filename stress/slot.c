/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Slots: who may run user code.
 *
 * Idle slots and runnable threads are both only touched under the scheduler lock, and
 * under it no slot is put on the stack while a thread is in the queue (unless the world
 * is being stopped): a thread that becomes runnable and a slot that becomes free cannot
 * miss each other.
 */
#include "runtime.h"

/* Take what was assigned to this thread: the state is running and the owner set already.
 */
void slot_take(struct thread *self, uint32_t slot)
{
	struct slot *s = slot_at(slot);

	if (os_load(&s->state, memory_order_relaxed) != SLOT_RUNNING ||
		os_load(&s->owner, memory_order_relaxed) != self->id)
		die("slot %u: taken without having been assigned", slot);
	self->slot = slot;
	os_store(&self->status, THREAD_RUNNING, memory_order_relaxed);
	os_store(&self->where, WHERE_USER, memory_order_relaxed);
	event(EVENT_SLOT_TAKEN, slot);
}

/* Give up the own slot. It still counts as running until it is handed on. */
uint32_t slot_leave(struct thread *self)
{
	uint32_t slot = self->slot;

	if (slot == NO_SLOT || self->locks_held)
		die("slot: left without one, or with %u locks held", self->locks_held);
	event(EVENT_SLOT_LEFT, slot);
	self->slot = NO_SLOT;
	os_store(&slot_at(slot)->owner, NO_THREAD, memory_order_relaxed);
	return slot;
}

/* The functions from here to slot_pass_on are called with the scheduler lock held. */

/* The release store pairs with the acquire in park_with_slot. */
void slot_assign(uint32_t slot, struct thread *thread)
{
	struct slot *s = slot_at(slot);

	if (os_load(&s->owner, memory_order_relaxed) != NO_THREAD)
		die("slot %u: given to two threads", slot);
	os_store(&s->owner, thread->id, memory_order_relaxed);
	os_store(&s->preempt, 0, memory_order_relaxed);
	os_store(&s->state, SLOT_RUNNING, memory_order_seq_cst);
	os_store(&thread->next_slot, slot, memory_order_release);
}

void slot_push_idle(uint32_t slot)
{
	struct slot *s = slot_at(slot);

	os_store(&s->owner, NO_THREAD, memory_order_relaxed);
	os_store(&s->state, SLOT_IDLE, memory_order_relaxed);
	s->next_idle = world->sched.idle_slots;
	world->sched.idle_slots = slot;
	world->sched.idle_count++;
}

bool slot_pop_idle(uint32_t *slot)
{
	*slot = world->sched.idle_slots;
	if (*slot == NO_SLOT)
		return false;
	world->sched.idle_slots = slot_at(*slot)->next_idle;
	slot_at(*slot)->next_idle = NO_SLOT;
	world->sched.idle_count--;
	return true;
}

/* Give a slot to the stop that is under way. The last one wakes the stopper. */
void slot_stop(uint32_t slot)
{
	struct sched *sched = &world->sched;

	os_store(&slot_at(slot)->owner, NO_THREAD, memory_order_relaxed);
	os_store(&slot_at(slot)->state, SLOT_STOPPED, memory_order_relaxed);
	if (!sched->stop_wait)
		die("stop: slot %u stopped, but none is waited for", slot);
	if (--sched->stop_wait == 0)
		note_wake(&sched->stop_note);
}

/* An idle slot for the caller, unless the world is being stopped. */
bool slot_take_idle(struct thread *self)
{
	uint32_t slot;

	if (os_load(&world->sched.stopping, memory_order_relaxed) ||
		!slot_pop_idle(&slot))
		return false;
	slot_assign(slot, self);
	sysmon_wake(SYSMON_SLEEPS);
	return true;
}

/* Hand a slot that nobody holds on: to the stop under way, to the next runnable thread,
 * to a poller if one is wanted, or to the idle stack. Returns the thread to wake once the
 * lock is free. */
struct thread *slot_pass_on(uint32_t slot, bool poller_may_have_it)
{
	struct sched *sched = &world->sched;
	struct thread *next;

	if (os_load(&sched->stopping, memory_order_relaxed)) {
		slot_stop(slot);
		return NULL;
	}
	next = queue_pop(&sched->runnable);
	if (!next && poller_may_have_it)
		next = poller_pop_wanted();
	if (next)
		slot_assign(slot, next);
	else
		slot_push_idle(slot);
	return next;
}

/* What the argument above says, for whoever comes by. */
void slots_check(void)
{
	const struct sched *sched = &world->sched;

	if (sched->idle_slots != NO_SLOT && !queue_empty(&sched->runnable) &&
		!os_load(&sched->stopping, memory_order_relaxed))
		die("slots: one is idle while thread %u waits for one",
			sched->runnable.head);
}

/* Whether anybody wants the slot is found out under one lock, and done under another. */
static struct thread *lose_runnable(uint32_t slot, bool poller_may_have_it)
{
	bool wanted =
		!queue_empty(&world->sched.runnable) ||
		(poller_may_have_it && os_counted(&world->timers.next) != OS_FOREVER);

	lock_release(&world->sched.lock);
	noise(NOISE_SLOT_POPPED);
	lock_acquire(&world->sched.lock);
	if (wanted || os_load(&world->sched.stopping, memory_order_relaxed))
		return slot_pass_on(slot, poller_may_have_it);
	slot_push_idle(slot);
	return NULL;
}

void slot_hand_off(uint32_t slot, bool poller_may_have_it)
{
	struct thread *next;

	lock_acquire(&world->sched.lock);
	if (fault(FAULT_LOST_RUNNABLE))
		next = lose_runnable(slot, poller_may_have_it);
	else
		next = slot_pass_on(slot, poller_may_have_it);
	lock_release(&world->sched.lock);
	if (next)
		park_wake(next);
}

/* For a thread with no task of its own: a slot if one is idle, without waiting. */
bool slot_try_idle(struct thread *self)
{
	bool taken;

	lock_acquire(&world->sched.lock);
	taken = slot_take_idle(self);
	lock_release(&world->sched.lock);
	if (taken) {
		os_store(&self->status, THREAD_RUNNABLE, memory_order_relaxed);
		slot_take_next(self);
	}
	return taken;
}
