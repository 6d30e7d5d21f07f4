/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The broadcast by signals: the subject `directed`. The mechanism of Go 1.18
 * (runtime/os_linux.go at 0a5fae2a0e, syscall_runtime_doAllThreadsSyscall and
 * runPerThreadSyscall), which is also that of glibc's setxid and of libpsx, repaired.
 *
 * The coordinator stops the world, forbids births, calls the function itself and records
 * it. When every listed thread can take signals, it marks each and sends each the
 * broadcast signal, whose handler runs the function and clears the mark. When all marks
 * are clear it allows births and starts the world. Nobody has to come by anywhere: a
 * signal reaches a thread wherever it is. All that is asked of the others is that they do
 * not block this one signal, and that their sleeps can be interrupted.
 *
 * Why it ends. The coordinator waits in four places.
 *
 *   for its right to stop the world, and for the stop
 *	With its signals open: another coordinator may want it meanwhile. Both waits end
 *	as they do for any other stop (stop.c); no handler takes part in them, and none
 *	keeps a slot for ever, because handlers are finite.
 *   for births that are under way
 *	Only a thread with a slot begins one, and it keeps the slot until it has ended
 *	it. So in the stopped world there are none.
 *   for every listed thread to have a tid
 *	The record of a newborn is on the list before the thread is made. Who makes it is
 *	the template thread, which is not stopped, waits for nobody, and dies aloud if the
 *	system has no thread to give; or it has been made already. A thread that is made
 *	has its signal stack, then its mask, then a tid, and waits for nothing before.
 *	A listed thread does not lose its tid: to end it needs a slot until it is off the
 *	list (thread.c), so it does so before the stop or after the start.
 *   for every mark to be cleared
 *	A standard signal is never refused: if one is pending already, that one will do,
 *	for the mark decides and not what brought the handler there. It stays pending
 *	until its thread opens its mask, and the runtime blocks signals only for finite
 *	stretches in which it waits for nobody: in handlers, in a birth, at the end, and
 *	where a coordinator has got what it waits for. The signal ends each sleep there
 *	is: on a note or a lock, in the poller, in a system call; each sleeper looks again
 *	whether it has what it wanted, and how long it has to go (a deadline is a point in
 *	time, golang/go#27520), and goes back to sleep. So nobody sees it, either.
 *
 * No handler waits, and none of the four waits for another coordinator or for a slot that
 * only this one could give, so there is no cycle.
 *
 * Why once. A mark goes 0 -> 1 by the coordinator, when it is 0 on every thread; 1 -> 0 by
 * its own thread, in a handler, after the call. Handlers do not nest: all signals are
 * blocked in one. A signal that comes without a mark, a second one or one from outside,
 * finds 0 and does nothing. And nobody inherits what was done: a newborn is made before
 * anybody but the coordinator has changed, or after all have. That is why all have a tid
 * before the first is sent a signal: the template thread, changed, could make a thread
 * that is changed by birth and then by its own mark, and the function need not be one
 * that may be run twice.
 *
 * Why in between. The world is stopped from before the first call to after the last mark
 * was seen to be 0, with acquire, pairing with the release that clears it.
 *
 * Which signal. Go, glibc and libpsx from 2.74 take a real-time one, which the kernel
 * refuses with EAGAIN when the quota of pending signals (RLIMIT_SIGPENDING, ulimit -i) is
 * used up, by whatever process of the same user: Go waits then for ever, glibc leaves
 * threads in the old state and reports success. To try again, as musl does, ends when
 * somebody else lets go of the quota, perhaps never. Standard signals have one bit for
 * each thread and need no quota. What they lose is that two become one, and that is
 * harmless here. It is SIGWINCH for two reasons that SIGURG shares, which is taken: what
 * comes late, when there is no handler any more, is ignored; and programs hardly care for
 * it.
 * The price is that they cannot subscribe to it. A refusal for any other reason means that
 * a listed thread is no thread, and is fatal.
 */
#include "runtime.h"
#include "subject.h"

/*
 * Births: a lock that those who give birth hold for reading, and the coordinator for
 * writing. With the world stopped nobody holds it, so it decides nothing that the stop
 * does not; it is what the list of threads hangs on, said where it can be checked.
 */
#define BIRTHS_FORBIDDEN (UINT32_C(1) << 31)

/* Acquire pairs with the release in births_allow. */
void birth_begin(void)
{
	os_word *births = &world->broadcast.births;
	uint32_t now;

	if (!world->broadcast.signal)
		return;
	for (;;) {
		now = os_load(births, memory_order_relaxed);
		if (now & BIRTHS_FORBIDDEN)
			os_futex_wait(births, now, OS_FOREVER);
		else if (os_cas(births, now, now + 1, memory_order_acquire))
			break;
	}
	if (fault(FAULT_DIRECTED_BIRTH_PARKS))
		thread_yield();
}

/* Release pairs with the acquire in births_forbid: the newborn is on the list. All are woken,
 * for the coordinator may not be the only one that sleeps on the word. */
void birth_end(void)
{
	os_word *births = &world->broadcast.births;

	if (world->broadcast.signal &&
		os_sub(births, 1, memory_order_release) == BIRTHS_FORBIDDEN + 1)
		os_futex_wake(births, UINT32_MAX >> 1);
}

static void births_forbid(void)
{
	os_word *births = &world->broadcast.births;
	uint32_t now;

	while ((now = os_or(births, BIRTHS_FORBIDDEN, memory_order_acquire)) &
		~BIRTHS_FORBIDDEN)
		os_futex_wait(births, now | BIRTHS_FORBIDDEN, OS_FOREVER);
}

static void births_allow(void)
{
	os_and(&world->broadcast.births, ~BIRTHS_FORBIDDEN, memory_order_release);
	os_futex_wake(&world->broadcast.births, UINT32_MAX >> 1);
}

/*
 * In the handler
 */

/* The last one wakes the coordinator. Both releases pair with the acquire in await_all. */
static void settle(struct thread *self)
{
	struct broadcast *now = &world->broadcast;

	os_store(&self->fixup.mark, 0, memory_order_release);
	if (os_sub(&now->owing, 1, memory_order_acq_rel) == 1)
		os_futex_wake(&now->owing, 1);
	noise(NOISE_FIXUP_SETTLED);
}

static void run_function(struct thread *self)
{
	struct broadcast *now = &world->broadcast;

	if (!now->function)
		die("directed: thread %u is to run a function, and there is none",
			self->id);
	noise(NOISE_FIXUP_CLAIMED);
	event(EVENT_FIXUP_RUN, now->number);
	if (fault(FAULT_DIRECTED_UNDEFINED))
		self->fixup.leftover = (uintptr_t)__builtin_frame_address(0);
	self->fixup.result = now->function(now->argument, false);
	os_count(&world->counters.fixups, 1);
	noise(NOISE_FIXUP_RUN);
}

/* By the handler of the broadcast signal, with all signals blocked. Async-signal-safe if
 * the function is. Acquire pairs with the release in reach: what is to be run has been
 * recorded. */
void directed_run(struct thread *self)
{
	if (!os_load(&self->fixup.mark, memory_order_acquire))
		return;
	if (fault(FAULT_DIRECTED_KIND_UNHANDLED) && self->kind == THREAD_TEMPLATE)
		return;
	if (fault(FAULT_DIRECTED_ARGUMENTS_REUSED)) {
		settle(self);
		run_function(self);
	} else {
		run_function(self);
		settle(self);
	}
}

/*
 * The coordinator
 */

/* Acquire pairs with the release in enter (thread.c): it has its signal stack. */
static uint32_t tid_of(const struct thread *thread)
{
	return os_load(&thread->tid, memory_order_acquire);
}

static void await_births(void)
{
	for_each_thread (t)
		while (!tid_of(t))
			os_yield();
}

/* The mark first: the handler may run before the next line. */
static void reach(struct thread *thread)
{
	int error;

	event(EVENT_FIXUP_POSTED, thread->id);
	thread->fixup.directed = true;
	os_store(&thread->fixup.mark, 1, memory_order_release);
	noise(NOISE_FIXUP_SET);
	os_count(&world->counters.directed, 1);
	event_signal_sent(world->broadcast.signal, thread->id);
	error = os_kill_thread(tid_of(thread), world->broadcast.signal);
	if (error && !fault(FAULT_DIRECTED_QUOTA))
		die("directed: thread %u cannot be sent a signal (error %d)", thread->id,
			-error);
}

/* Whoever can take signals is sent one at once, also while others are being born. */
static void reach_as_they_come(const struct thread *self)
{
	bool all;

	do {
		all = true;
		for_each_thread (t) {
			if (t == self || t->fixup.directed)
				continue;
			if (tid_of(t))
				reach(t);
			else
				all = false;
		}
		if (!all)
			os_yield();
	} while (!all);
}

static void reach_others(const struct thread *self)
{
	for_each_thread (t)
		t->fixup.directed = false;
	os_store(&world->broadcast.owing, broadcast_others(self), memory_order_relaxed);
	if (fault(FAULT_DIRECTED_SENDS_EARLY)) {
		reach_as_they_come(self);
		return;
	}
	await_births();
	for_each_thread (t)
		if (t != self)
			reach(t);
}

/* No need to look again after a while, or to send again: a signal that was sent stays. */
static void await_all(void)
{
	os_word *owing = &world->broadcast.owing;
	uint32_t left;

	while ((left = os_load(owing, memory_order_acquire)))
		os_futex_wait(owing, left, OS_FOREVER);
}

/* As if it were a result too, what the function leaves behind and does not define. */
static int compare_leftovers(const struct thread *self, uint32_t *dissenter)
{
	for_each_thread (t) {
		if (t == self || t->fixup.leftover == self->fixup.leftover)
			continue;
		if (dissenter)
			*dissenter = t->id;
		return -EPROTO;
	}
	return 0;
}

/* With the world stopped, births forbidden and all signals blocked. */
static int run_on_all(struct thread *self, uint32_t *dissenter)
{
	struct broadcast *now = &world->broadcast;
	int error = now->function(now->argument, true);

	if (error)
		return error;
	reach_others(self);
	await_all();
	os_count(&world->counters.broadcasts, 1);
	error = broadcast_result(self, dissenter);
	if (!error && fault(FAULT_DIRECTED_UNDEFINED))
		error = compare_leftovers(self, dissenter);
	return error;
}

/* From here on the coordinator waits for nobody who may be waiting for it: no other can
 * have marked it. So it may block signals, and does: what the function sees is the same
 * on every thread. */
static int run_masked(struct thread *self, int (*function)(void *argument, bool first),
	void *argument, uint32_t *dissenter)
{
	struct broadcast *now = &world->broadcast;
	struct os_signal_set mask = os_signals_block_all();
	int error;

	births_forbid();
	now->function = function;
	now->argument = argument;
	now->number++;
	event(EVENT_BROADCAST_BEGIN, now->number);
	error = run_on_all(self, dissenter);
	event(EVENT_BROADCAST_END, now->number);
	now->function = NULL;
	births_allow();
	if (!error || !fault(FAULT_MASK_NOT_RESTORED))
		os_signals_set(mask);
	return error;
}

static int stop_and_run(struct thread *self, int (*function)(void *argument, bool first),
	void *argument, uint32_t *dissenter)
{
	bool stops = !fault(FAULT_DIRECTED_UNSTOPPED);
	int error = stops ? world_stop() : 0;

	if (error)
		return error;
	os_counter_set(&world->phase, PHASE_BROADCASTING);
	error = run_masked(self, function, argument, dissenter);
	if (stops)
		world_restart();
	return error;
}

static int directed_broadcast(
	int (*function)(void *argument, bool first), void *argument, uint32_t *dissenter)
{
	struct thread *self = os_self();
	struct os_signal_set mask;
	int error;

	if (self->stopped_world)
		return -EDEADLK;
	if (!fault(FAULT_DIRECTED_WAITS_MASKED))
		return stop_and_run(self, function, argument, dissenter);
	mask = os_signals_block_all();
	error = stop_and_run(self, function, argument, dissenter);
	os_signals_set(mask);
	return error;
}

static int signal_for(const struct fault_set *faults)
{
	if (faults->on[FAULT_DIRECTED_QUOTA])
		return OS_SIGNAL_REALTIME;
	if (faults->on[FAULT_DIRECTED_COLLISION])
		return OS_SIGNAL_HANGUP;
	return OS_SIGNAL_BROADCAST;
}

static enum os_disposition handling_for(const struct fault_set *faults)
{
	if (faults->on[FAULT_DIRECTED_INTERRUPTS])
		return OS_SIGNAL_HANDLE_UNRESTARTED;
	if (faults->on[FAULT_DIRECTED_OFF_STACK])
		return OS_SIGNAL_HANDLE_OFF_STACK;
	return OS_SIGNAL_HANDLE;
}

static int directed_start(const struct world_config *config)
{
	return world_start_with(
		config, signal_for(&config->faults), handling_for(&config->faults));
}

const struct subject subject_directed = {
	.name = "directed",
	.summary = "Go 1.18's all-threads broadcast, repaired: a signal to each thread, "
		   "whose handler runs the function",
	.start = directed_start,
	.spawn = thread_spawn,
	.broadcast = directed_broadcast,
	.stop_world = world_stop,
	.start_world = world_restart,
	.end = world_end,
};
