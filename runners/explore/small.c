/* SPDX-License-Identifier: BSD-2-Clause */
#include "small.h"

#include "stress/die.h"
#include "stress/oracles.h"
#include "stress/runtime.h"
#include "stress/sim/machine.h"

#include <errno.h>
#include <string.h>

enum { SECOND_SIGNAL = 10, FAR = 30, LEADER = 0, DISSENT = 1 };

#define FIELD(name, member, least, most)                                                 \
	{                                                                                \
		name, offsetof(struct small_plan, member), least, most                   \
	}

const struct small_field small_fields[SMALL_FIELDS] = {
	FIELD("threads", threads, 0, 4),
	FIELD("broadcasters", broadcasters, 0, 2),
	FIELD("broadcasts", broadcasts, 0, 1000),
	FIELD("stops", stops, 0, 1000),
	FIELD("signals", signals, 0, 1000),
	FIELD("numbers", numbers, 1, 2),
	FIELD("sysmon", sysmon, 0, 1),
	FIELD("template", template_thread, 0, 1),
	FIELD("poller", poller, 0, 2),
	FIELD("syscall", syscall, 0, 2),
	FIELD("newborn", newborn, 0, 2),
	FIELD("dissent", dissent, 0, 1),
};

static struct small_world *small;

static uint32_t runs_of(uint32_t thread)
{
	return (uint32_t)os_counted(thread_data(thread));
}

static void count_thread(uint32_t thread, uint32_t tid, void *argument)
{
	(void)thread;
	(void)tid;
	++*(uint32_t *)argument;
}

/* Takes time on each thread: setting the attribute is a step. The thread's number is not kept over it, for it would tell
 * interchangeable threads apart (symmetry.h). */
static int function(void *unused, bool first)
{
	int error;

	(void)unused;
	if (first) {
		if (small->unsettled)
			oracle_broken(ORACLE_EXACTLY_ONCE,
				"a broadcast begins, %u threads owe the last",
				small->unsettled);
		threads_visit(count_thread, &small->unsettled);
		small->epoch++;
	}
	/* Who inherited what is being set, and sets it again. */
	if (sim_attribute_seen() != ((small->epoch - 1) & 1))
		oracle_broken(ORACLE_STATE, "the attribute was that of broadcast %u",
			small->epoch);
	error = os_attribute_set(small->epoch & 1);
	os_count_own(thread_data(thread_self()), 1);
	if (runs_of(thread_self()) != small->epoch)
		oracle_broken(ORACLE_EXACTLY_ONCE,
			"ran %u of %u broadcasts in the middle of one",
			runs_of(thread_self()), small->epoch);
	small->unsettled--;
	return small->plan.dissent && thread_self() == LEADER ? DISSENT : error;
}

/* The result of a broadcast says whether the threads agree, and who does not. */
static void check_agreement(int error, uint32_t dissenter)
{
	int expected = small->plan.dissent ? -EPROTO : 0;

	if (error != expected)
		oracle_broken(ORACLE_AGREEMENT,
			"the broadcast's result is %d instead of %d", -error, -expected);
	if (error && dissenter != LEADER)
		oracle_broken(
			ORACLE_AGREEMENT, "thread %u is said to dissent", dissenter);
}

/* The coordinator's broadcast is over; or anybody runs user code. */
static void check_user_code(void)
{
	uint64_t mask = os_signals_get().bits, expected = thread_mask().bits;

	if (small->unsettled)
		oracle_broken(ORACLE_ATOMICITY,
			"user code runs, %u threads have not changed", small->unsettled);
	if (runs_of(thread_self()) != small->epoch)
		oracle_broken(ORACLE_EXACTLY_ONCE,
			"user code runs after %u of %u broadcasts",
			runs_of(thread_self()), small->epoch);
	if (mask != expected)
		oracle_broken(ORACLE_MASKS, "mask %x instead of %x", (uint32_t)mask,
			(uint32_t)expected);
}

static void check_state(void)
{
	if (os_attribute_get() != (int)(small->epoch & 1))
		oracle_broken(ORACLE_STATE, "the attribute is not that of broadcast %u",
			small->epoch);
}

static void park_for_ever(void)
{
	uint32_t value;

	channel_receive(&small->never, OS_FOREVER, &value);
	die("small world: a thread came back from waiting for ever");
}

static void has_done_its_work(void)
{
	check_user_code();
	check_state();
	if (os_sub(&small->working, 1, memory_order_acq_rel) == 1)
		sim_done();
	park_for_ever();
}

static void idle(void *unused)
{
	(void)unused;
	park_for_ever();
}

static void read_for_ever(void *unused)
{
	uint8_t byte;

	(void)unused;
	if (small->plan.syscall == 2)
		sim_gate();
	world_read(&small->pipe, &byte);
	die("small world: a thread came back from reading for ever");
}

static void wait_for_far_timer(void *unused)
{
	uint32_t value;

	(void)unused;
	channel_receive(&small->never, os_now() + FAR * OS_SECOND, &value);
}

static void coordinate(void *unused)
{
	uint32_t dissenter = 0;
	int error;

	(void)unused;
	sim_gate();
	for (uint32_t i = 0; i < small->plan.broadcasts || i < small->plan.stops; i++) {
		if (i < small->plan.broadcasts) {
			error = small->subject->broadcast(function, NULL, &dissenter);
			check_agreement(error, dissenter);
			check_user_code();
		}
		if (i < small->plan.stops) {
			error = small->subject->stop_world();
			if (error)
				die("stop: failed with error %d", -error);
			small->subject->start_world();
			check_user_code();
		}
	}
	has_done_its_work();
}

