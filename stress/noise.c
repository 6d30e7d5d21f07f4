/* SPDX-License-Identifier: BSD-2-Clause */
#include "runtime.h"

#include <string.h>

/* From 1 us on each octave is as likely as another; alone at its point a thread may be held
 * up for longer, since nobody else is. Handlers are judged by 50 ms of CPU time (watch.h),
 * which these, being asleep, do not use. */
enum {
	SHORTEST_BIT = 10,
	OCTAVES_EVERYWHERE = 12, /* up to 4 ms */
	OCTAVES_ALONE = 14,	 /* up to 16 ms */
	ONE_IN_EVERYWHERE = 8,
	ONE_IN_ALONE = 2,
	ONE_IN_YIELDS = 2,	/* of those that are held up where both are asked for */
	DUTY = 5,		/* one part of so many of a thread's time, at the most */
	SPIN_BELOW = 20 * 1000, /* ns; a sleep takes longer than that */
};

_Static_assert((int)OCTAVES_ALONE <= (int)NOISE_OCTAVES, "octaves");

static const struct {
	const char *name, *summary;
} points[NOISE_POINT_COUNT] = {
	[NOISE_RECEIVER_MOVED] = { "receiver-moved",
		"the coordinator has moved the receiver to fixup, and posted no fixup" },
	[NOISE_FIXUP_SET] = { "fixup-set", "a fixup is there, and its thread not woken" },
	[NOISE_FIXUP_POSTED] = { "fixup-posted",
		"a thread is woken for its fixup, the coordinator is not done with it" },
	[NOISE_STOPPING] = { "stopping",
		"the world is told to stop, its slots are not looked at" },
	[NOISE_STARTING] = { "starting",
		"slots are dealt out, and the world is not started" },
	[NOISE_SLOT_ASSIGNED] = { "slot-assigned",
		"a slot is on its way to a thread that is not woken" },
	[NOISE_PARK_WOKEN] = { "park-woken",
		"a parked thread is awake, and has not taken its note" },
	[NOISE_PARK_TAKEN] = { "park-taken",
		"it has taken its note, and not looked at its fixup" },
	[NOISE_FIXUP_CLAIMED] = { "fixup-claimed",
		"a fixup is claimed, and has not run" },
	[NOISE_FIXUP_RUN] = { "fixup-run", "a fixup has run, and is not settled" },
	[NOISE_FIXUP_SETTLED] = { "fixup-settled",
		"a fixup is settled, and its thread not done with it" },
	[NOISE_TEMPLATE_WOKEN] = { "template-woken",
		"the template thread is awake, and does not wait again yet" },
	[NOISE_TEMPLATE_ASKED] = { "template-asked",
		"the template thread has found no request, and does not say that it "
		"waits" },
	[NOISE_TEMPLATE_PROMISED] = { "template-promised",
		"with the fault of that name: the template thread is not made yet" },
	[NOISE_SLOT_POPPED] = { "slot-popped",
		"with the faults slot-put-back and lost-runnable: a slot is in nobody's "
		"hands" },
	[NOISE_SYSMON_CLAIMED] = { "sysmon-claimed",
		"a thread is about to wake sysmon, and owes it the post" },
	[NOISE_SYSMON_WOKEN] = { "sysmon-woken",
		"sysmon is awake, and has not taken its note" },
	[NOISE_BEFORE_CLAIM] = { "before-claim",
		"a poller has given up its slot, and not claimed the poller" },
	[NOISE_BEFORE_POLL] = { "before-poll",
		"a poller has claimed the poller, and does not poll yet" },
	[NOISE_POLLED] = { "polled",
		"a poller was broken out, and has not taken the break" },
	[NOISE_BREAK_TAKEN] = { "break-taken",
		"a poller has taken the break, and not said so" },
	[NOISE_IN_SYSCALL] = { "in-syscall",
		"a slot is marked as in a system call, the stop is not looked at" },
	[NOISE_RECEIVER_IDLE] = { "receiver-idle",
		"the receiver has found no news, and does not say yet that it sleeps" },
	[NOISE_RECEIVING] = { "receiving",
		"the receiver has said that it sleeps, and does not yet" },
	[NOISE_RECEIVER_WOKEN] = { "receiver-woken",
		"the receiver is awake, and has not taken its note" },
	[NOISE_SIGNAL_QUEUED] = { "signal-queued",
		"a handler has queued a signal, and not told the receiver" },
	[NOISE_DISPATCH] = { "dispatch", "the receiver holds the subscriptions' lock" },
	[NOISE_BIRTH] = { "birth", "a newborn is on the list, and has no thread" },
	[NOISE_BORN] = { "born",
		"a newborn can take signals, and waits for no slot yet" },
	[NOISE_DEATH] = { "death", "a thread has left the list, and not the kernel" },
	[NOISE_LAST_WORDS] = { "last-words", "with the fault death-locks: a thread has "
					     "said why it dies, and has the lock" },
};

