/* SPDX-License-Identifier: BSD-2-Clause */
/* The parts of the runtime, one by one. */
#include "check_suite.h"
#include "check_world.h"
#include "stress/runtime.h"
#include "stress/text.h"

#include <string.h>

/*
 * Text
 */
START_TEST(text_is_formatted)
{
	char text[64] = "";

	ck_assert_uint_eq(text_append(text, sizeof text, "%s %u %d %x %lu%%", "a", 7u,
				  -12, 255u, 1234567890123ul),
		strlen("a 7 -12 ff 1234567890123%"));
	ck_assert_str_eq(text, "a 7 -12 ff 1234567890123%");
}
END_TEST

START_TEST(text_is_cut_to_its_size)
{
	char text[6] = "";

	text_append(text, sizeof text, "%s", "abcdefgh");
	ck_assert_str_eq(text, "abcde");
}
END_TEST

/*
 * Notes
 */
START_TEST(note_keeps_events_apart)
{
	struct note note = { 0 };

	ck_assert_uint_eq(note_post(&note, NOTE_FIXUP), 0);
	ck_assert_uint_eq(note_post(&note, NOTE_FIXUP), NOTE_FIXUP);
	note_wake(&note);
	ck_assert_uint_eq(note_sleep(&note, OS_FOREVER), NOTE_WAKE | NOTE_FIXUP);
	ck_assert_uint_eq(note_take(&note), NOTE_WAKE | NOTE_FIXUP);
	ck_assert_uint_eq(note_take(&note), 0);
}
END_TEST

START_TEST(note_sleep_ends_at_its_deadline)
{
	struct note note = { 0 };
	uint64_t deadline = os_now() + 5 * OS_MILLISECOND;

	ck_assert_uint_eq(note_sleep(&note, deadline), 0);
	ck_assert_uint_ge(os_now(), deadline);
}
END_TEST

START_TEST(note_double_wakeup_is_fatal)
{
	struct note note = { 0 };

	note_wake(&note);
	note_wake(&note);
}
END_TEST

static struct note pinged, ponged;

static void pong(void *unused)
{
	(void)unused;
	for (int i = 0; i < 10000; i++) {
		enter_syscall();
		note_sleep(&pinged, OS_FOREVER);
		exit_syscall();
		note_take(&pinged);
		note_wake(&ponged);
	}
}

START_TEST(note_loses_no_wakeup)
{
	test_world(2);
	ck_assert_int_ge(thread_spawn("pong", pong, NULL, false), 0);
	for (int i = 0; i < 10000; i++) {
		note_wake(&pinged);
		enter_syscall();
		note_sleep(&ponged, OS_FOREVER);
		exit_syscall();
		note_take(&ponged);
	}
	threads_join();
	world_end();
}
END_TEST

/*
 * Locks
 */
static struct lock guard;
static unsigned guarded;

static void count_under_lock(void *unused)
{
	(void)unused;
	for (int i = 0; i < 20000; i++) {
		lock_acquire(&guard);
		guarded++;
		lock_release(&guard);
		safepoint();
	}
}

START_TEST(lock_excludes)
{
	test_world(4);
	for (int i = 0; i < 8; i++)
		ck_assert_int_ge(
			thread_spawn("counter", count_under_lock, NULL, false), 0);
	threads_join();
	ck_assert_uint_eq(guarded, 8 * 20000);
	world_end();
}
END_TEST

START_TEST(lock_released_by_another_is_fatal)
{
	test_world(1);
	os_store(&guard.owner, thread_self() + 2, memory_order_relaxed);
	lock_release(&guard);
}
END_TEST

START_TEST(lock_held_while_parking_is_fatal)
{
	struct channel channel;
	uint32_t value;

	test_world(1);
	channel_init(&channel, 1);
	lock_acquire(&guard);
	channel_receive(&channel, OS_FOREVER, &value);
}
END_TEST

/*
 * Channels and timers
 */
