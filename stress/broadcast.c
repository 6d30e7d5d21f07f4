/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The broadcast: one function on every thread, with no user code in between. This is the
 * subject `cooperative`: the mechanism of Go 1.16 (runtime/proc.go at 7e97e4e8,
 * syscall_runtime_doAllThreadsSyscall and mDoFixup), repaired.
 *
 * The coordinator blocks all signals, stops the world, calls the function itself, posts a
 * fixup to every other thread, and waits until each has run it. Then it starts the world.
 *
 * Why it ends. With the world stopped the list of threads stands still, and each thread
 * on it is in one of these places, or in finite code of the runtime that leads to one of
 * them:
 *
 *   parked, or about to park
 *	The park note stays up until the thread has looked at it, and park runs the fixup
 *	after every wake.
 *   asleep as receiver
 *	Woken as long as it owes: the coordinator moves the signal queue out of
 *	`receiving`. It runs its fixup after every sleep, and needs no slot for it.
 *   in a system call
 *	Marked so before its slot could be taken. A directed signal runs the fixup in the
 *	handler, before the call, in it or after it. SIGURG is never blocked for longer
 *	than a finite stretch of the runtime, and a standard signal is never refused.
 *   in the poller
 *	Broken out as long as it owes, however late it went in. Out of it, with no slot to
 *	be had, it parks.
 *   sysmon, template thread
 *	Woken as long as they sleep and owe; each runs its fixup after every sleep.
 *   being born
 *	It has opened its mask before it has a tid, and parks before it runs user code. No
 *	birth is half done: only a thread with a slot asks for one, and the template
 *	thread is waited for.
 *   in a handler
 *	Handlers are finite: signal_send waits for nobody, in no state of the queue.
 *
 * Nothing in that list waits for the receiver, for a slot, or for the coordinator, so
 * there is no cycle.
 *
 * Why once. A fixup goes none -> outstanding by the coordinator, outstanding -> running
 * by one compare-and-swap of its own thread, running -> none by the same thread after the
 * function has returned. The thread's own loop and a handler on it may both try; all
 * signals are blocked from before the claim to after the end, so neither can find the
 * other in the middle. The coordinator posts the next only when all are none.
 *
 * Why in between. A thread that owes has no slot: posting happens in the stopped world,
 * and the world is started only after the coordinator has seen that nobody owes, with
 * acquire, pairing with the release that follows each call. What the function did to the
 * thread and to memory is visible to all user code after.
 *
 * Signals. None is lost (sigqueue.c). The mask of each thread is the same after as
 * before: each place that blocks restores what it found.
 */
#include "runtime.h"
#include "subject.h"

enum { LOOK_AGAIN_AFTER = 100 * 1000 };

static void run_function(struct thread *self)
{
	struct broadcast *now = &world->broadcast;
	void *argument = now->argument;

	noise(NOISE_FIXUP_CLAIMED);
	event(EVENT_FIXUP_RUN, now->number);
	if (fault(FAULT_ARGUMENT_STALE) && now->argument_before)
		argument = now->argument_before;
	self->fixup.result = self->fixup.left_out ? 0 : now->function(argument, false);
	if (fault(FAULT_FIXUP_RUN_TWICE))
		now->function(argument, false);
	os_count(&world->counters.fixups, 1);
	noise(NOISE_FIXUP_RUN);
}

/* The last one wakes the coordinator. Every release here pairs with the acquire in
 * is_over. */
static void settle(struct thread *self)
{
	struct broadcast *now = &world->broadcast;

	os_counter_set(&world->observed.last, self->id);
	os_store(&self->fixup.state, FIXUP_NONE, memory_order_release);
	if (os_sub(&now->owing, 1, memory_order_acq_rel) == 1) {
		if (fault(FAULT_STOP_NOTE_SHARED))
			note_post(&world->sched.stop_note, NOTE_WAKE);
		os_futex_wake(&now->owing, 1);
	}
	noise(NOISE_FIXUP_SETTLED);
}

/* Acquire pairs with the release in post. */
static bool claim_and_run(struct thread *self)
{
	if (!os_cas(&self->fixup.state, FIXUP_OUTSTANDING, FIXUP_RUNNING,
		    memory_order_acquire))
		return false;
	if (fault(FAULT_FIXUP_CLEARED_EARLY)) {
		settle(self);
		run_function(self);
	} else {
		run_function(self);
		settle(self);
	}
	return true;
}

/* The seed claims under a lock, and a handler may stand in the middle of its own thread's
 * claim. */
static bool seed_claim_and_run(struct thread *self, struct os_signal_set mask)
{
	bool ran;

	lock_acquire(&self->fixup.lock);
	ran = claim_and_run(self);
	if (fault(FAULT_FIXUP_OPENS_EARLY))
		os_signals_set(mask);
	lock_release(&self->fixup.lock);
	return ran;
}

