/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The signal queue: from handlers on any thread to the one receiver
 * (runtime/sigqueue.go).
 *
 * A handler sets a bit in the pending mask and then tells the receiver through one state
 * word. It never waits and never retries: whatever the state is, it becomes `sending`,
 * and if the receiver was asleep the handler wakes it. The receiver, whatever woke it,
 * moves the state to idle and then takes the mask.
 *
 *	sender                          receiver
 *	  pending |= bit                  state <- idle
 *	  state <- sending                bits <- pending <- 0
 *	  if it was receiving: wake       if none: idle -> receiving, sleep
 *
 * No signal is lost: sender and receiver each exchange the state before the receiver
 * takes the mask, and exchanges of one word are ordered. If the sender's comes first, the
 * receiver's reads it or a later one and then sees the bit. If it comes second, the state
 * is `sending` when the receiver, finding no bit, tries to go to `receiving`, so that it
 * looks again. No wake is doubled or left over: the state leaves `receiving` once, by one
 * exchange or compare-and-swap, and who moved it owes the one post; it comes back to
 * `receiving` only after the receiver has taken the post.
 *
 * A broadcast must reach the receiver, which does not sleep on its park note: the
 * coordinator moves receiving -> fixup and wakes it. In the seed a sender that finds
 * `fixup` spins until the receiver has run, which needs a slot, which needs the end of
 * the broadcast, and more: the root of all but one of its hangs (fault handler-waits).
 * Here it is a state like any other.
 */
#include "runtime.h"

static struct signal_queue *queue(void)
{
	return &world->signals;
}

static os_word *word_of(os_word *mask, int signal, uint32_t *bit)
{
	*bit = UINT32_C(1) << ((signal - 1) % 32);
	return &mask[(signal - 1) / 32];
}

/* What the seed does in state fixup: wait for somebody else, in a handler. */
static void seed_wait_for_receiver(void)
{
	if (!fault(FAULT_SEND_ONLY_YIELDS))
		fixup_run(os_self());
	os_yield();
}

/* The seed's sender (sigqueue.go, sigsend, from "Send:" on). */
static void seed_tell_receiver(void)
{
	for (;;) {
		switch (os_load(&queue()->state, memory_order_seq_cst)) {
		case SIGNAL_IDLE:
			if (os_cas(&queue()->state, SIGNAL_IDLE, SIGNAL_SENDING,
				    memory_order_seq_cst))
				return;
			break;
		case SIGNAL_SENDING:
			return;
		case SIGNAL_RECEIVING:
			if (os_cas(&queue()->state, SIGNAL_RECEIVING, SIGNAL_IDLE,
				    memory_order_seq_cst)) {
				note_wake(&queue()->note);
				return;
			}
			break;
		case SIGNAL_FIXUP:
			seed_wait_for_receiver();
			break;
		}
	}
}

static void tell_receiver(void)
{
	uint32_t before;

	noise(NOISE_SIGNAL_QUEUED);
	if (fault(FAULT_HANDLER_LOCKS)) {
		lock_acquire(&queue()->lock);
		lock_release(&queue()->lock);
	}
	if (fault(FAULT_HANDLER_WAITS)) {
		seed_tell_receiver();
		return;
	}
	before = os_exchange(&queue()->state, SIGNAL_SENDING, memory_order_seq_cst);
	observe_transition(BY_SENDER, before, SIGNAL_SENDING);
	if (before == SIGNAL_RECEIVING)
		note_wake(&queue()->note);
}

/* Queue a signal if somebody wants it. Async-signal-safe and wait-free.
 * `delivering` goes up before `wanted` is read, and signal_unsubscribe clears `wanted`
 * before it reads `delivering`: one of the two sees the other, so nothing is queued
 * behind its back (golang/go#14571). */
bool signal_send(int signal)
{
	uint32_t bit;
	os_word *wanted = word_of(queue()->wanted, signal, &bit);
	os_word *pending = word_of(queue()->pending, signal, &bit);
	bool send;

	os_bump(&queue()->delivering, 1, memory_order_seq_cst);
	send = os_load(wanted, memory_order_seq_cst) & bit;
	if (fault(FAULT_SIGNAL_DROPPED) &&
		os_load(&queue()->state, memory_order_seq_cst) == SIGNAL_FIXUP) {
		/* Forgotten. */
	} else if (send) {
		os_count(&world->counters.handled, 1);
		signal_note(SIGNAL_HANDLED);
		/* The sender that set the bit tells the receiver. */
		if (os_or(pending, bit, memory_order_seq_cst) & bit)
			os_count(&world->counters.coalesced, 1);
		else
			tell_receiver();
	}
	os_bump(&queue()->delivering, -1, memory_order_seq_cst);
	return send;
}

/* For the coordinator, with the world stopped. */
void signal_wake_receiver_for_fixup(void)
{
	if (!os_cas(&queue()->state, SIGNAL_RECEIVING, SIGNAL_FIXUP,
		    memory_order_seq_cst))
		return;
	observe_transition(BY_COORDINATOR, SIGNAL_RECEIVING, SIGNAL_FIXUP);
	note_wake(&queue()->note);
}