START_TEST(channel_is_a_bounded_queue)
{
	struct channel channel;
	uint32_t value;

	test_world(1);
	channel_init(&channel, 2);
	ck_assert_int_eq(channel_try_send(&channel, 1), 0);
	ck_assert_int_eq(channel_try_send(&channel, 2), 0);
	ck_assert_int_eq(channel_try_send(&channel, 3), -EAGAIN);
	ck_assert_int_eq(channel_receive(&channel, OS_FOREVER, &value), 0);
	ck_assert_uint_eq(value, 1);
	ck_assert_int_eq(channel_try_send(&channel, 4), 0);
	channel_close(&channel);
	ck_assert_int_eq(channel_try_send(&channel, 5), -ESHUTDOWN);
	ck_assert_int_eq(channel_receive(&channel, OS_FOREVER, &value), 0);
	ck_assert_uint_eq(value, 2);
	ck_assert_int_eq(channel_receive(&channel, OS_FOREVER, &value), 0);
	ck_assert_uint_eq(value, 4);
	ck_assert_int_eq(channel_receive(&channel, OS_FOREVER, &value), -ESHUTDOWN);
	world_end();
}
END_TEST

START_TEST(receive_ends_at_its_deadline)
{
	struct channel channel;
	uint32_t value;

	test_world(_i);
	channel_init(&channel, 1);
	for (int i = 0; i < 50; i++) {
		uint64_t deadline = os_now() + OS_MILLISECOND;

		ck_assert_int_eq(channel_receive(&channel, deadline, &value), -ETIMEDOUT);
		ck_assert_uint_ge(os_now(), deadline);
	}
	ck_assert_uint_eq(channel.waiters, NO_THREAD);
	world_end();
}
END_TEST

struct relay {
	struct channel in, *out;
	uint64_t sum;
};

/* Half of the waits end by their timer, in a race with the value. */
static void relay(void *argument)
{
	struct relay *self = argument;
	uint32_t value;
	int error;

	do {
		error = channel_receive(&self->in, os_now() + 20000, &value);
		if (error == -ETIMEDOUT)
			continue;
		if (error)
			break;
		self->sum += value;
		while (self->out && channel_try_send(self->out, value) == -EAGAIN)
			thread_yield();
	} while (true);
	if (self->out)
		channel_close(self->out);
}

START_TEST(values_race_with_timers_and_none_is_lost)
{
	static struct relay relays[4];
	uint64_t sum = 0;

	test_world(_i);
	for (int i = 0; i < 4; i++) {
		channel_init(&relays[i].in, 1);
		relays[i].out = i < 3 ? &relays[i + 1].in : NULL;
		ck_assert_int_ge(thread_spawn("relay", relay, &relays[i], i & 1), 0);
	}
	for (uint32_t value = 1; value <= 3000; value++) {
		sum += value;
		while (channel_try_send(&relays[0].in, value))
			thread_yield();
	}
	channel_close(&relays[0].in);
	threads_join();
	for (int i = 0; i < 4; i++)
		ck_assert_uint_eq(relays[i].sum, sum);
	world_end();
}
END_TEST

/*
 * The world
 */
START_TEST(world_refuses_bad_numbers)
{
	struct world_config good = test_config(1), bad = good;

	bad.slots = 0;
	ck_assert_int_eq(world_start(&bad), -EINVAL);
	bad.slots = SLOTS_MAX + 1;
	ck_assert_int_eq(world_start(&bad), -EINVAL);
	bad = good;
	bad.threads_max = 7;
	ck_assert_int_eq(world_start(&bad), -EINVAL);
	bad = good;
	bad.memory_size = world_size(TEST_THREADS, 0) - 1;
	ck_assert_int_eq(world_start(&bad), -EINVAL);
	bad = good;
	bad.memory = (char *)good.memory + 8;
	ck_assert_int_eq(world_start(&bad), -EINVAL);
	ck_assert_int_eq(world_start(&good), 0);
	ck_assert_int_eq(world_start(&good), -EBUSY);
	world_end();
}
END_TEST

START_TEST(world_starts_again_after_its_end)
{
	struct channel channel;
	uint32_t value;

	for (int i = 0; i < 20; i++) {
		test_world(1 + i % 3);
		channel_init(&channel, 1);
		ck_assert_int_eq(channel_receive(&channel, os_now(), &value), -ETIMEDOUT);
		world_end();
	}
}
END_TEST

static os_word quit;
static os_counter turns;

static void turn_until_quit(void *unused)
{
	(void)unused;
	while (!os_load(&quit, memory_order_acquire)) {
		os_count(&turns, 1);
		safepoint();
	}
}