static bool keeps_mask(const struct thread *self)
{
	return fault(FAULT_SERVICE_MASK_NOT_RESTORED) && self->kind >= THREAD_SYSMON;
}

/* Run what the calling thread owes; true if it did owe. Async-signal-safe if the function
 * is. */
bool fixup_run(struct thread *self)
{
	struct os_signal_set mask = self->mask;
	bool ran;

	if (!fault(FAULT_FIXUP_UNMASKED)) {
		if (os_load(&self->fixup.state, memory_order_acquire) == FIXUP_NONE)
			return false;
		mask = os_signals_block_all();
	}
	ran = fault(FAULT_FIXUP_LOCKED) ? seed_claim_and_run(self, mask)
					: claim_and_run(self);
	if (!fault(FAULT_FIXUP_UNMASKED) && !keeps_mask(self))
		os_signals_set(mask);
	return ran;
}

/* Whom the function is not run on, though they settle. */
static bool is_left_out(const struct thread *thread)
{
	uint32_t where = os_peek(&thread->where);

	return fault(FAULT_SKIPS_OTHERS) ||
	       (fault(FAULT_SKIPS_LEADER) && thread->kind == THREAD_LEADER) ||
	       (fault(FAULT_SKIPS_SYSMON) && thread->kind == THREAD_SYSMON) ||
	       (fault(FAULT_SKIPS_TEMPLATE) && thread->kind == THREAD_TEMPLATE) ||
	       (fault(FAULT_SKIPS_RECEIVER) && thread->kind == THREAD_RECEIVER) ||
	       (fault(FAULT_SKIPS_POLLERS) && thread->kind == THREAD_POLLER) ||
	       (fault(FAULT_SKIPS_NEWBORNS) && where == WHERE_BIRTH) ||
	       (fault(FAULT_SKIPS_SYSCALLS) && where == WHERE_SYSCALL);
}

/* A thread that does not park is woken by the coordinator's wait. */
static void post(struct thread *thread)
{
	bool locked = fault(FAULT_FIXUP_LOCKED);

	if (!os_load(&thread->tid, memory_order_acquire) && !thread->parks)
		die("broadcast: thread %u neither runs nor parks", thread->id);
	event(EVENT_FIXUP_POSTED, thread->id);
	thread->fixup.directed = false;
	thread->fixup.left_out = is_left_out(thread);
	os_counter_set(&thread->observed.looked, LOOKED_NOT);
	if (locked)
		lock_acquire(&thread->fixup.lock);
	if (fault(FAULT_NOTE_BEFORE_FIXUP) && thread->parks)
		park_wake_for_fixup(thread);
	os_store(&thread->fixup.state, FIXUP_OUTSTANDING, memory_order_release);
	noise(NOISE_FIXUP_SET);
	if (!fault(FAULT_NOTE_BEFORE_FIXUP) && thread->parks)
		park_wake_for_fixup(thread);
	noise(NOISE_FIXUP_POSTED);
	if (locked)
		lock_release(&thread->fixup.lock);
}

/* Once is enough for each thread and broadcast: the signal stays pending until the
 * handler runs. */
static void direct(struct thread *thread)
{
	if (fault(FAULT_BLOCKED_UNREACHED) || thread->fixup.directed)
		return;
	thread->fixup.directed = true;
	os_count(&world->counters.directed, 1);
	event_signal_sent(OS_SIGNAL_NUDGE, thread->id);
	os_kill_thread(os_load(&thread->tid, memory_order_acquire), OS_SIGNAL_NUDGE);
}

/* Bring a thread that still owes out of a sleep that its park note does not end. */
static void reach(struct thread *thread)
{
	enum thread_where where = os_load(&thread->where, memory_order_relaxed);

	switch (where) {
	case WHERE_SYSCALL:
		direct(thread);
		break;
	case WHERE_POLLER:
		if (!fault(FAULT_POLLER_BROKEN_ONCE))
			poller_break();
		break;
	case WHERE_NOTE:
		if (!fault(FAULT_RECEIVER_UNREACHED))
			signal_wake_receiver_for_fixup();
		break;
	case WHERE_SYSMON:
		sysmon_wake(SYSMON_NAPS);
		break;
	case WHERE_TEMPLATE:
		template_wake();
		break;
	default:
		break;
	}
	observe_look(thread, where);
}

static bool owes(struct thread *thread, memory_order order)
{
	return os_load(&thread->fixup.state, order) != FIXUP_NONE;
}

static bool owes_under_lock(struct thread *thread)
{
	bool result;

	lock_acquire(&thread->fixup.lock);
	result = owes(thread, memory_order_acquire);
	lock_release(&thread->fixup.lock);
	return result;
}

