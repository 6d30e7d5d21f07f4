/* SPDX-License-Identifier: BSD-2-Clause */
/* The handler, and who is subscribed to what (os/signal/signal.go). */
#include "oracles.h"
#include "runtime.h"

void signal_note(enum signal_moment moment)
{
	os_count(&world->counters.overlaps[os_counted(&world->phase)][moment], 1);
}

static bool can_be_wanted(int signal)
{
	return signal >= 1 && signal <= SIGNALS_MAX &&
	       (signal != world->broadcast.signal || fault(FAULT_DIRECTED_COLLISION));
}

static uint64_t bit_of(int signal)
{
	return UINT64_C(1) << (signal - 1);
}

static void nudged(struct thread *self)
{
	os_store(&self->nudged, 0, memory_order_release);
	/* In a system call this is the directed signal of a broadcast. Elsewhere the
	 * thread comes by its own fixup call soon, and a handler need not do its work. */
	if (os_load(&self->where, memory_order_relaxed) != WHERE_SYSCALL)
		return;
	observe_wake(self, WHERE_SYSCALL, WAKER_SIGNAL);
	fixup_run(self);
}

/* It may arrive before there is a signal stack, or have been installed without: the next
 * deep stack would be overrun (golang/go#9400, glibc 27914). */
static void check_handler_stack(const struct thread *self, int signal)
{
	if (!os_on_signal_stack(&self->os, signal))
		oracle_broken(ORACLE_HANDLER_CONTEXT,
			"the handler of signal %d does not run on its thread's signal "
			"stack",
			signal);
}

static void check_handler(const struct thread *self, uint32_t handlers, int signal)
{
	if (handlers & 1)
		oracle_broken(ORACLE_HANDLER_CONTEXT,
			"the handler of signal %d runs in the middle of another", signal);
	check_handler_stack(self, signal);
}

/* The end of a handler that does not end: on a thread without a slot, so that the others
 * go on. With one it would be a livelock, for no stop would come to its end. */
static void run_long(const struct thread *self)
{
	while (fault(FAULT_HANDLER_RUNS_LONG) && self->kind == THREAD_LEADER &&
		os_load(&self->where, memory_order_relaxed) == WHERE_PARKED)
		os_relax();
}

/* Queue it for the user; false if it is nobody's. The signal of a directed broadcast never
 * is, and the nudge need not be. */
static bool is_somebodys(int signal)
{
	if (signal == world->broadcast.signal)
		return true;
	return signal_send(signal) || signal == OS_SIGNAL_NUDGE;
}

/* The one handler. Every signal is blocked while it runs, so it does not nest; it waits
 * for nobody. A signal that is not wanted any more had its disposition from before put
 * back first: it is sent again, to be taken as that says when the handler returns. The function of a broadcast, which it may run, may do to errno what it
 * likes. */
void signal_handler(int signal)
{
	struct thread *self = os_self();
	int error = errno;
	uint32_t handlers;

	/* A thread of the process that is none of the world's. */
	if (!self) {
		if (!is_somebodys(signal))
			os_kill_process(signal);
		errno = error;
		return;
	}
	handlers = os_load(&self->handler, memory_order_relaxed);
	check_handler(self, handlers, signal);
	os_store(&self->handler, handlers + 1, memory_order_relaxed);
	event(EVENT_HANDLER_ENTER, (uint32_t)signal);
	if (fault(FAULT_HANDLER_NESTS))
		os_signals_set(self->mask);
	if (signal == OS_SIGNAL_NUDGE)
		nudged(self);
	else if (signal == world->broadcast.signal)
		directed_run(self);
	if (!is_somebodys(signal)) {
		event_signal_sent(signal, self->id);
		os_kill_thread(os_load(&self->tid, memory_order_relaxed), signal);
	}
	run_long(self);
	event(EVENT_HANDLER_LEAVE, (uint32_t)signal);
	os_store(&self->handler, handlers + 2, memory_order_relaxed);
	errno = fault(FAULT_ERRNO_LOST) ? EINTR : error;
}

static uint64_t wanted_by_anybody(void)
{
	uint64_t wanted = 0;

	for (struct channel *c = world->signals.subscriptions; c; c = c->next)
		wanted |= c->leaving ? 0 : c->wanted;
	return wanted;
}