START_TEST(stopped_world_runs_no_user_code)
{
	test_world(_i);
	for (int i = 0; i < 3; i++)
		ck_assert_int_ge(thread_spawn("turner", turn_until_quit, NULL, false), 0);
	for (int i = 0; i < 20; i++) {
		uint64_t before;

		ck_assert_int_eq(world_stop(), 0);
		ck_assert_int_eq(world_stop(), -EDEADLK);
		before = os_counted(&turns);
		for (int k = 0; k < 100; k++)
			os_yield();
		ck_assert_uint_eq(os_counted(&turns), before);
		world_restart();
		thread_yield();
	}
	os_store(&quit, 1, memory_order_release);
	threads_join();
	world_end();
}
END_TEST

static int count_call(void *calls, bool first)
{
	(void)first;
	os_count(calls, 1);
	return 0;
}

static int fail_on_first(void *calls, bool first)
{
	os_count(calls, 1);
	return first ? -ENOSYS : 0;
}

static int dissent(void *dissenter, bool first)
{
	(void)first;
	return thread_self() == *(uint32_t *)dissenter ? -EIO : 0;
}

START_TEST(broadcast_runs_once_on_each_thread)
{
	os_counter calls = { 0 };

	test_world(2);
	for (int i = 0; i < 4; i++)
		ck_assert_int_ge(thread_spawn("turner", turn_until_quit, NULL, i & 1), 0);
	for (uint64_t i = 1; i <= 100; i++) {
		ck_assert_int_eq(broadcast(count_call, &calls, NULL), 0);
		/* The leader, four turners, sysmon, the receiver and the template thread.
		 */
		ck_assert_uint_eq(os_counted(&calls), 8 * i);
	}
	os_store(&quit, 1, memory_order_release);
	threads_join();
	world_end();
}
END_TEST

START_TEST(broadcast_that_fails_first_runs_nowhere_else)
{
	os_counter calls = { 0 };

	test_world(2);
	ck_assert_int_eq(broadcast(fail_on_first, &calls, NULL), -ENOSYS);
	ck_assert_uint_eq(os_counted(&calls), 1);
	ck_assert_uint_eq(os_signals_get().bits, thread_mask().bits);
	ck_assert_int_eq(broadcast(count_call, &calls, NULL), 0);
	world_end();
}
END_TEST

START_TEST(broadcast_reports_who_differs)
{
	uint32_t receiver = 2, dissenter = 0;

	test_world(2);
	ck_assert_int_eq(broadcast(dissent, &receiver, &dissenter), -EPROTO);
	ck_assert_uint_eq(dissenter, receiver);
	world_end();
}
END_TEST

START_TEST(broadcast_in_a_stopped_world_is_refused)
{
	os_counter calls = { 0 };

	test_world(2);
	ck_assert_int_eq(world_stop(), 0);
	ck_assert_int_eq(broadcast(count_call, &calls, NULL), -EDEADLK);
	ck_assert_int_eq(trace_start(), -EDEADLK);
	world_restart();
	ck_assert_uint_eq(os_counted(&calls), 0);
	world_end();
}
END_TEST

static void broadcast_often(void *calls)
{
	for (int i = 0; i < 200; i++)
		ck_assert_int_eq(broadcast(count_call, calls, NULL), 0);
}

static void stop_often(void *unused)
{
	(void)unused;
	for (int i = 0; i < 200; i++) {
		ck_assert_int_eq(world_stop(), 0);
		world_restart();
	}
}

START_TEST(broadcasts_and_stops_take_turns)
{
	static os_counter calls[2];

	test_world(_i);
	ck_assert_int_ge(thread_spawn("caster", broadcast_often, &calls[0], false), 0);
	ck_assert_int_ge(thread_spawn("caster", broadcast_often, &calls[1], false), 0);
	ck_assert_int_ge(thread_spawn("stopper", stop_often, NULL, false), 0);
	threads_join();
	ck_assert_uint_eq(os_counted(&world_counters()->broadcasts), 400);
	ck_assert_uint_eq(os_counted(&world_counters()->stops), 600);
	world_end();
}
END_TEST

static struct os_pipe blocked_pipe;

static void read_a_byte(void *unused)
{
	uint8_t byte;

	(void)unused;
	ck_assert_int_eq(world_read(&blocked_pipe, &byte), 1);
	ck_assert_uint_eq(byte, 42);
}

