/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Stop the world, start the world (runtime/proc.go, stopTheWorldWithSema and
 * startTheWorldWithSema).
 *
 * A stop is complete when every slot is stopped. A slot in the hands of a user thread is
 * given up at its next safepoint; one on its way to a thread counts as running, and is
 * given up when it gets there; one in a system call is taken from its owner; an idle one
 * is taken from the stack.
 *
 * The one race that no lock covers: a thread enters a system call while the world is
 * being stopped. It stores the slot's state and then loads `stopping`; the stopper stores
 * `stopping` and then looks at the slot's state. Both are sequentially consistent, so one
 * of them sees the other, and the compare-and-swap from in-syscall decides who counts the
 * slot.
 */
#include "runtime.h"

enum { ASK_AGAIN_AFTER = 100 * 1000 };

/* For a semaphore that a thread may hold across stops and starts; under the scheduler
 * lock. */
static void semaphore_acquire(struct semaphore *semaphore)
{
	struct thread *self = os_self();
	bool held;

	lock_acquire(&world->sched.lock);
	held = semaphore->held;
	observe_stop_asked(self, held ? queue_length(&semaphore->waiters) : 0);
	if (held) {
		os_store(&self->status, THREAD_WAITING, memory_order_relaxed);
		queue_push(&semaphore->waiters, self);
	} else {
		observe_stop_given(self);
	}
	semaphore->held = true;
	lock_release(&world->sched.lock);
	if (held)
		wait_for_ready(self);
}

/* It stays held if somebody waits: the first waiter has it now, and nobody can overtake.
 */
static void semaphore_release(struct semaphore *semaphore)
{
	struct thread *next;

	lock_acquire(&world->sched.lock);
	next = fault(FAULT_STOP_RIGHT_LIFO) ? queue_pop_last(&semaphore->waiters)
					    : queue_pop(&semaphore->waiters);
	if (next)
		observe_stop_given(next);
	semaphore->held = next && !fault(FAULT_STOP_RIGHT_SHARED);
	lock_release(&world->sched.lock);
	if (next)
		ready(next);
}

/* Ask the thread that holds the slot to come to a safepoint. */
void slot_ask(struct slot *slot)
{
	uint32_t owner = os_load(&slot->owner, memory_order_relaxed);
	struct thread *thread;
	uint32_t tid;

	os_store(&slot->preempt, 1, memory_order_relaxed);
	if (!world->config.nudge || owner == NO_THREAD)
		return;
	thread = thread_at(owner);
	tid = os_load(&thread->tid, memory_order_acquire);
	/* One at a time: a thread that is nudged by several at once does nothing else
	 * (go#37741). */
	if (tid && (os_cas(&thread->nudged, 0, 1, memory_order_acq_rel) ||
			   fault(FAULT_NUDGE_UNGATED))) {
		os_count(&world->counters.nudges, 1);
		event_signal_sent(OS_SIGNAL_NUDGE, owner);
		/* It has ended; its record may be another's already. */
		if (os_kill_thread(tid, OS_SIGNAL_NUDGE))
			os_store(&thread->nudged, 0, memory_order_release);
	}
}

/* Ask whoever holds a slot to come to a safepoint. What it reads may be out of date: the
 * stop asks again. */
static void ask_running(void)
{
	const struct thread *self = os_self();

	for (uint32_t i = 0; i < world->config.slots; i++) {
		struct slot *slot = &world->slots[i];

		if (i != self->slot &&
			os_load(&slot->state, memory_order_relaxed) == SLOT_RUNNING)
			slot_ask(slot);
	}
}

static void take_slots_in_syscalls(void)
{
	for (uint32_t i = 0; i < world->config.slots; i++) {
		struct slot *slot = &world->slots[i];

		if (os_cas(&slot->state, SLOT_IN_SYSCALL, SLOT_STOPPED,
			    memory_order_seq_cst)) {
			os_store(&slot->owner, NO_THREAD, memory_order_relaxed);
			world->sched.stop_wait--;
		}
	}
}

