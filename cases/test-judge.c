/* SPDX-License-Identifier: BSD-2-Clause */
/* The rules of the watchdog, on snapshots made by hand. */
#include "check_suite.h"
#include "runners/judge.h"

#include <stdlib.h>
#include <string.h>

enum { COORDINATOR, PING_PONG, RECEIVER, SYSMON, FOREIGN, THREADS };
enum { HANGUP = 1, RUN = 1000000 };

/* A cell at rest: every thread asleep, a world between broadcasts. */
static struct snapshot before, after;

static void at_rest(struct snapshot *s, uint64_t time)
{
	static const enum thread_kind kinds[] = { THREAD_LEADER, THREAD_USER,
		THREAD_RECEIVER, THREAD_SYSMON };
	static const char *const names[] = { "leader", "ping-pong", "receiver",
		"sysmon" };

	memset(s, 0, sizeof *s);
	s->time = time;
	s->count = THREADS;
	s->view.phase = PHASE_IDLE;
	s->view.receiver_asleep = true;
	s->view.signals_wanted = HANGUP;
	s->view.thread_count = FOREIGN;
	for (uint32_t i = 0; i < THREADS; i++) {
		s->threads[i] = (struct thread_sample){
			.tid = 100 + i, .state = 'S', .run = RUN, .switches = 50
		};
		if (i == FOREIGN)
			continue;
		s->view.threads[i] = (struct thread_view){ .index = i,
			.tid = 100 + i,
			.kind = kinds[i],
			.where = WHERE_PARKED,
			.waits = true };
		strcpy(s->view.threads[i].name, names[i]);
	}
}

static void setup(void)
{
	at_rest(&before, 0);
	at_rest(&after, 100 * OS_MILLISECOND);
}

static enum window_kind kind(void)
{
	return judge_window(&before, &after).kind;
}

static void both(void (*change)(struct snapshot *s))
{
	change(&before);
	change(&after);
}

START_TEST(all_asleep)
{
	ck_assert_int_eq(kind(), WINDOW_ASLEEP);
}
END_TEST

START_TEST(service_threads_may_stir)
{
	after.threads[SYSMON].run += 500000;
	after.threads[SYSMON].switches += 10;
	after.threads[FOREIGN].switches += 3;
	ck_assert_int_eq(kind(), WINDOW_ASLEEP);
}
END_TEST

static void sleep_with_timeout(struct snapshot *s)
{
	s->threads[COORDINATOR].timed = true;
}

START_TEST(a_sleeper_with_a_timeout_is_not_deadlocked)
{
	both(sleep_with_timeout);
	ck_assert_int_eq(kind(), WINDOW_UNCLEAR);
	after.threads[COORDINATOR].switches += 1000;
	ck_assert_int_eq(kind(), WINDOW_BUSY);
}
END_TEST

START_TEST(one_switch_is_not_asleep)
{
	after.threads[PING_PONG].switches++;
	ck_assert_int_eq(kind(), WINDOW_BUSY);
}
END_TEST

static void run_now(struct snapshot *s)
{
	s->threads[COORDINATOR].state = 'R';
}

START_TEST(a_spinner_is_busy)
{
	both(run_now);
	after.threads[COORDINATOR].run += 90 * OS_MILLISECOND;
	ck_assert_int_eq(kind(), WINDOW_BUSY);
	ck_assert_uint_eq(judge_window(&before, &after).cpu, 90 * OS_MILLISECOND);
}
END_TEST

START_TEST(runnable_and_not_run_is_starved)
{
	both(run_now);
	ck_assert_int_eq(kind(), WINDOW_STARVED);
	ck_assert_uint_eq(judge_window(&before, &after).culprit, 100 + COORDINATOR);
}
END_TEST

START_TEST(a_stopped_thread_is_nobody_s_fault)
{
	after.threads[COORDINATOR].state = 'T';
	ck_assert_int_eq(kind(), WINDOW_STOPPED);
	after.threads[COORDINATOR].state = 't';
	ck_assert_int_eq(kind(), WINDOW_STOPPED);
}
END_TEST

START_TEST(a_birth_is_unclear)
{
	after.threads[after.count++] = (struct thread_sample){ .tid = 999, .state = 'S' };
	ck_assert_int_eq(kind(), WINDOW_UNCLEAR);
}
END_TEST

static void await_signal(struct snapshot *s)
{
	s->view.threads[PING_PONG].awaits_signal = true;
}

START_TEST(a_signal_that_nobody_brings_is_lost)
{
	both(await_signal);
	ck_assert_int_eq(kind(), WINDOW_LOST);
	ck_assert_uint_eq(judge_window(&before, &after).culprit, 100 + PING_PONG);
}
END_TEST

