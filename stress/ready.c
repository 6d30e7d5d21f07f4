/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Threads that become runnable, and threads that give way.
 *
 * A thread that is going to wait says so (status waiting) before anybody can find it;
 * whoever ends the wait makes it ready once. That may happen before it has given up its
 * slot: then it has a slot, or a place in the queue, by the time it parks.
 */
#include "runtime.h"

/* A thread that waited can run again. Called by whoever claimed its wait; needs no slot.
 */
void ready(struct thread *thread)
{
	struct sched *sched = &world->sched;
	bool assigned;

	event(EVENT_READY, thread->id);
	if (os_exchange(&thread->status, THREAD_RUNNABLE, memory_order_acq_rel) !=
		THREAD_WAITING)
		die("ready: thread %u does not wait", thread->id);
	lock_acquire(&sched->lock);
	assigned = slot_take_idle(thread);
	if (!assigned)
		queue_push(&sched->runnable, thread);
	lock_release(&sched->lock);
	if (!assigned)
		return;
	noise(NOISE_SLOT_ASSIGNED);
	if (fault(FAULT_SAFEPOINT_IN_TRANSIT) && os_self()->slot != NO_SLOT &&
		!os_self()->locks_held)
		safepoint();
	park_wake(thread);
}

/* For a thread without a slot that wants to go on: an idle slot at once, or a place in
 * the queue. */
void become_runnable(struct thread *self)
{
	struct sched *sched = &world->sched;
	bool taken;

	os_store(&self->status, THREAD_RUNNABLE, memory_order_relaxed);
	lock_acquire(&sched->lock);
	taken = slot_take_idle(self);
	if (!taken)
		queue_push(&sched->runnable, self);
	lock_release(&sched->lock);
	if (taken)
		slot_take_next(self);
	else
		park_with_slot(self);
}

/* Give the slot up until somebody has made this thread ready, which may have happened
 * already. */
void wait_for_ready(struct thread *self)
{
	slot_hand_off(slot_leave(self), true);
	park_with_slot(self);
}

/* Give the slot up and queue for one again, in one step, so that neither is lost to a
 * stop in between. */
static void give_way(struct thread *self)
{
	struct sched *sched = &world->sched;
	uint32_t slot = slot_leave(self);
	struct thread *next;

	os_store(&self->status, THREAD_RUNNABLE, memory_order_relaxed);
	lock_acquire(&sched->lock);
	queue_push(&sched->runnable, self);
	next = slot_pass_on(slot, false);
	lock_release(&sched->lock);
	if (next)
		park_wake(next);
	park_with_slot(self);
}

void thread_yield(void)
{
	struct thread *self = os_self();
	struct sched *sched = &world->sched;
	bool others;

	lock_acquire(&sched->lock);
	slots_check();
	os_store(&slot_at(self->slot)->preempt, 0, memory_order_relaxed);
	others = !queue_empty(&sched->runnable) ||
		 os_load(&sched->stopping, memory_order_relaxed);
	lock_release(&sched->lock);
	if (others)
		give_way(self);
}

/* Relaxed loads: a stop asks again until every slot has answered. */
void safepoint(void)
{
	struct thread *self = os_self();

	os_count_own(&self->safepoints, 1);
	if (os_load(&world->sched.stopping, memory_order_relaxed) ||
		os_load(&slot_at(self->slot)->preempt, memory_order_relaxed))
		thread_yield();
}
