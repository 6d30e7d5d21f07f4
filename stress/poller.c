/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Pollers: threads without a task that wait for timers, without a slot (runtime/proc.go,
 * findrunnable).
 *
 * A poller that is given a slot fires what is due, hands the slot on, and only then, if
 * no other thread has done so, claims the poller and blocks in it. Between giving up its
 * slot and entering the poller it is on its own: the world may be stopped there and it
 * does not know. That is the late poller: a broadcast that breaks the poller once breaks
 * out the thread that was in it, and this one enters it after (golang/go#44193, what its
 * first report most likely saw). So a coordinator repeats the break while it waits.
 *
 * The break: `broken` says that the event is up or about to be. Only a thread that leaves
 * the poller lowers both, the event first: the other way round a break in between would
 * be lowered with it and leave `broken` up for ever. A break between the two is dropped,
 * and harmless: its target is leaving.
 */
#include "runtime.h"

enum { POLLERS = 2 };

/* The first timer starts the pollers. A user thread, with a slot; no safepoint. */
int poller_ensure(void)
{
	struct poller *poller = &world->poller;
	int error = 0;

	if (os_load(&poller->exist, memory_order_relaxed) ||
		!os_cas(&poller->exist, 0, 1, memory_order_relaxed))
		return 0;
	for (int i = 0; i < POLLERS && !error; i++)
		error = thread_start_service(THREAD_POLLER, "poller", poller_main);
	return error;
}

/* Make the thread in the poller, or the next to enter it, come out. Any context but a
 * handler; never blocks. */
void poller_break(void)
{
	struct poller *poller = &world->poller;

	if (os_cas(&poller->broken, 0, 1, memory_order_seq_cst))
		os_poller_post(&poller->os);
}

/* Under the scheduler lock: an idle poller, if there are timers and nobody polls; it must
 * be assigned a slot. */
struct thread *poller_pop_wanted(void)
{
	struct thread *thread;

	if (os_counted(&world->timers.next) == OS_FOREVER ||
		os_load(&world->poller.claimed, memory_order_seq_cst))
		return NULL;
	thread = queue_pop(&world->sched.idle_pollers);
	if (thread)
		os_store(&thread->status, THREAD_RUNNABLE, memory_order_relaxed);
	return thread;
}

static void put_back(uint32_t slot)
{
	if (fault(FAULT_SLOT_PUT_BACK)) {
		lock_release(&world->sched.lock);
		noise(NOISE_SLOT_POPPED);
		lock_acquire(&world->sched.lock);
	}
	slot_push_idle(slot);
}

/* See to it that somebody polls, if a slot is idle. If none is, the next one to become
 * idle goes to a poller, and until then sysmon fires the timers. */
void poller_call(void)
{
	struct sched *sched = &world->sched;
	struct thread *thread = NULL;
	uint32_t slot;

	lock_acquire(&sched->lock);
	if (!os_load(&sched->stopping, memory_order_relaxed) && slot_pop_idle(&slot)) {
		thread = poller_pop_wanted();
		if (thread) {
			slot_assign(slot, thread);
			sysmon_wake(SYSMON_SLEEPS);
		} else {
			put_back(slot);
		}
	}
	lock_release(&sched->lock);
	if (thread)
		park_wake(thread);
}

/* An earlier timer was armed: have it seen. A poller claims before it looks at the
 * timers, the caller armed before it looks whether the poller is claimed, both around the
 * timer lock. */
void poller_kick(void)
{
	if (os_load(&world->poller.claimed, memory_order_seq_cst))
		poller_break();
	else
		poller_call();
}

static void take_break(struct poller *poller)
{
	bool lowers_first = fault(FAULT_POLLER_LOWERS_FIRST);

	if (lowers_first)
		os_store(&poller->broken, 0, memory_order_seq_cst);
	else
		os_poller_take(&poller->os);
	noise(NOISE_BREAK_TAKEN);
	if (lowers_first)
		os_poller_take(&poller->os);
	else
		os_store(&poller->broken, 0, memory_order_seq_cst);
}

static void poll(struct thread *self)
{
	struct poller *poller = &world->poller;
	uint64_t deadline = timer_next();
	int result;

	if (os_load(&world->ending, memory_order_seq_cst))
		return;
	event(EVENT_POLL_ENTER, 0);
	os_store(&self->where, WHERE_POLLER, memory_order_relaxed);
	do {
		result = os_poller_wait(&poller->os, deadline);
	} while (result == -EINTR);
	observe_wake(self, WHERE_POLLER, result == 1 ? WAKER_POST : WAKER_ITSELF);
	os_store(&self->where, WHERE_RUNTIME, memory_order_relaxed);
	event(EVENT_POLL_LEAVE, result == 1);
	noise(NOISE_POLLED);
	if (result == 1)
		take_break(poller);
}

/* False: another thread has claimed the poller. */
static bool claim_and_poll(struct thread *self)
{
	struct poller *poller = &world->poller;

	noise(NOISE_BEFORE_CLAIM);
	if (os_exchange(&poller->claimed, 1, memory_order_seq_cst))
		return false;
	noise(NOISE_BEFORE_POLL);
	poll(self);
	os_counter_set(&poller->last_polled, os_now());
	os_store(&poller->claimed, 0, memory_order_seq_cst);
	timer_expire_due();
	return true;
}

/* Wait for a slot; false at the end of the world. */
static bool idle(struct thread *self)
{
	struct sched *sched = &world->sched;
	bool ending;

	lock_acquire(&sched->lock);
	ending = os_load(&world->ending, memory_order_relaxed);
	if (!ending) {
		os_store(&self->status, THREAD_WAITING, memory_order_relaxed);
		queue_push(&sched->idle_pollers, self);
	}
	lock_release(&sched->lock);
	if (ending)
		return false;
	park(self);
	if (os_load(&world->ending, memory_order_acquire) &&
		os_load(&self->next_slot, memory_order_acquire) == NO_SLOT)
		return false;
	slot_take_next(self);
	return true;
}

void poller_main(void *unused)
{
	struct thread *self = os_self();

	(void)unused;
	slot_try_idle(self);
	for (;;) {
		if (self->slot == NO_SLOT && !idle(self))
			return;
		timer_expire_due();
		slot_hand_off(slot_leave(self), false);
		if (os_load(&world->ending, memory_order_acquire))
			return;
		if (claim_and_poll(self))
			slot_try_idle(self);
	}
}

/* At the end of the world, with `ending` set: bring every poller home. */
void poller_end(void)
{
	struct thread *thread;

	poller_break();
	lock_acquire(&world->sched.lock);
	while ((thread = queue_pop(&world->sched.idle_pollers)))
		park_wake(thread);
	lock_release(&world->sched.lock);
}
