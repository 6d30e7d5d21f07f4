/* SPDX-License-Identifier: BSD-2-Clause */
/* Those who park: workers that wake each other, and those who wait for timers. */
#include "roles.h"

#define FAR (30 * OS_SECOND)

/* Wait for the neighbour, one time in four for a moment only, and wake the next. The
 * timer that ends a wait keeps a ring of workers going in which every token was dropped.
 */
static void worker(void *argument)
{
	struct role *self = argument;
	uint64_t deadline;
	uint32_t token;
	int error;

	do {
		channel_try_send(self->neighbour, 1);
		deadline = OS_FOREVER;
		if (!self->number || random_below(&self->random, 4) == 0)
			deadline = os_now() + random_below(&self->random, 1000000);
		error = channel_receive(&self->channel, deadline, &token);
		oracle_user_step(&self->storm->oracle, true);
		safepoint();
	} while (error != -ESHUTDOWN);
}

static void far_timer(void *argument)
{
	struct role *self = argument;
	uint32_t value;

	while (channel_receive(&self->channel, os_now() + FAR, &value) == -ETIMEDOUT)
		oracle_user_step(&self->storm->oracle, true);
}

/* 20 us to 2 ms; one that was interrupted by signals and broadcasts may come late. */
static void ticker(void *argument)
{
	struct role *self = argument;
	uint64_t deadline, now;
	uint32_t value;

	for (;;) {
		deadline = os_now() + 20000 + random_below(&self->random, 2000000);
		if (channel_receive(&self->channel, deadline, &value) != -ETIMEDOUT)
			return;
		now = os_now();
		if (now < deadline)
			oracle_broken(ORACLE_TIMERS, "a timer came %u ns early",
				(uint32_t)(deadline - now));
		oracle_user_step(&self->storm->oracle, true);
		safepoint();
	}
}

const struct role_kind role_worker = { .name = "worker", .run = worker, .threads = 1 };
const struct role_kind role_far_timer = {
	.name = "far-timer", .run = far_timer, .threads = 1
};
const struct role_kind role_ticker = { .name = "ticker", .run = ticker, .threads = 1 };
