/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The protocol of musl's synccall (src/thread/synccall.c as described with commits
 * e4235d70 and 7f3a2925), in our own code: how a libc makes every thread run a function.
 *
 * The caller holds the list of threads and blocks all signals. It signals one thread after
 * another, and waits until each is caught in its handler. Then it lets one after another
 * run the function, runs it itself, and only when all have run it lets them all go:
 *
 *	caller				caught
 *	  target = t, signal t
 *	  wait(caller)			  post(caller)
 *	  post(target)			  wait(target)
 *					  function
 *	  wait(caller)			  post(caller)
 *	  function
 *	  post(exit)			  wait(exit)
 *	  wait(caller)			  post(caller)
 *
 * From 2019 to 2023 (1.1.22 to 1.2.4) caught threads waited on `target` twice, for their
 * turn and for their release: fault one-semaphore. A thread that has run the function
 * takes the post that was another's turn, and is in user code before all have run it.
 *
 * A handler that is entered for a stray signal must see that it is not meant: fault
 * any-signal leaves that out. musl's signal is one that nobody else may use; here it is an
 * ordinary one, so that strays can be sent.
 */
#include "runners/explore/stranger.h"

#include "stress/os.h"

enum { MEMBERS_MAX = 8, SIGNAL = 10, USER_STEPS = 1 };

enum { ONE_SEMAPHORE = 1, ANY_SIGNAL = 2 };

struct member {
	struct os_thread os;
	uint32_t index, tid;
	uint32_t ran; /* functions */
};

static struct synccall {
	uint32_t faults, count;
	struct small_plan plan;
	struct member members[MEMBERS_MAX];
	os_word list;	/* a semaphore: 1 if nobody holds the list of threads */
	os_word target; /* the tid that is meant */
	os_word target_sem, caller_sem, exit_sem;
	os_word working, never;
	/* Ghosts. */
	uint32_t unsettled, epoch;
} state;

static struct member *self(void)
{
	return (struct member *)(void *)os_self();
}

static void post(os_word *semaphore)
{
	os_add(semaphore, 1, memory_order_release);
	os_futex_wake(semaphore, 1);
}

static void wait(os_word *semaphore)
{
	for (;;) {
		uint32_t value = os_load(semaphore, memory_order_acquire);

		if (!value)
			os_futex_wait(semaphore, 0, OS_FOREVER);
		else if (os_cas(semaphore, value, value - 1, memory_order_acquire))
			return;
	}
}

/* Setting the attribute is a step of its own. */
static void function(void)
{
	if (!state.unsettled) {
		state.unsettled = state.count;
		state.epoch++;
	}
	os_attribute_set(state.epoch & 1);
	if (++self()->ran != state.epoch)
		stranger_broken("a thread ran the function twice, or not at all");
	state.unsettled--;
}

static void check_user_code(void)
{
	if (state.unsettled)
		stranger_broken(
			"user code runs before every thread has run the function");
	if (self()->ran != state.epoch)
		stranger_broken("user code runs on a thread that was left out");
}

static void handler(int signal)
{
	(void)signal;
	if (!(state.faults & ANY_SIGNAL) &&
		os_load(&state.target, memory_order_acquire) != self()->tid)
		return;
	post(&state.caller_sem);
	wait(&state.target_sem);
	function();
	post(&state.caller_sem);
	wait(state.faults & ONE_SEMAPHORE ? &state.target_sem : &state.exit_sem);
	post(&state.caller_sem);
}

static void catch_all(void)
{
	for (uint32_t i = 0; i < state.count; i++) {
		struct member *member = &state.members[i];

		if (member == self())
			continue;
		os_store(&state.target, member->tid, memory_order_release);
		os_kill_thread(member->tid, SIGNAL);
		wait(&state.caller_sem);
	}
	os_store(&state.target, 0, memory_order_release);
}

static void synccall(void)
{
	struct os_signal_set mask;
	os_word *release =
		state.faults & ONE_SEMAPHORE ? &state.target_sem : &state.exit_sem;

	wait(&state.list);
	mask = os_signals_block_all();
	catch_all();
	for (uint32_t i = 1; i < state.count; i++) {
		post(&state.target_sem);
		wait(&state.caller_sem);
	}
	function();
	for (uint32_t i = 1; i < state.count; i++)
		post(release);
	for (uint32_t i = 1; i < state.count; i++)
		wait(&state.caller_sem);
	post(&state.list);
	os_signals_set(mask);
}

static void rest(void)
{
	for (;;) {
		os_futex_wait(&state.never, 0, OS_FOREVER);
		check_user_code();
	}
}

static void has_done_its_work(void)
{
	check_user_code();
	if (os_sub(&state.working, 1, memory_order_acq_rel) == 1)
		sim_done();
	rest();
}

static void enter(struct member *member)
{
	os_thread_enter(&member->os, (struct thread *)(void *)member, &member->tid);
	os_signals_set((struct os_signal_set){ 0 });
}

/* User code that can be caught anywhere, also between two steps of its own. */
static void run_member(void *argument)
{
	enter(argument);
	sim_gate();
	for (uint32_t i = 0; i < USER_STEPS; i++) {
		os_yield();
		check_user_code();
	}
	has_done_its_work();
}

static void run_caller(void *argument)
{
	enter(argument);
	sim_gate();
	for (uint32_t i = 0; i < state.plan.broadcasts; i++) {
		synccall();
		check_user_code();
	}
	has_done_its_work();
}

static void run_sender(void *argument)
{
	enter(argument);
	sim_gate();
	for (uint32_t i = 0; i < state.plan.signals; i++)
		os_kill_thread(state.members[0].tid, SIGNAL);
	has_done_its_work();
}

static void start(void (*entry)(void *))
{
	struct member *member = &state.members[state.count];

	member->index = state.count++;
	os_bump(&state.working, 1, memory_order_relaxed);
	os_thread_create(&member->os, entry, member);
}

static void run(const struct small_plan *plan, uint32_t faults)
{
	state.plan = *plan;
	state.faults = faults;
	os_store(&state.list, 1, memory_order_relaxed);
	os_signal_dispose(SIGNAL, OS_SIGNAL_HANDLE, handler, NULL);
	state.members[0].index = state.count++;
	os_bump(&state.working, 1, memory_order_relaxed);
	for (uint32_t i = 0; i < plan->threads; i++)
		start(run_member);
	for (uint32_t i = 0; i < plan->broadcasters; i++)
		start(run_caller);
	if (plan->signals)
		start(run_sender);
	run_member(&state.members[0]);
}

static const char *thread_name(unsigned thread)
{
	if (!thread)
		return "leader";
	if (thread <= state.plan.threads)
		return "member";
	return thread <= state.plan.threads + state.plan.broadcasters ? "caller"
								      : "sender";
}

static const char *word_name(const void *word)
{
	static const struct {
		const void *word;
		const char *name;
	} names[] = {
		{ &state.list, "list of threads" },
		{ &state.target, "target" },
		{ &state.target_sem, "semaphore target" },
		{ &state.caller_sem, "semaphore caller" },
		{ &state.exit_sem, "semaphore exit" },
		{ &state.working, "those at work" },
	};

	for (size_t i = 0; i < sizeof names / sizeof names[0]; i++)
		if (names[i].word == word)
			return names[i].name;
	return "for ever";
}

const struct stranger stranger_synccall = {
	.name = "synccall",
	.summary = "the protocol of musl's synccall",
	.faults = { "one-semaphore", "any-signal" },
	.state = &state,
	.state_size = sizeof state,
	.run = run,
	.thread_name = thread_name,
	.word_name = word_name,
};