START_TEST(broadcast_reaches_a_thread_in_read)
{
	os_counter calls = { 0 };

	test_world(_i);
	ck_assert_int_eq(os_pipe_open(&blocked_pipe), 0);
	ck_assert_int_ge(thread_spawn("reader", read_a_byte, NULL, false), 0);
	thread_yield();
	for (uint64_t i = 1; i <= 100; i++) {
		ck_assert_int_eq(broadcast(count_call, &calls, NULL), 0);
		ck_assert_uint_eq(os_counted(&calls), 4 * i);
	}
	os_pipe_write(&blocked_pipe, 42);
	threads_join();
	world_end();
}
END_TEST

/* Whatever the caller of world_start blocks: the runtime's own signal is open in a world,
 * and the caller's mask is back after it. */
START_TEST(broadcast_reaches_a_reader_though_sigurg_was_blocked)
{
	os_counter calls = { 0 };
	sigset_t urgent, after;

	sigemptyset(&urgent);
	sigaddset(&urgent, SIGURG);
	sigprocmask(SIG_BLOCK, &urgent, NULL);
	test_world(2);
	ck_assert_int_eq(os_pipe_open(&blocked_pipe), 0);
	ck_assert_int_ge(thread_spawn("reader", read_a_byte, NULL, false), 0);
	thread_yield();
	for (int n = 0; n < 100; n++)
		ck_assert_int_eq(broadcast(count_call, &calls, NULL), 0);
	os_pipe_write(&blocked_pipe, 42);
	threads_join();
	world_end();
	sigprocmask(SIG_BLOCK, NULL, &after);
	ck_assert_int_eq(sigismember(&after, SIGURG), 1);
}
END_TEST

static uint32_t slots_taken_by_pollers(void)
{
	uint32_t taken = 0;
	struct event e;

	for (uint32_t i = 0; i < threads_ever(); i++) {
		if (thread_at(i)->kind != THREAD_POLLER)
			continue;
		for (uint32_t n = 1; n <= event_count(&thread_at(i)->ring); n++)
			taken += !event_read(&thread_at(i)->ring, n, &e) ||
				 e.kind == EVENT_SLOT_TAKEN;
	}
	return taken;
}

/* The second poller, which finds the poller claimed, sleeps; idle slots or not. */
START_TEST(pollers_do_not_spin)
{
	struct channel channel;
	uint32_t value;

	test_world(4);
	channel_init(&channel, 1);
	ck_assert_int_eq(
		channel_receive(&channel, os_now() + 50 * OS_MILLISECOND, &value),
		-ETIMEDOUT);
	ck_assert_uint_lt(slots_taken_by_pollers(), 50);
	world_end();
}
END_TEST

static os_word other_ran;

static void run_once(void *unused)
{
	(void)unused;
	os_store(&other_ran, 1, memory_order_release);
}

/* A thread that makes short system calls all the time is still a long runner. */
START_TEST(short_calls_do_not_keep_the_slot)
{
	uint64_t deadline = os_now() + 20 * OS_SECOND;

	test_world(1);
	ck_assert_int_ge(thread_spawn("other", run_once, NULL, false), 0);
	while (!os_load(&other_ran, memory_order_acquire)) {
		enter_syscall();
		exit_syscall();
		safepoint();
		ck_assert_uint_lt(os_now(), deadline);
	}
	threads_join();
	world_end();
}
END_TEST

static void take_a_signal_and_end(void *unused)
{
	(void)unused;
	os_kill_thread((uint32_t)gettid(), SIGHUP);
}

static void give_birth_often(void *unused)
{
	(void)unused;
	for (int i = 0; i < 4000; i++) {
		/* At the limit, until one of the others has ended. */
		while (thread_spawn("brief", take_a_signal_and_end, NULL, i & 1) < 0)
			thread_yield();
		safepoint();
	}
}

/* A thread may end before its maker has returned, and its record be used again at once:
 * its signal stack went with it, under its successor, once in 100,000 births. */