static bool is_over(uint32_t owing)
{
	if (!fault(FAULT_COMPLETION_UNDER_LOCK))
		return owing == 0;
	for_each_thread (t)
		if (owes_under_lock(t))
			return false;
	return true;
}

/* A thread may go to sleep, or into the poller, after it was looked at: so look again
 * after a while. Who owes is only a hint whom to reach, and may be out of date. */
static void await_all(const struct thread *self)
{
	struct broadcast *now = &world->broadcast;

	os_counter_set(&world->observed.ticks, 0);
	for (;;) {
		uint32_t owing = os_load(&now->owing, memory_order_acquire);

		if (is_over(owing))
			break;
		for_each_thread (t)
			if (t != self && owes(t, memory_order_relaxed))
				reach(t);
		if (os_futex_wait(&now->owing, owing, os_now() + LOOK_AGAIN_AFTER) ==
			-ETIMEDOUT)
			os_count_own(&world->observed.ticks, 1);
	}
	observe_broadcast();
}

uint32_t broadcast_others(const struct thread *self)
{
	uint32_t others = 0;

	for_each_thread (t)
		others += t != self;
	return others;
}

static void post_to_others(const struct thread *self)
{
	os_store(&world->broadcast.owing, broadcast_others(self), memory_order_relaxed);
	for_each_thread (t)
		if (t != self)
			post(t);
}

/* 0, or -EPROTO and who did not agree. */
int broadcast_result(const struct thread *self, uint32_t *dissenter)
{
	for_each_thread (t) {
		if (t == self || !t->fixup.result || fault(FAULT_RESULTS_IGNORED))
			continue;
		if (dissenter)
			*dissenter = t->id;
		return -EPROTO;
	}
	return 0;
}

/* With the world stopped and all signals blocked. */
static int run_on_all(struct thread *self, uint32_t *dissenter)
{
	struct broadcast *now = &world->broadcast;
	int error;

	if (!fault(FAULT_BIRTH_UNSERIALISED))
		template_await_idle();
	if (fault(FAULT_POLLER_BROKEN_ONCE))
		poller_break();
	if (fault(FAULT_RECEIVER_NEEDS_SLOT))
		signal_wake_receiver_for_fixup();
	if (fault(FAULT_POSTED_FIRST))
		post_to_others(self);
	noise(NOISE_RECEIVER_MOVED);
	error = now->function(now->argument, true);
	if (error && !fault(FAULT_FIRST_FAILURE_IGNORED))
		return error;
	if (!fault(FAULT_POSTED_FIRST))
		post_to_others(self);
	await_all(self);
	os_count(&world->counters.broadcasts, 1);
	return broadcast_result(self, dissenter);
}

static int stop_and_run(struct thread *self, int (*function)(void *argument, bool first),
	void *argument, uint32_t *dissenter)
{
	struct broadcast *now = &world->broadcast;
	int error = world_stop();

	if (error)
		return error;
	if (fault(FAULT_COORDINATOR_MASKS_LATE))
		os_signals_block_all();
	os_counter_set(&world->phase, PHASE_BROADCASTING);
	if (fault(FAULT_ARGUMENT_STALE))
		now->argument_before = now->argument;
	now->function = function;
	now->argument = argument;
	now->number++;
	event(EVENT_BROADCAST_BEGIN, now->number);
	error = run_on_all(self, dissenter);
	event(EVENT_BROADCAST_END, now->number);
	if (fault(FAULT_COORDINATOR_OPENS_EARLY))
		os_signals_set(self->mask);
	world_restart();
	return error;
}

/* Signals are blocked before anything is waited for: the coordinator is the one thread
 * that nobody could help out of a handler. They are restored when the world runs again.
 */
int broadcast(
	int (*function)(void *argument, bool first), void *argument, uint32_t *dissenter)
{
	struct thread *self = os_self();
	struct os_signal_set mask;
	int error;

	if (self->stopped_world)
		return -EDEADLK;
	while (!os_load(&world->sysmon.up, memory_order_acquire))
		os_yield();
	if (fault(FAULT_COORDINATOR_UNMASKED))
		return stop_and_run(self, function, argument, dissenter);
	mask = fault(FAULT_COORDINATOR_MASKS_LATE) ? os_signals_get()
						   : os_signals_block_all();
	error = stop_and_run(self, function, argument, dissenter);
	if (!error || !fault(FAULT_MASK_NOT_RESTORED))
		os_signals_set(mask);
	return error;
}

const struct subject subject_cooperative = {
	.name = "cooperative",
	.summary = "Go 1.16's all-threads broadcast, repaired: threads run the function "
		   "themselves",
	.start = world_start,
	.spawn = thread_spawn,
	.broadcast = broadcast,
	.stop_world = world_stop,
	.start_world = world_restart,
	.end = world_end,
};
