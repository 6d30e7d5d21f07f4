/* SPDX-License-Identifier: BSD-2-Clause */
/* The signal queue, state by state, and the way of a signal from the kernel to a channel.
 */
#include "check_suite.h"
#include "check_world.h"
#include "stress/runtime.h"

#include <stdlib.h>
#include <unistd.h>

/*
 * The queue alone, in a world without threads: what a sender does in each state.
 */
static struct signal_queue *bare_queue(bool seed)
{
	world = calloc(1, sizeof *world);
	ck_assert_ptr_nonnull(world);
	world->config.faults.on[FAULT_HANDLER_WAITS] = seed;
	os_store(&world->signals.wanted[0], 1, memory_order_relaxed);
	return &world->signals;
}

static const struct transition {
	bool seed;
	enum signal_state before, after;
	bool wakes;
} transitions[] = {
	{ false, SIGNAL_IDLE, SIGNAL_SENDING, false },
	{ false, SIGNAL_SENDING, SIGNAL_SENDING, false },
	{ false, SIGNAL_RECEIVING, SIGNAL_SENDING, true },
	{ false, SIGNAL_FIXUP, SIGNAL_SENDING, false },
	{ true, SIGNAL_IDLE, SIGNAL_SENDING, false },
	{ true, SIGNAL_SENDING, SIGNAL_SENDING, false },
	{ true, SIGNAL_RECEIVING, SIGNAL_IDLE, true },
};

enum { TRANSITIONS = sizeof transitions / sizeof transitions[0] };

START_TEST(sender_moves_the_state)
{
	const struct transition *t = &transitions[_i];
	struct signal_queue *queue = bare_queue(t->seed);

	os_store(&queue->state, t->before, memory_order_relaxed);
	ck_assert(signal_send(SIGHUP));
	ck_assert_uint_eq(os_load(&queue->state, memory_order_relaxed), t->after);
	ck_assert_uint_eq(os_load(&queue->note.events, memory_order_relaxed),
		t->wakes ? NOTE_WAKE : 0);
	ck_assert_uint_eq(os_load(&queue->pending[0], memory_order_relaxed), 1);
	ck_assert_uint_eq(os_load(&queue->delivering, memory_order_relaxed), 0);
}
END_TEST

START_TEST(sender_that_coalesces_moves_nothing)
{
	struct signal_queue *queue = bare_queue(false);

	os_store(&queue->pending[0], 1, memory_order_relaxed);
	os_store(&queue->state, SIGNAL_RECEIVING, memory_order_relaxed);
	ck_assert(signal_send(SIGHUP));
	ck_assert_uint_eq(os_load(&queue->state, memory_order_relaxed), SIGNAL_RECEIVING);
	ck_assert_uint_eq(os_counted(&world->counters.coalesced), 1);
}
END_TEST

START_TEST(unwanted_signal_is_not_queued)
{
	struct signal_queue *queue = bare_queue(false);

	ck_assert(!signal_send(SIGUSR1));
	ck_assert_uint_eq(os_load(&queue->pending[0], memory_order_relaxed), 0);
	ck_assert_uint_eq(os_load(&queue->state, memory_order_relaxed), SIGNAL_IDLE);
	ck_assert_uint_eq(os_load(&queue->delivering, memory_order_relaxed), 0);
}
END_TEST

START_TEST(signal_64_has_its_own_bit)
{
	struct signal_queue *queue = bare_queue(false);

	os_store(&queue->wanted[1], UINT32_C(1) << 31, memory_order_relaxed);
	ck_assert(signal_send(64));
	ck_assert_uint_eq(
		os_load(&queue->pending[1], memory_order_relaxed), UINT32_C(1) << 31);
}
END_TEST

START_TEST(coordinator_moves_a_sleeping_receiver_only)
{
	struct signal_queue *queue = bare_queue(false);

	for (uint32_t state = SIGNAL_IDLE; state <= SIGNAL_FIXUP; state++) {
		bool asleep = state == SIGNAL_RECEIVING;

		os_store(&queue->state, state, memory_order_relaxed);
		signal_wake_receiver_for_fixup();
		ck_assert_uint_eq(os_load(&queue->state, memory_order_relaxed),
			asleep ? SIGNAL_FIXUP : state);
		ck_assert_uint_eq(note_take(&queue->note), asleep ? NOTE_WAKE : 0);
	}
}
END_TEST

/*
 * With threads.
 */
START_TEST(signal_reaches_its_channel)
{
	struct channel channel;
	uint32_t value;

	test_world(_i);
	channel_init(&channel, 1);
	ck_assert_int_eq(signal_subscribe(&channel, SIGUSR1), 0);
	ck_assert_int_eq(signal_subscribe(&channel, SIGHUP), 0);
	for (int i = 0; i < 500; i++) {
		int signal = i & 1 ? SIGUSR1 : SIGHUP;

		os_kill_process(signal);
		ck_assert_int_eq(channel_receive(&channel, OS_FOREVER, &value), 0);
		ck_assert_int_eq(value, signal);
	}
	signal_unsubscribe(&channel);
	world_end();
}
END_TEST

START_TEST(full_channel_drops_and_the_other_gets_its_own)
{
	struct channel full, other;
	uint32_t value;

	test_world(2);
	channel_init(&full, 1);
	channel_init(&other, 1);
	channel_try_send(&full, 99);
	signal_subscribe(&full, SIGHUP);
	signal_subscribe(&other, SIGHUP);
	os_kill_process(SIGHUP);
	ck_assert_int_eq(channel_receive(&other, OS_FOREVER, &value), 0);
	ck_assert_uint_eq(value, SIGHUP);
	signal_unsubscribe(&full);
	signal_unsubscribe(&other);
	ck_assert_uint_eq(os_counted(&world_counters()->dropped), 1);
	ck_assert_int_eq(channel_receive(&full, OS_FOREVER, &value), 0);
	ck_assert_uint_eq(value, 99);
	world_end();
}
END_TEST