static uint64_t take_pending(void)
{
	uint64_t low = os_exchange(&queue()->pending[0], 0, memory_order_seq_cst);
	uint64_t high = os_exchange(&queue()->pending[1], 0, memory_order_seq_cst);

	if (fault(FAULT_ONE_OF_BATCH))
		low &= -low;
	return high << 32 | low;
}

/* By the receiver, whatever the state was. */
static void go_idle(void)
{
	observe_transition(BY_RECEIVER,
		os_exchange(&queue()->state, SIGNAL_IDLE, memory_order_seq_cst),
		SIGNAL_IDLE);
}

/* To `receiving`, unless there is news or the world ends. The load of `ending` is a pair
 * with signal_end_receiver and the store before it. True if the receiver has to sleep on
 * its note. */
static bool begin_receiving(void)
{
	uint32_t before = SIGNAL_IDLE;

	noise(NOISE_RECEIVER_IDLE);
	if (fault(FAULT_RECEIVER_SLEEPS_ON_NEWS)) {
		before = os_peek(&queue()->state);
		os_store(&queue()->state, SIGNAL_RECEIVING, memory_order_seq_cst);
	} else if (!os_cas(&queue()->state, SIGNAL_IDLE, SIGNAL_RECEIVING,
			   memory_order_seq_cst)) {
		return false;
	}
	observe_transition(BY_RECEIVER, before, SIGNAL_RECEIVING);
	return !os_load(&world->ending, memory_order_seq_cst) ||
	       !os_cas(&queue()->state, SIGNAL_RECEIVING, SIGNAL_IDLE,
		       memory_order_seq_cst);
}

static bool has_news(void)
{
	return os_load(&queue()->pending[0], memory_order_seq_cst) ||
	       os_load(&queue()->pending[1], memory_order_seq_cst) ||
	       os_load(&world->ending, memory_order_seq_cst);
}

/* Sleep until there is something to dispatch. A fixup is run, and the mask looked at,
 * after every wake, without a slot; only with news does the receiver queue for one. In
 * the seed it queues for one after every wake, and leaves the state as it is until it has
 * it. */
static void await_news(struct thread *self)
{
	if (!begin_receiving())
		return;
	enter_note_sleep();
	do {
		noise(NOISE_RECEIVING);
		note_sleep(&queue()->note, OS_FOREVER);
		noise(NOISE_RECEIVER_WOKEN);
		if (fault(FAULT_RECEIVER_NEEDS_SLOT))
			break;
		note_take(&queue()->note);
		observe_wake(self, WHERE_NOTE, WAKER_POST);
		fixup_run(self);
		go_idle();
	} while (!has_news() && begin_receiving());
	if (!fault(FAULT_HANDLER_WAITS) && os_peek(&queue()->state) == SIGNAL_FIXUP)
		os_count(&world->observed.fixups_overstayed, 1);
	become_runnable(self);
	if (fault(FAULT_RECEIVER_NEEDS_SLOT))
		note_take(&queue()->note);
}

/* Wait for signals; returns their bits, 0 at the end of the world. */
static uint64_t receive(struct thread *self)
{
	uint64_t bits;

	for (;;) {
		os_bump(&queue()->rounds, 1, memory_order_seq_cst);
		go_idle();
		bits = take_pending();
		if (bits || os_load(&world->ending, memory_order_seq_cst))
			return bits;
		await_news(self);
	}
}

/* A full channel drops the signal, as Go's os/signal does; other channels still get
 * theirs. */
static bool wants(const struct channel *channel, int signal)
{
	return channel->wanted >> (signal - 1) & 1;
}

/* The channels that want it, counted apart from those that get it. */
static uint32_t count_subscribers(int signal)
{
	uint32_t count = 0;

	for (const struct channel *c = queue()->subscriptions; c; c = c->next)
		count += wants(c, signal);
	return count;
}

static void dispatch(int signal)
{
	struct world_counters *counters = &world->counters;
	int error = 0;

	os_count(&counters->taken, 1);
	event(EVENT_SIGNAL_TAKEN, (uint32_t)signal);
	lock_acquire(&queue()->lock);
	os_count(&world->observed.due, count_subscribers(signal));
	noise(NOISE_DISPATCH);
	for (struct channel *c = queue()->subscriptions; c; c = c->next) {
		if (!wants(c, signal))
			continue;
		error = channel_try_send(c, (uint32_t)signal);
		if (error)
			os_count(&counters->dropped, 1);
		else
			os_count(&counters->delivered, 1);
		if (error && fault(FAULT_FULL_CHANNEL_ENDS_DISPATCH))
			break;
	}
	lock_release(&queue()->lock);
}

void signal_receiver_main(void *unused)
{
	struct thread *self = os_self();
	uint64_t bits;

	(void)unused;
	become_runnable(self);
	while ((bits = receive(self))) {
		for (int signal = 1; signal <= SIGNALS_MAX; signal++)
			if (bits >> (signal - 1) & 1)
				dispatch(signal);
		safepoint();
	}
	slot_hand_off(slot_leave(self), true);
}

/* At the end of the world, with `ending` set. */
void signal_end_receiver(void)
{
	signal_wake_receiver_for_fixup();
}
