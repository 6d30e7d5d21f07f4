/* SPDX-License-Identifier: BSD-2-Clause */
/* Those who give birth, and the newborns. */
#include "roles.h"
#include "die.h"

enum { BURST = 6 };

/* What a newborn does last; a signal that comes now finds it on its way out. */
static void end_newborn(struct role *parent)
{
	os_store(&parent->storm->ending, thread_self() + 1, memory_order_relaxed);
	channel_try_send(&parent->channel, 1);
}

static void newborn(void *argument)
{
	struct role *parent = argument;
	struct storm *storm = parent->storm;

	oracle_user_step(&storm->oracle, true);
	safepoint();
	oracle_user_step(&storm->oracle, true);
	end_newborn(parent);
}

/* One child at a time: the next is born when the last has said that it ends. */
static void birth(void *argument)
{
	struct role *self = argument;
	uint32_t ended;

	for (uint32_t i = 0; !at_rest(self->storm); i++) {
		int child = self->storm->subject->spawn("newborn", newborn, self, i & 1);

		/* The system has no room for it just now, which is not the subject's fault. */
		if (child == -EAGAIN) {
			os_count(&self->storm->progress->refused, 1);
			thread_yield();
			continue;
		}
		if (child < 0)
			die("birth: failed with error %d", -child);
		channel_receive(&self->channel, OS_FOREVER, &ended);
		oracle_user_step(&self->storm->oracle, true);
		safepoint();
	}
	role_rests(self->storm);
}

/* True if it was born; otherwise the world, or the system, has no room for it. */
static bool give_birth(
	struct role *self, const char *name, void (*run)(void *), bool by_template)
{
	int child = self->storm->subject->spawn(name, run, self, by_template);

	if (child >= 0)
		return true;
	if (child != -ENOSPC && child != -EAGAIN)
		die("birth: failed with error %d", -child);
	os_count(&self->storm->progress->refused, 1);
	return false;
}

/* It says for the one that was not born that it has ended. */
static void parent_newborn(void *argument)
{
	struct role *self = argument;

	oracle_user_step(&self->storm->oracle, true);
	if (!give_birth(self, "grandchild", newborn, thread_self() & 1))
		channel_try_send(&self->channel, 1);
	safepoint();
	newborn(self);
}

/* Before the coordinator is there, births would take the room that roles need. */
static void birth_burst(void *argument)
{
	struct role *self = argument;
	uint32_t expected, ended;

	while (!os_load(&self->storm->started, memory_order_acquire))
		let_others_run();
	while (!at_rest(self->storm)) {
		expected = 0;
		for (uint32_t i = 0; i < BURST; i++)
			if (give_birth(self, "child", parent_newborn, i & 1))
				expected += 2;
		for (; expected; expected--)
			channel_receive(&self->channel, OS_FOREVER, &ended);
		oracle_user_step(&self->storm->oracle, true);
		thread_yield();
	}
	role_rests(self->storm);
}

static int open_birth_burst(struct role *self)
{
	channel_init(&self->channel, 2 * BURST);
	return 0;
}

const struct role_kind role_birth = {
	.name = "birth", .run = birth, .threads = 3, .rests = true
};

/* Those who have said that they end may still be there when the next are born. */
const struct role_kind role_birth_burst = {
	.name = "burst",
	.run = birth_burst,
	.threads = 1 + 3 * BURST,
	.spare = 3 * BURST,
	.rests = true,
	.open = open_birth_burst,
};
