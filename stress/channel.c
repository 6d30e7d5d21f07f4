/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Channels, and the waits of the threads that receive from them.
 *
 * A wait has a number and an outcome in one word. Whoever wants to end it - a sender, a
 * closer, a timer - moves the outcome from pending by compare-and-swap, naming the
 * number; the winner makes the thread ready, once. A receiver that timed out takes itself
 * out of the queue before it waits again, so a wait found in the queue is the thread's
 * last.
 */
#include "runtime.h"

/* Begin a wait of the calling thread; returns what names it. */
static uint32_t wait_begin(struct thread *self)
{
	uint32_t last = os_load(&self->wait.state, memory_order_relaxed);
	uint32_t wait =
		((last >> WAIT_OUTCOME_BITS) + 1) << WAIT_OUTCOME_BITS | WAIT_PENDING;

	os_store(&self->status, THREAD_WAITING, memory_order_relaxed);
	os_store(&self->wait.state, wait, memory_order_release);
	return wait;
}

/* True if the caller ended the wait and has to make the thread ready. */
bool wait_claim(struct thread *thread, uint32_t wait, enum wait_outcome outcome)
{
	return os_cas(&thread->wait.state, wait,
		(wait & ~(uint32_t)WAIT_OUTCOME) | outcome, memory_order_acq_rel);
}

static enum wait_outcome wait_outcome(const struct thread *self)
{
	return os_load(&self->wait.state, memory_order_acquire) & WAIT_OUTCOME;
}

void channel_init(struct channel *channel, uint32_t capacity)
{
	*channel = (struct channel){
		.capacity = capacity, .waiters = NO_THREAD, .last_waiter = NO_THREAD
	};
}

static void push_waiter(struct channel *channel, struct thread *thread)
{
	thread->wait.next = NO_THREAD;
	if (channel->waiters == NO_THREAD)
		channel->waiters = thread->id;
	else
		thread_at(channel->last_waiter)->wait.next = thread->id;
	channel->last_waiter = thread->id;
}

static struct thread *pop_waiter(struct channel *channel)
{
	struct thread *thread;

	if (channel->waiters == NO_THREAD)
		return NULL;
	thread = thread_at(channel->waiters);
	channel->waiters = thread->wait.next;
	return thread;
}

static void remove_waiter(struct channel *channel, const struct thread *thread)
{
	uint32_t *link = &channel->waiters, before = NO_THREAD;

	while (*link != NO_THREAD && *link != thread->id) {
		before = *link;
		link = &thread_at(*link)->wait.next;
	}
	if (*link == NO_THREAD)
		return;
	*link = thread->wait.next;
	if (channel->last_waiter == thread->id)
		channel->last_waiter = before;
}

/* The first waiter whose wait nobody else has ended, claimed. */
static struct thread *claim_waiter(struct channel *channel, enum wait_outcome outcome)
{
	struct thread *thread;

	while ((thread = pop_waiter(channel))) {
		uint32_t wait = os_load(&thread->wait.state, memory_order_acquire);

		if ((wait & WAIT_OUTCOME) == WAIT_PENDING &&
			wait_claim(thread, wait, outcome))
			return thread;
	}
	return NULL;
}

static int put(struct channel *channel, uint32_t value)
{
	if (channel->count == channel->capacity)
		return -EAGAIN;
	channel->values[(channel->first + channel->count++) % channel->capacity] = value;
	return 0;
}

/* The value goes straight to a thread that waits for one. It is written after the claim
 * and before the thread is made ready, which orders it. */
int channel_try_send(struct channel *channel, uint32_t value)
{
	struct thread *receiver = NULL;
	int error = 0;

	lock_acquire(&channel->lock);
	if (channel->closed) {
		error = -ESHUTDOWN;
	} else {
		receiver = claim_waiter(channel, WAIT_SATISFIED);
		if (receiver)
			receiver->wait.value = value;
		else
			error = put(channel, value);
	}
	lock_release(&channel->lock);
	if (receiver)
		ready(receiver);
	return error;
}

void channel_close(struct channel *channel)
{
	struct thread *thread;

	lock_acquire(&channel->lock);
	channel->closed = true;
	while ((thread = claim_waiter(channel, WAIT_CLOSED)))
		ready(thread);
	lock_release(&channel->lock);
}

/* What can be had without waiting, or -EAGAIN and the wait has begun. */
static int receive_or_begin_wait(
	struct channel *channel, struct thread *self, uint32_t *value, uint32_t *wait)
{
	int result = 0;

	lock_acquire(&channel->lock);
	if (channel->count) {
		*value = channel->values[channel->first];
		channel->first = (channel->first + 1) % channel->capacity;
		channel->count--;
	} else if (channel->closed) {
		result = -ESHUTDOWN;
	} else {
		*wait = wait_begin(self);
		push_waiter(channel, self);
		result = -EAGAIN;
	}
	lock_release(&channel->lock);
	return result;
}

int channel_receive(struct channel *channel, uint64_t deadline, uint32_t *value)
{
	struct thread *self = os_self();
	uint32_t wait = 0;
	int result = deadline == OS_FOREVER ? 0 : poller_ensure();

	if (result)
		return result;
	result = receive_or_begin_wait(channel, self, value, &wait);
	if (result != -EAGAIN)
		return result;
	if (deadline != OS_FOREVER)
		timer_arm(self, wait, deadline);
	wait_for_ready(self);
	if (deadline != OS_FOREVER)
		timer_disarm(self);
	switch (wait_outcome(self)) {
	case WAIT_SATISFIED:
		*value = self->wait.value;
		return 0;
	case WAIT_CLOSED:
		return -ESHUTDOWN;
	default:
		lock_acquire(&channel->lock);
		remove_waiter(channel, self);
		lock_release(&channel->lock);
		return -ETIMEDOUT;
	}
}