static void store_wanted(uint64_t wanted)
{
	os_store(&world->signals.wanted[0], (uint32_t)wanted, memory_order_seq_cst);
	os_store(&world->signals.wanted[1], (uint32_t)(wanted >> 32),
		memory_order_seq_cst);
}

/* `wanted` before the handler is there, or the first signal would be for nobody
 * (golang/go#33174). */
static int start_handling(int signal)
{
	enum os_disposition before = OS_SIGNAL_DEFAULT;
	uint64_t wanted = wanted_by_anybody();
	int error = 0;

	store_wanted(wanted | bit_of(signal));
	if (signal != OS_SIGNAL_NUDGE)
		error = os_signal_dispose(
			signal, OS_SIGNAL_HANDLE, signal_handler, &before);
	if (error)
		store_wanted(wanted);
	else if (signal != OS_SIGNAL_NUDGE)
		world->signals.before[signal] = before;
	return error;
}

static bool is_subscribed(const struct channel *channel)
{
	for (struct channel *c = world->signals.subscriptions; c; c = c->next)
		if (c == channel)
			return true;
	return false;
}

int signal_subscribe(struct channel *channel, int signal)
{
	struct signal_queue *queue = &world->signals;
	int error = 0;

	if (!can_be_wanted(signal))
		return -EINVAL;
	lock_acquire(&queue->lock);
	if (!(wanted_by_anybody() & bit_of(signal)))
		error = start_handling(signal);
	if (!error) {
		channel->wanted |= bit_of(signal);
		if (!is_subscribed(channel)) {
			channel->next = queue->subscriptions;
			queue->subscriptions = channel;
		}
	}
	lock_release(&queue->lock);
	return error;
}

static void restore_dispositions(uint64_t signals)
{
	for (int s = 1; s <= SIGNALS_MAX; s++)
		if ((signals & bit_of(s)) && s != OS_SIGNAL_NUDGE)
			os_signal_dispose(s,
				fault(FAULT_DISPOSITION_FORGOTTEN)
					? OS_SIGNAL_IGNORE
					: world->signals.before[s],
				NULL, NULL);
}

static void let_others_run(void)
{
	thread_yield();
	os_yield();
}

/*
 * Until everything that was queued by handlers that saw the signal wanted has been
 * dispatched: no handler is between "wanted?" and "queued", and then the receiver either
 * sleeps or has begun two rounds, the first of which ended when the second began. (Go
 * waits for it to sleep, which a flood on another channel can put off for ever.)
 */
static void await_deliveries(void)
{
	struct signal_queue *queue = &world->signals;
	uint32_t round;

	while (os_load(&queue->delivering, memory_order_seq_cst))
		let_others_run();
	round = os_load(&queue->rounds, memory_order_seq_cst);
	while (os_load(&queue->state, memory_order_seq_cst) != SIGNAL_RECEIVING &&
		os_load(&queue->rounds, memory_order_seq_cst) - round < 2)
		let_others_run();
}

/* While it is leaving the channel still gets what is under way: a signal is delivered or
 * takes its disposition from before, and is never lost between the two (golang/go#14571).
 */
static void begin_leaving(struct channel *channel)
{
	uint64_t before, left;

	lock_acquire(&world->signals.lock);
	before = wanted_by_anybody();
	channel->leaving = true;
	left = wanted_by_anybody();
	restore_dispositions(before & ~left);
	store_wanted(left);
	lock_release(&world->signals.lock);
}

static void leave(struct channel *channel)
{
	struct channel **link = &world->signals.subscriptions;

	if (fault(FAULT_UNSUBSCRIBED_IN_NAME))
		return;
	lock_acquire(&world->signals.lock);
	while (*link != channel)
		link = &(*link)->next;
	*link = channel->next;
	channel->wanted = 0;
	channel->leaving = false;
	lock_release(&world->signals.lock);
}

void signal_unsubscribe(struct channel *channel)
{
	if (!channel->wanted)
		return;
	begin_leaving(channel);
	if (!fault(FAULT_UNSUBSCRIBE_EARLY))
		await_deliveries();
	leave(channel);
}