static void send_signals(void *unused)
{
	uint32_t signal, wanted;

	(void)unused;
	sim_gate();
	for (uint32_t i = 0; i < small->plan.signals; i++) {
		wanted = small->plan.numbers == 2 && i & 1 ? SECOND_SIGNAL
							   : OS_SIGNAL_HANGUP;
		os_kill_process((int)wanted);
		if (channel_receive(&small->arrivals, OS_FOREVER, &signal) ||
			signal != wanted)
			oracle_broken(ORACLE_NO_LOST_SIGNAL,
				"signal %u came instead of %u", signal, wanted);
		check_user_code();
		safepoint();
	}
	has_done_its_work();
}

static void newborn(void *unused)
{
	(void)unused;
	check_user_code();
	check_state();
	channel_try_send(&small->ended, 1);
}

static void give_birth(void *unused)
{
	uint32_t value;
	int child;

	(void)unused;
	sim_gate();
	for (uint32_t i = 0; i < small->plan.newborn; i++) {
		child = small->subject->spawn(
			"newborn", newborn, NULL, small->plan.template_thread);
		if (child < 0)
			die("birth: failed with error %d", -child);
		channel_receive(&small->ended, OS_FOREVER, &value);
		check_user_code();
	}
	has_done_its_work();
}

static void start(const char *name, void (*role)(void *), bool by_template, bool active)
{
	int thread = small->subject->spawn(name, role, NULL, by_template);

	if (thread < 0)
		die("small world: %s: error %d", name, -thread);
	if (active)
		os_bump(&small->working, 1, memory_order_relaxed);
}

/* Those that only wait are asleep when the first of the others comes to the gate. */
static void start_roles(void)
{
	const struct small_plan *plan = &small->plan;

	for (uint32_t i = 0; i < plan->threads; i++)
		start("idle", idle, plan->template_thread && !plan->newborn && i == 0,
			false);
	if (plan->template_thread && (plan->newborn || !plan->threads))
		start("child", idle, true, false);
	if (plan->syscall == 1)
		start("reader", read_for_ever, false, false);
	if (plan->poller == 2)
		sim_hold(SIM_OP_EXCHANGE, &world->poller.claimed);
	if (plan->poller)
		start("timer", wait_for_far_timer, false, false);
	thread_yield();
	if (plan->syscall == 2)
		start("reader", read_for_ever, false, false);
	for (uint32_t i = 0; i < plan->broadcasters; i++)
		start("coordinator", coordinate, false, true);
	if (plan->signals)
		start("sender", send_signals, false, true);
	if (plan->newborn)
		start("parent", give_birth, false, true);
}

static void subscribe(void)
{
	int error = signal_subscribe(&small->arrivals, OS_SIGNAL_HANGUP);

	if (!error && small->plan.numbers == 2)
		error = signal_subscribe(&small->arrivals, SECOND_SIGNAL);
	if (error)
		die("small world: cannot subscribe (error %d)", -error);
}

/* Leader, receiver, sysmon, two pollers, template thread and its child: and THREADS_MIN
 * of world.c. */
uint32_t small_threads(const struct small_plan *plan)
{
	uint32_t threads = 2 + plan->sysmon + 3 * (plan->poller != 0) +
			   2 * plan->template_thread + plan->threads +
			   plan->broadcasters + (plan->signals != 0) + plan->syscall +
			   2 * plan->newborn;

	return threads < 8 ? 8 : threads;
}

void small_run(const struct small_plan *plan, const struct subject *subject,
	const struct world_config *config)
{
	int error = subject->start(config);

	if (error)
		die("small world: cannot be started (error %d)", -error);
	small = world_allocate(sizeof *small);
	if (!small)
		die("small world: no memory");
	small->plan = *plan;
	small->subject = subject;
	channel_init(&small->never, 1);
	channel_init(&small->arrivals, 2);
	channel_init(&small->ended, 1);
	if (plan->syscall && os_pipe_open(&small->pipe))
		die("small world: no pipe");
	if (plan->signals)
		subscribe();
	start_roles();
	if (!small->working.value)
		die("small world: nobody has anything to do");
	threads_join();
	die("small world: its threads have ended");
}

static void normalise_channel(struct channel *channel)
{
	if (channel->count)
		return;
	channel->first = 0;
	memset(channel->values, 0, channel->capacity * sizeof channel->values[0]);
}

void small_normalise(void)
{
	normalise_channel(&small->never);
	normalise_channel(&small->arrivals);
	normalise_channel(&small->ended);
	if (small->plan.poller)
		return;
	for (uint32_t i = 0; i < world->sched.records.value; i++) {
		os_word *state = &thread_at(i)->wait.state;

		/* The outcome of the wait, without its number. */
		atomic_store_explicit(
			&state->value, state->value & WAIT_OUTCOME, memory_order_relaxed);
	}
}

const char *small_word_name(const void *word)
{
	static const char other[] = "a word of the storm";

	if (!world || !small)
		return other;
	if (word == &small->working)
		return "those at work";
	if (word == &small->arrivals.lock.state)
		return "lock of arrivals";
	if (word == &small->never.lock.state)
		return "lock of never";
	return word == &small->ended.lock.state ? "lock of the ended" : other;
}
