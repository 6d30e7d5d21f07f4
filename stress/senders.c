/* SPDX-License-Identifier: BSD-2-Clause */
/* Those who send signals, and to whom. */
#include "event.h"
#include "roles.h"

#define RETRY_AFTER (10 * OS_MILLISECOND)

/* A thread that ends takes what was sent to it alone with it. A flood may send to all;
 * whoever waits until its signal comes, only to threads that last, and itself. */
static bool may_be_sent_to(const struct role *self, uint32_t index)
{
	return self->kind == ROLE_FLOOD || index == thread_self() ||
	       os_load(&self->storm->lasts[index], memory_order_acquire);
}

/*
 * A thread that runs and has not moved since it was last sent a signal is passed over. On
 * one processing unit the thread that its handler wakes runs at once and sends the next:
 * if it were sent to threads that do not get on, these would get the processor for their
 * handlers, and for nothing else, for ever.
 */
static bool takes_its_turn(const struct role *self, uint32_t index)
{
	struct storm *storm = self->storm;
	uint32_t moves = thread_moves(index);

	if (!may_be_sent_to(self, index))
		return false;
	if (thread_is_running(index) &&
		moves == os_load(&storm->moves_seen[index], memory_order_relaxed))
		return false;
	os_store(&storm->moves_seen[index], moves, memory_order_relaxed);
	return true;
}

static bool is_service(uint32_t index, enum thread_kind kind)
{
	return thread_tid(index) && thread_kind(index) == kind;
}

/* The kernel counts tids up, so until they begin again from below, the highest is the
 * youngest. */
static bool is_youngest(uint32_t index)
{
	uint32_t tid = thread_tid(index);

	for (uint32_t i = 0; i < threads_ever(); i++)
		if (thread_tid(i) > tid)
			return false;
	return tid;
}

static bool is_meant(const struct storm *storm, uint32_t index)
{
	switch (storm->plan->target) {
	case TARGET_LEADER:
		return index == 0;
	case TARGET_COORDINATOR:
		return index == os_load(&storm->coordinator, memory_order_relaxed);
	case TARGET_PARKED:
		return thread_is_parked(index) && is_service(index, THREAD_USER);
	case TARGET_TEMPLATE:
		return is_service(index, THREAD_TEMPLATE);
	case TARGET_POLLER:
		return is_service(index, THREAD_POLLER);
	case TARGET_SYSMON:
		return is_service(index, THREAD_SYSMON);
	case TARGET_RECEIVER:
		return is_service(index, THREAD_RECEIVER);
	case TARGET_SYSCALL:
		return thread_is_in_syscall(index);
	case TARGET_NEWBORN:
		return is_youngest(index);
	case TARGET_ENDING:
		return index + 1 == os_load(&storm->ending, memory_order_relaxed);
	default:
		return true;
	}
}

/* The next thread in turn; EVENT_TO_PROCESS: there is none. */
static uint32_t next_target(struct role *self)
{
	uint32_t threads = threads_ever(), index;

	for (uint32_t i = 0; i < threads; i++) {
		index = self->next_target++ % threads;
		if (is_meant(self->storm, index) && takes_its_turn(self, index))
			return index;
	}
	return EVENT_TO_PROCESS;
}

/* A thread that has ended by now takes none; to whoever waits for a signal that is no matter, for it
 * sends to none that end. */
void send_signal(struct role *self, int signal)
{
	uint32_t to = EVENT_TO_PROCESS, tid;

	os_count(&self->storm->progress->sent, 1);
	signal_note(SIGNAL_SENT);
	if (self->storm->plan->target != TARGET_PROCESS)
		to = next_target(self);
	tid = to == EVENT_TO_PROCESS ? 0 : thread_tid(to);
	event_signal_sent(signal, tid ? to : EVENT_TO_PROCESS);
	if (tid)
		os_kill_thread(tid, signal);
	else
		os_kill_process(signal);
}

/* TestSignalTrace's waitSig looks again every 10 ms, "to give the kernel more tries to
 * deliver the signal". */
