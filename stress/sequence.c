/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * A role that sends several signals at once, of different numbers, so that none can hide
 * the loss of another by coalescing with it; and that subscribes and unsubscribes.
 *
 * Three channels want the same numbers. The witness (the role's own) has room for all and
 * is always subscribed; the guest is subscribed for one burst at a time; the full one has
 * room for one and is never read. The witness was subscribed before the guest, and a
 * signal is handed to the last subscriber first: what the witness has, the guest would
 * have had before.
 */
#include "event.h"
#include "roles.h"
#include "die.h"

/* NOTHING is put into a channel behind all signals; OWN is SIGCONT. */
enum { NUMBERS = 3, NOTHING = OS_SIGNALS + 1, OWN = 18 };

/* SIGUSR1, SIGUSR2, SIGCHLD */
static const int numbers[NUMBERS] = { 10, 12, 17 };

static int subscribe(struct channel *channel, uint32_t capacity)
{
	int error = 0;

	channel_init(channel, capacity);
	for (int i = 0; i < NUMBERS && !error; i++)
		error = signal_subscribe(channel, numbers[i]);
	return error;
}

static int open_sequence(struct role *role)
{
	int error = subscribe(&role->channel, NUMBERS);

	return error ? error : subscribe(&role->full, 1);
}

static void send(struct role *self, int number)
{
	os_count(&self->storm->progress->sent, 1);
	event_signal_sent(number, EVENT_TO_PROCESS);
	os_kill_process(number);
}

static uint32_t receive(struct channel *channel)
{
	uint32_t signal;

	thread_awaits_signal(true);
	if (channel_receive(channel, OS_FOREVER, &signal))
		die("sequence: a channel of its own was closed");
	thread_awaits_signal(false);
	return signal;
}

/* Each of them has to come, and to come once. */
static void receive_all(struct role *self, struct channel *channel)
{
	uint64_t awaited = 0;

	for (int i = 0; i < NUMBERS; i++)
		awaited |= UINT64_C(1) << numbers[i];
	while (awaited) {
		uint32_t signal = receive(channel);

		if (!(awaited >> signal & 1))
			oracle_broken(ORACLE_NOT_INVENTED,
				"signal %u came twice, or was not sent", signal);
		awaited &= ~(UINT64_C(1) << signal);
		os_count(&self->storm->progress->received, 1);
		oracle_user_step(&self->storm->oracle, true);
	}
}

static void send_all(struct role *self, uint32_t first)
{
	for (uint32_t i = 0; i < NUMBERS; i++)
		send(self, numbers[(first + i) % NUMBERS]);
}

/* Once the witness has it, it has been handed to all who are subscribed. */
static void send_behind_its_back(struct role *self, int number)
{
	uint32_t signal;

	send(self, number);
	signal = receive(&self->channel);
	if (signal != (uint32_t)number)
		oracle_broken(ORACLE_NOT_INVENTED, "signal %u came instead of %d", signal,
			number);
	channel_close(&self->guest);
	if (!channel_receive(&self->guest, OS_FOREVER, &signal))
		oracle_broken(ORACLE_NOT_INVENTED,
			"signal %u came into a channel that had unsubscribed", signal);
}

/* What a handler has seen before somebody unsubscribes still comes to him: a signal to the
 * own thread is handled before it has been sent. */
static void leave_with_one_under_way(struct role *self, int number)
{
	uint32_t signal = 0, mark = 0;

	os_count(&self->storm->progress->sent, 1);
	event_signal_sent(number, thread_self());
	os_kill_thread(thread_tid(thread_self()), number);
	signal_unsubscribe(&self->guest);
	channel_try_send(&self->guest, NOTHING);
	channel_receive(&self->guest, OS_FOREVER, &signal);
	if (signal != NOTHING)
		channel_receive(&self->guest, OS_FOREVER, &mark);
	if (signal != (uint32_t)number)
		oracle_broken(ORACLE_SUBSCRIPTIONS,
			"signal %d was under way when its channel left, and did not come",
			number);
	if (receive(&self->channel) != (uint32_t)number)
		oracle_broken(
			ORACLE_NOT_INVENTED, "another signal came instead of %d", number);
}

/* Nobody else subscribes to it, and nobody sends it. */
static void check_disposition(void)
{
	if (os_signal_disposition(OWN) != OS_SIGNAL_DEFAULT)
		oracle_broken(ORACLE_SUBSCRIPTIONS,
			"the disposition of signal %d from before is not back", OWN);
}

static void sequence(void *argument)
{
	struct role *self = argument;

	while (!at_rest(self->storm)) {
		uint32_t first = random_below(&self->random, NUMBERS);

		if (subscribe(&self->guest, NUMBERS) ||
			signal_subscribe(&self->guest, OWN))
			die("sequence: cannot subscribe");
		send_all(self, first);
		receive_all(self, &self->channel);
		receive_all(self, &self->guest);
		leave_with_one_under_way(self, numbers[first]);
		check_disposition();
		send_behind_its_back(self, numbers[first]);
		safepoint();
	}
	signal_unsubscribe(&self->full);
	role_rests(self->storm);
}

static void close_sequence(struct role *self)
{
	signal_unsubscribe(&self->channel);
}

const struct role_kind role_sequence = {
	.name = "sequence",
	.run = sequence,
	.threads = 1,
	.rests = true,
	.open = open_sequence,
	.close = close_sequence,
};