START_TEST(it_is_lost_too_while_others_run)
{
	both(await_signal);
	both(run_now);
	after.threads[COORDINATOR].run += 90 * OS_MILLISECOND;
	ck_assert_int_eq(kind(), WINDOW_LOST);
}
END_TEST

static void pend_for_process(struct snapshot *s)
{
	s->shared_pending = HANGUP;
}

static void pend_for_thread(struct snapshot *s)
{
	s->threads[COORDINATOR].pending = HANGUP;
}

static void block_everywhere(struct snapshot *s)
{
	for (uint32_t i = 0; i < s->count; i++)
		s->threads[i].blocked = HANGUP;
}

START_TEST(a_pending_signal_will_be_delivered)
{
	both(await_signal);
	both(pend_for_process);
	ck_assert_int_eq(kind(), WINDOW_UNCLEAR);
	setup();
	both(await_signal);
	both(pend_for_thread);
	ck_assert_int_eq(kind(), WINDOW_UNCLEAR);
}
END_TEST

START_TEST(pending_and_blocked_everywhere_is_lost)
{
	both(await_signal);
	both(pend_for_process);
	both(block_everywhere);
	ck_assert_int_eq(kind(), WINDOW_LOST);
}
END_TEST

static void be_in_handler(struct snapshot *s)
{
	s->view.threads[RECEIVER].in_handler = true;
}

static void broadcast_now(struct snapshot *s)
{
	s->view.phase = PHASE_BROADCASTING;
}

static void wake_receiver(struct snapshot *s)
{
	s->view.receiver_asleep = false;
}

static void be_runnable(struct snapshot *s)
{
	s->view.threads[PING_PONG].waits = false;
}

/* Each of these has somebody who still may bring it, or who keeps it from being brought.
 */
START_TEST(a_signal_on_its_way_is_not_lost)
{
	static void (*const ways[])(struct snapshot *) = { be_in_handler, broadcast_now,
		wake_receiver, be_runnable };

	both(await_signal);
	both(ways[_i]);
	ck_assert_int_ne(kind(), WINDOW_LOST);
}
END_TEST

START_TEST(a_waiter_that_moved_on_has_lost_nothing)
{
	both(await_signal);
	after.view.threads[PING_PONG].steps++;
	ck_assert_int_ne(kind(), WINDOW_LOST);
}
END_TEST

START_TEST(description_names_who_is_waited_for)
{
	char text[256];

	broadcast_now(&after);
	after.view.threads[RECEIVER].owes = true;
	after.view.threads[RECEIVER].where = WHERE_NOTE;
	judge_describe(&after, text, sizeof text);
	ck_assert_str_eq(text,
		"broadcasting; not reached: thread 2 (receiver) asleep as receiver");
	after.view.phase = PHASE_STOPPING;
	after.view.stop_wait = 1;
	after.view.threads[RECEIVER].owes = false;
	be_in_handler(&after);
	judge_describe(&after, text, sizeof text);
	ck_assert_str_eq(text, "stopping the world, 1 slots not given up; in a handler: "
			       "thread 2 (receiver) asleep as receiver, in its handler");
	judge_describe(&after, text, 10);
	ck_assert_str_eq(text, "stopping ");
}
END_TEST

static Suite *judge_suite(void)
{
	Suite *suite = suite_create("judge");
	TCase *tests = add_tests(suite, "windows");

	tcase_add_checked_fixture(tests, setup, NULL);
	tcase_add_test(tests, all_asleep);
	tcase_add_test(tests, service_threads_may_stir);
	tcase_add_test(tests, a_sleeper_with_a_timeout_is_not_deadlocked);
	tcase_add_test(tests, one_switch_is_not_asleep);
	tcase_add_test(tests, a_spinner_is_busy);
	tcase_add_test(tests, runnable_and_not_run_is_starved);
	tcase_add_test(tests, a_stopped_thread_is_nobody_s_fault);
	tcase_add_test(tests, a_birth_is_unclear);
	tcase_add_test(tests, a_signal_that_nobody_brings_is_lost);
	tcase_add_test(tests, it_is_lost_too_while_others_run);
	tcase_add_test(tests, a_pending_signal_will_be_delivered);
	tcase_add_test(tests, pending_and_blocked_everywhere_is_lost);
	tcase_add_loop_test(tests, a_signal_on_its_way_is_not_lost, 0, 4);
	tcase_add_test(tests, a_waiter_that_moved_on_has_lost_nothing);
	tcase_add_test(tests, description_names_who_is_waited_for);
	return suite;
}

int main(void)
{
	return run_suite(judge_suite());
}