START_TEST(bad_signals_are_refused)
{
	struct channel channel;

	test_world(1);
	channel_init(&channel, 1);
	ck_assert_int_eq(signal_subscribe(&channel, 0), -EINVAL);
	ck_assert_int_eq(signal_subscribe(&channel, 65), -EINVAL);
	ck_assert_int_eq(signal_subscribe(&channel, SIGKILL), -EINVAL);
	ck_assert_uint_eq(os_load(&world->signals.wanted[0], memory_order_relaxed), 0);
	world_end();
}
END_TEST

/* A signal sent while subscribed is delivered before unsubscribe returns, and then
 * nothing comes any more. */
START_TEST(unsubscribe_waits_for_what_is_under_way)
{
	struct channel channel;
	uint32_t value;

	test_world(_i);
	for (int i = 0; i < 300; i++) {
		channel_init(&channel, 1);
		ck_assert_int_eq(signal_subscribe(&channel, SIGHUP), 0);
		os_kill_thread((uint32_t)gettid(), SIGHUP);
		signal_unsubscribe(&channel);
		ck_assert_uint_eq(channel.count, 1);
		channel_close(&channel);
		ck_assert_int_eq(channel_receive(&channel, OS_FOREVER, &value), 0);
		ck_assert_int_eq(
			channel_receive(&channel, OS_FOREVER, &value), -ESHUTDOWN);
	}
	world_end();
}
END_TEST

START_TEST(disposition_comes_back)
{
	struct channel channel;
	struct sigaction action;

	test_world(1);
	channel_init(&channel, 1);
	signal_subscribe(&channel, SIGHUP);
	signal_subscribe(&channel, SIGUSR1);
	signal_unsubscribe(&channel);
	sigaction(SIGHUP, NULL, &action);
	ck_assert_ptr_eq(action.sa_handler, SIG_IGN);
	sigaction(SIGUSR1, NULL, &action);
	ck_assert_ptr_eq(action.sa_handler, SIG_DFL);
	world_end();
}
END_TEST

START_TEST(default_disposition_kills_again)
{
	struct channel channel;

	test_world(1);
	channel_init(&channel, 1);
	signal_subscribe(&channel, SIGUSR1);
	signal_unsubscribe(&channel);
	os_kill_process(SIGUSR1);
	world_end();
}
END_TEST

static bool on_signal_stack;

static void look(int signal)
{
	stack_t stack;

	(void)signal;
	sigaltstack(NULL, &stack);
	on_signal_stack = stack.ss_flags & SS_ONSTACK;
}

START_TEST(handlers_run_on_their_own_stack)
{
	test_world(1);
	ck_assert_int_eq(os_signal_dispose(SIGUSR2, OS_SIGNAL_HANDLE, look, NULL), 0);
	os_kill_thread((uint32_t)gettid(), SIGUSR2);
	ck_assert(on_signal_stack);
	os_signal_dispose(SIGUSR2, OS_SIGNAL_DEFAULT, NULL, NULL);
	world_end();
}
END_TEST

static os_word entered, disturbed;

static int spoil_errno(void *unused, bool first)
{
	(void)unused;
	(void)first;
	errno = EDOM;
	os_add(&disturbed, 1, memory_order_release);
	return 0;
}

/* Inside a system call the function of a broadcast runs in the handler. */
static void keep_errno(void *unused)
{
	(void)unused;
	enter_syscall();
	errno = ERANGE;
	os_store(&entered, 1, memory_order_release);
	/* The leader, sysmon, the receiver and this thread. */
	while (os_load(&disturbed, memory_order_acquire) < 4)
		os_relax();
	ck_assert_int_eq(errno, ERANGE);
	exit_syscall();
}

START_TEST(handler_leaves_errno_alone)
{
	test_world(2);
	ck_assert_int_ge(thread_spawn("keeper", keep_errno, NULL, false), 0);
	while (!os_load(&entered, memory_order_acquire))
		thread_yield();
	ck_assert_int_eq(broadcast(spoil_errno, NULL, NULL), 0);
	ck_assert_uint_eq(os_counted(&world_counters()->directed), 1);
	threads_join();
	world_end();
}
END_TEST

static Suite *signals_suite(void)
{
	Suite *suite = suite_create("signals");
	TCase *tests = add_tests(suite, "queue");

	tcase_add_loop_test(tests, sender_moves_the_state, 0, TRANSITIONS);
	tcase_add_test(tests, sender_that_coalesces_moves_nothing);
	tcase_add_test(tests, unwanted_signal_is_not_queued);
	tcase_add_test(tests, signal_64_has_its_own_bit);
	tcase_add_test(tests, coordinator_moves_a_sleeping_receiver_only);
	tests = add_tests(suite, "way");
	tcase_add_loop_test(tests, signal_reaches_its_channel, 1, 4);
	tcase_add_test(tests, full_channel_drops_and_the_other_gets_its_own);
	tcase_add_test(tests, bad_signals_are_refused);
	tcase_add_loop_test(tests, unsubscribe_waits_for_what_is_under_way, 1, 3);
	tcase_add_test(tests, disposition_comes_back);
	tcase_add_test_raise_signal(tests, default_disposition_kills_again, SIGUSR1);
	/* A handler that is put off runs on the stack of the thread. */
	if (!OS_SIGNALS_ARE_PUT_OFF)
		tcase_add_test(tests, handlers_run_on_their_own_stack);
	tcase_add_test(tests, handler_leaves_errno_alone);
	return suite;
}

int main(void)
{
	return run_suite(signals_suite());
}