START_TEST(threads_are_used_again)
{
	struct channel channel;

	test_world(8);
	channel_init(&channel, 1);
	signal_subscribe(&channel, SIGHUP);
	for (int i = 0; i < 4; i++)
		ck_assert_int_ge(
			thread_spawn("parent", give_birth_often, NULL, false), 0);
	threads_join();
	ck_assert_uint_eq(os_counted(&world_counters()->deaths), 4 * 4000 + 4);
	signal_unsubscribe(&channel);
	world_end();
}
END_TEST

static os_word told_of_start, told_of_end;

/* Counts those of that name that block signals. */
static void count_named(const char *name, void *counter)
{
	if (!strcmp(name, "pong") && os_signals_get().bits & UINT64_C(1) << (SIGHUP - 1))
		os_add(counter, 1, memory_order_relaxed);
}

static void not_told_of_its_end(void *unused)
{
	(void)unused;
	ck_assert_uint_eq(os_load(&told_of_end, memory_order_relaxed), 0);
}

START_TEST(threads_are_told_of_at_their_start_and_end)
{
	struct world_config config = test_config(2);

	config.on_thread_start = config.on_thread_end = count_named;
	config.on_thread_start_argument = &told_of_start;
	config.on_thread_end_argument = &told_of_end;
	ck_assert_int_eq(world_start(&config), 0);
	ck_assert_int_ge(thread_spawn("pong", not_told_of_its_end, NULL, false), 0);
	threads_join();
	ck_assert_uint_eq(os_load(&told_of_start, memory_order_relaxed), 1);
	ck_assert_uint_eq(os_load(&told_of_end, memory_order_relaxed), 1);
	world_end();
}
END_TEST

START_TEST(threads_have_a_limit)
{
	int born = 0;

	test_world(1);
	while (thread_spawn("turner", turn_until_quit, NULL, false) >= 0)
		born++;
	ck_assert_int_eq(thread_spawn("turner", turn_until_quit, NULL, false), -ENOSPC);
	/* Three services and the leader live too. */
	ck_assert_int_eq(born, TEST_THREADS - 3);
	os_store(&quit, 1, memory_order_release);
	threads_join();
	world_end();
}
END_TEST

static Suite *runtime_suite(void)
{
	Suite *suite = suite_create("runtime");
	TCase *tests = add_tests(suite, "parts");

	tcase_add_test(tests, text_is_formatted);
	tcase_add_test(tests, text_is_cut_to_its_size);
	tcase_add_test(tests, note_keeps_events_apart);
	tcase_add_test(tests, note_sleep_ends_at_its_deadline);
	tcase_add_test_raise_signal(tests, note_double_wakeup_is_fatal, SIGABRT);
	tcase_add_test(tests, note_loses_no_wakeup);
	tcase_add_test(tests, lock_excludes);
	tcase_add_test_raise_signal(tests, lock_released_by_another_is_fatal, SIGABRT);
	tcase_add_test_raise_signal(tests, lock_held_while_parking_is_fatal, SIGABRT);
	tcase_add_test(tests, channel_is_a_bounded_queue);
	tcase_add_loop_test(tests, receive_ends_at_its_deadline, 1, 3);
	tcase_add_loop_test(tests, values_race_with_timers_and_none_is_lost, 1, 4);
	tcase_add_test(tests, world_refuses_bad_numbers);
	tcase_add_test(tests, world_starts_again_after_its_end);
	tcase_add_loop_test(tests, stopped_world_runs_no_user_code, 1, 4);
	tcase_add_test(tests, broadcast_runs_once_on_each_thread);
	tcase_add_test(tests, broadcast_that_fails_first_runs_nowhere_else);
	tcase_add_test(tests, broadcast_reports_who_differs);
	tcase_add_test(tests, broadcast_in_a_stopped_world_is_refused);
	tcase_add_loop_test(tests, broadcasts_and_stops_take_turns, 1, 4);
	tcase_add_loop_test(tests, broadcast_reaches_a_thread_in_read, 1, 3);
	tcase_add_test(tests, broadcast_reaches_a_reader_though_sigurg_was_blocked);
	tcase_add_test(tests, pollers_do_not_spin);
	tcase_add_test(tests, short_calls_do_not_keep_the_slot);
	tcase_add_test(tests, threads_are_used_again);
	tcase_add_test(tests, threads_are_told_of_at_their_start_and_end);
	tcase_add_test(tests, threads_have_a_limit);
	return suite;
}

int main(void)
{
	return run_suite(runtime_suite());
}