static void take_idle_slots(void)
{
	uint32_t slot;

	while (slot_pop_idle(&slot)) {
		os_store(&world->slots[slot].state, SLOT_STOPPED, memory_order_relaxed);
		world->sched.stop_wait--;
	}
}

static void check_stopped(void)
{
	if (world->sched.stop_wait)
		die("stop: still waits for %u slots", world->sched.stop_wait);
	for (uint32_t i = 0; i < world->config.slots; i++)
		if (os_load(&world->slots[i].state, memory_order_relaxed) != SLOT_STOPPED)
			die("stop: slot %u is not stopped", i);
}

int world_stop(void)
{
	struct thread *self = os_self();
	struct sched *sched = &world->sched;
	uint32_t left;

	if (self->stopped_world)
		return -EDEADLK;
	semaphore_acquire(&sched->stop_right);
	os_counter_set(&world->phase, PHASE_STOPPING);

	lock_acquire(&sched->lock);
	sched->stop_wait = world->config.slots;
	os_store(&sched->stopping, 1, memory_order_seq_cst);
	noise(NOISE_STOPPING);
	ask_running();
	os_store(&world->slots[self->slot].state, SLOT_STOPPED, memory_order_relaxed);
	sched->stop_wait--;
	take_slots_in_syscalls();
	take_idle_slots();
	left = sched->stop_wait;
	lock_release(&sched->lock);

	if (left) {
		while (!note_sleep(&sched->stop_note, os_now() + ASK_AGAIN_AFTER))
			ask_running();
		note_take(&sched->stop_note);
	}
	check_stopped();
	self->stopped_world = true;
	os_count(&world->counters.stops, 1);
	os_counter_set(&world->phase, PHASE_STOPPED);
	event(EVENT_WORLD_STOPPED, (uint32_t)os_counted(&world->counters.stops));
	return 0;
}

/* Give every slot but the own one to a runnable thread or to the idle stack. `woken`
 * receives those who got one, `count` of them. */
static uint32_t deal_slots(const struct thread *self, struct thread **woken)
{
	uint32_t count = 0;

	for (uint32_t i = 0; i < world->config.slots; i++) {
		struct thread *next;

		if (i == self->slot)
			continue;
		next = fault(FAULT_START_FORGETS_RUNNABLE)
			       ? NULL
			       : queue_pop(&world->sched.runnable);
		if (next) {
			slot_assign(i, next);
			woken[count++] = next;
		} else {
			slot_push_idle(i);
		}
	}
	return count;
}

void world_restart(void)
{
	struct thread *self = os_self(), *woken[SLOTS_MAX];
	struct sched *sched = &world->sched;
	struct slot *own = &world->slots[self->slot];
	uint32_t count;

	if (!self->stopped_world)
		die("start: the world was not stopped by thread %u", self->id);
	event(EVENT_WORLD_STARTED, (uint32_t)os_counted(&world->counters.stops));
	os_counter_set(&world->phase, PHASE_STARTING);
	self->stopped_world = false;

	lock_acquire(&sched->lock);
	/* In that order nobody may be asked for a stopped slot, and who is asked in between will be again (sysmon.c). */
	os_store(&own->state, SLOT_RUNNING, memory_order_seq_cst);
	os_store(&own->preempt, 0, memory_order_relaxed);
	count = deal_slots(self, woken);
	noise(NOISE_STARTING);
	os_store(&sched->stopping, 0, memory_order_seq_cst);
	sysmon_wake(SYSMON_SLEEPS);
	lock_release(&sched->lock);

	for (uint32_t i = 0; i < count; i++)
		park_wake(woken[i]);
	poller_call();
	os_counter_set(&world->phase, PHASE_IDLE);
	semaphore_release(&sched->stop_right);
}
