/* SPDX-License-Identifier: BSD-2-Clause */
/* Subscribing and unsubscribing, while the signals come. */
#include "roles.h"

enum { MARK = OS_SIGNALS + 1 };

/* Take what is in the channel up to a mark that is put in last. */
static uint32_t count_and_empty(struct channel *channel)
{
	uint32_t value, count = 0;

	while (channel_try_send(channel, MARK) == -EAGAIN) {
		channel_receive(channel, OS_FOREVER, &value);
		count++;
	}
	while (!channel_receive(channel, OS_FOREVER, &value) && value != MARK)
		count++;
	return count;
}

/* One that did not come would leave it waiting, which the observer sees. */
static void hear_one(struct role *self, int signal)
{
	uint32_t heard = 0;

	send_signal(self, signal);
	thread_awaits_signal(true);
	channel_receive(&self->channel, OS_FOREVER, &heard);
	thread_awaits_signal(false);
	if (heard != (uint32_t)signal)
		oracle_broken(ORACLE_SUBSCRIPTIONS, "signal %u came instead of %u", heard,
			(uint32_t)signal);
	os_count(&self->storm->progress->received, 1);
}

/* The disposition is that from before if nobody else subscribes; a signal that comes now
 * is ignored, or is for others. */
static void hear_nothing(struct role *self, int signal)
{
	enum os_disposition now = os_signal_disposition(signal);
	uint32_t count;

	if (self->storm->subscribers[signal] == 1 && now != OS_SIGNAL_IGNORE)
		oracle_broken(ORACLE_SUBSCRIPTIONS,
			"signal %u is not ignored again (disposition %u)",
			(uint32_t)signal, (uint32_t)now);
	send_signal(self, signal);
	let_others_run();
	count = count_and_empty(&self->channel);
	if (count)
		oracle_broken(ORACLE_SUBSCRIPTIONS,
			"%u signals came to a channel that had unsubscribed", count);
}

/* Another's signal may take the place of the own, which then comes while the channel is
 * subscribed, or is dropped where that is full. */
static void churn(void *argument)
{
	struct role *self = argument;

	while (!at_rest(self->storm)) {
		int signal = self->signals[self->next_signal++ % self->signal_count];

		if (signal_subscribe(&self->channel, signal))
			oracle_broken(ORACLE_SUBSCRIPTIONS, "signal %u cannot be caught",
				(uint32_t)signal);
		hear_one(self, signal);
		signal_unsubscribe(&self->channel);
		count_and_empty(&self->channel);
		hear_nothing(self, signal);
		oracle_user_step(&self->storm->oracle, true);
		safepoint();
	}
	role_rests(self->storm);
}

/* Room for those that others send, so that more is under way when it unsubscribes. */
static int open_churn(struct role *self)
{
	channel_init(&self->channel, CHANNEL_CAPACITY_MAX);
	return 0;
}

const struct role_kind role_churn = {
	.name = "churn",
	.run = churn,
	.threads = 1,
	.rests = true,
	.sends = true,
	.open = open_churn,
};