static int receive(struct role *self, struct channel *channel, uint32_t *signal)
{
	int error;

	if (self->kind == ROLE_PING_PONG)
		return channel_receive(channel, OS_FOREVER, signal);
	do {
		error = channel_receive(channel, os_now() + RETRY_AFTER, signal);
	} while (error == -ETIMEDOUT);
	return error;
}

static bool await_signal(struct role *self, uint32_t turn)
{
	uint32_t signal, sent = (uint32_t)self->signals[turn];
	int error;

	thread_awaits_signal(true);
	error = receive(self, &self->heard[turn], &signal);
	thread_awaits_signal(false);
	if (!error && signal != sent)
		oracle_broken(ORACLE_NO_LOST_SIGNAL, "signal %u came instead of %u",
			signal, sent);
	return !error;
}

/* From outside of user code, as another process would: while the world is being stopped, is
 * stopped, or is in a broadcast. */
static void send_aligned(struct role *self, int signal)
{
	uint64_t wait = align_meet(&self->storm->align, ALIGN_SENDER, &self->random);

	enter_syscall();
	align_wait(wait);
	send_signal(self, signal);
	exit_syscall();
}

static bool exchange_signal(struct role *self)
{
	bool aligned = self->storm->aligns == self, received;
	uint32_t turn = self->next_signal++ % self->signal_count;
	uint64_t began;

	if (aligned)
		send_aligned(self, self->signals[turn]);
	else
		send_signal(self, self->signals[turn]);
	began = os_now();
	received = await_signal(self, turn);
	if (aligned)
		align_measured(&self->storm->align, ALIGN_SENDER, os_now() - began);
	return received;
}

/* The last exchange begins after the senders were told to rest. */
static void ping_pong(void *argument)
{
	struct role *self = argument;
	bool last;

	do {
		last = at_rest(self->storm);
		if (!exchange_signal(self))
			break;
		os_count(&self->storm->progress->received, 1);
		signal_note(SIGNAL_RECEIVED);
		oracle_user_step(&self->storm->oracle, true);
		safepoint();
	} while (!last);
	role_rests(self->storm);
}

static int open_ping_pong(struct role *self)
{
	int error = 0;

	if (self->storm->plan->aligned && !self->storm->aligns)
		self->storm->aligns = self;
	for (uint32_t i = 0; i < self->signal_count && !error; i++) {
		channel_init(&self->heard[i], 1);
		error = signal_subscribe(&self->heard[i], self->signals[i]);
	}
	return error;
}

static void close_ping_pong(struct role *self)
{
	for (uint32_t i = 0; i < self->signal_count; i++)
		signal_unsubscribe(&self->heard[i]);
}

/* Bursts of 1 to 16, so that the slot changes hands in all kinds of moments. */
static void flood(void *argument)
{
	struct role *self = argument;

	while (!at_rest(self->storm)) {
		for (uint32_t left = 1 + random_below(&self->random, 16); left; left--) {
			send_signal(self,
				self->signals[self->next_signal++ % self->signal_count]);
			oracle_user_step(&self->storm->oracle, left == 1);
			safepoint();
		}
		thread_yield();
	}
	role_rests(self->storm);
}

void drain(void *argument)
{
	struct role *self = argument;
	uint32_t signal;

	while (!channel_receive(&self->channel, OS_FOREVER, &signal))
		oracle_user_step(&self->storm->oracle, true);
}

static int open_flood(struct role *self)
{
	int error = 0;

	for (uint32_t i = 0; i < self->signal_count && !error; i++)
		error = signal_subscribe(&self->channel, self->signals[i]);
	return error;
}

static void close_flood(struct role *self)
{
	signal_unsubscribe(&self->channel);
}

const struct role_kind role_ping_pong = {
	.name = "ping-pong",
	.run = ping_pong,
	.threads = 1,
	.rests = true,
	.sends = true,
	.open = open_ping_pong,
	.close = close_ping_pong,
};

const struct role_kind role_flood = {
	.name = "flood",
	.run = flood,
	.threads = 2,
	.rests = true,
	.sends = true,
	.open = open_flood,
	.close = close_flood,
};