const char *noise_point_name(enum noise_point point)
{
	return points[point].name;
}

const char *noise_point_summary(enum noise_point point)
{
	return points[point].summary;
}

static bool is_word(const char *text, size_t length, const char *word)
{
	return strlen(word) == length && !memcmp(text, word, length);
}

static bool add_point(struct noise_plan *plan, const char *text, size_t length)
{
	for (int p = 0; p < NOISE_POINT_COUNT; p++) {
		if (!is_word(text, length, points[p].name))
			continue;
		plan->delays = plan->alone = true;
		plan->points |= UINT32_C(1) << p;
		return true;
	}
	return false;
}

static bool add_word(struct noise_plan *plan, const char *text, size_t length)
{
	bool mixed = is_word(text, length, "mixed");

	if (mixed || is_word(text, length, "delays") || is_word(text, length, "yields")) {
		plan->delays |= mixed || *text == 'd';
		plan->yields |= mixed || *text == 'y';
		return true;
	}
	if (is_word(text, length, "aligned")) {
		plan->aligned = true;
		return true;
	}
	return is_word(text, length, "none") || add_point(plan, text, length);
}

int noise_parse(
	const char *text, struct noise_plan *plan, const char **unknown, size_t *length)
{
	*plan = (struct noise_plan){ 0 };
	if (!*text)
		return 0;
	for (;; text += *length + 1) {
		*length = strcspn(text, ",");
		*unknown = text;
		if (!add_word(plan, text, *length))
			return -EINVAL;
		if (!text[*length])
			return 0;
	}
}

/* A handler may come between any two of these steps, and draw itself: then two draws are
 * one, which is as good a number as any. */
static uint32_t draw(struct thread *self, uint32_t bound)
{
	struct random random = { os_counted(&self->noise.state) };
	uint32_t drawn;

	if (!random.state)
		random.state = world->config.noise.seed + self->id * 7919;
	drawn = random_below(&random, bound);
	os_counter_set(&self->noise.state, random.state);
	return fault(FAULT_NOISE_CONSTANT) ? 0 : drawn;
}

/* Whether what was injected is within the thread's share. */
static bool can_afford(struct thread *self)
{
	uint64_t since = os_counted(&self->noise.since), now = os_now();

	if (!since) {
		os_counter_set(&self->noise.since, now);
		since = now;
	}
	return os_counted(&self->noise.spent) * DUTY <= now - since;
}

static void hold_up(uint64_t time)
{
	static const os_word never;
	uint64_t end = os_now() + time;

	while (os_now() < end) {
		if (time < SPIN_BELOW)
			os_relax();
		else
			os_futex_wait(&never, 0, end);
	}
}

static void delay(struct thread *self)
{
	bool alone = world->config.noise.alone;
	uint32_t octave = draw(self, alone ? OCTAVES_ALONE : OCTAVES_EVERYWHERE);
	uint64_t least = UINT64_C(1) << (SHORTEST_BIT + octave);
	uint64_t time = least + draw(self, (uint32_t)least);

	if (fault(FAULT_NOISE_ZERO))
		time = 0;
	if (!can_afford(self))
		return;
	os_count(&self->noise.spent, time);
	os_count(&world->counters.noise_count, 1);
	os_count(&world->counters.noise_time, time);
	if (time)
		os_count(&world->counters.noise_octaves[octave], 1);
	hold_up(time);
}

void noise_at(enum noise_point point)
{
	const struct noise_plan *plan = &world->config.noise;
	struct thread *self = os_self();

	if (!self || (plan->alone && !(plan->points >> point & 1)) ||
		draw(self, plan->alone ? ONE_IN_ALONE : ONE_IN_EVERYWHERE))
		return;
	if (plan->yields && (!plan->delays || !draw(self, ONE_IN_YIELDS))) {
		os_count(&world->counters.noise_count, 1);
		os_yield();
	} else {
		delay(self);
	}
}
