/* SPDX-License-Identifier: BSD-2-Clause */
/* The broadcast by signals: its parts in a world of the test's own, and whole cells. */
#include "check_cell.h"
#include "check_suite.h"
#include "check_world.h"
#include "stress/oracle.h"
#include "stress/runtime.h"
#include "stress/subject.h"

#include <dirent.h>
#include <stdlib.h>
#include <sys/ptrace.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

static const struct subject *subject;

static int start_world(uint32_t slots, enum fault fault)
{
	struct world_config config = test_config(slots);

	if (fault < FAULT_COUNT)
		config.faults.on[fault] = true;
	signal(SIGHUP, SIG_IGN);
	os_attribute_set(false);
	subject = subject_named("directed");
	return subject->start(&config);
}

static void directed_world(uint32_t slots)
{
	ck_assert_int_eq(start_world(slots, FAULT_COUNT), 0);
}

static int spawn(
	const char *name, void (*entry)(void *), void *argument, bool by_template)
{
	int thread = subject->spawn(name, entry, argument, by_template);

	ck_assert_int_ge(thread, 0);
	return thread;
}

/*
 * What is broadcast
 */
static os_counter calls[THREADS_MAX];

static int count_call(void *unused, bool first)
{
	(void)unused;
	(void)first;
	os_count(&calls[thread_self()], 1);
	return 0;
}

static int fail_on_first(void *unused, bool first)
{
	count_call(unused, first);
	return first ? -ENOSYS : 0;
}

static int dissent(void *dissenter, bool first)
{
	(void)first;
	return thread_self() == *(uint32_t *)dissenter ? -EIO : 0;
}

static uint64_t calls_in_all(void)
{
	uint64_t sum = 0;

	for (uint32_t i = 0; i < threads_ever(); i++)
		sum += os_counted(&calls[i]);
	return sum;
}

static void broadcast_many(uint64_t times)
{
	for (uint64_t i = 0; i < times; i++)
		ck_assert_int_eq(subject->broadcast(count_call, NULL, NULL), 0);
}

/*
 * Threads
 */
static os_word quit;
static struct channel channel;
static struct os_pipe blocked_pipe;

static void turn_until_quit(void *unused)
{
	(void)unused;
	while (!os_load(&quit, memory_order_acquire)) {
		if (os_signals_get().bits != thread_mask().bits)
			die("test: the mask has changed");
		safepoint();
	}
}

static void read_a_byte(void *unused)
{
	uint8_t byte;

	(void)unused;
	ck_assert_int_eq(world_read(&blocked_pipe, &byte), 1);
	ck_assert_uint_eq(byte, 42);
}

static void receive_a_value(void *unused)
{
	uint32_t value;

	(void)unused;
	channel_receive(&channel, OS_FOREVER, &value);
}

/* One thread of every kind that there is, in every place in which one can be. */
static void populate(void)
{
	uint32_t value;

	channel_init(&channel, 1);
	ck_assert_int_eq(os_pipe_open(&blocked_pipe), 0);
	ck_assert_int_eq(channel_receive(&channel, os_now(), &value), -ETIMEDOUT);
	spawn("turner", turn_until_quit, NULL, false);
	spawn("turner", turn_until_quit, NULL, true);
	spawn("reader", read_a_byte, NULL, false);
	spawn("parked", receive_a_value, NULL, true);
	thread_yield();
}

static void let_all_end(void)
{
	os_store(&quit, 1, memory_order_release);
	os_pipe_write(&blocked_pipe, 42);
	channel_close(&channel);
	threads_join();
	subject->end();
}

static void check_kind(uint32_t index, uint32_t tid, void *kinds)
{
	(void)tid;
	*(uint32_t *)kinds |= UINT32_C(1) << thread_at(index)->kind;
	ck_assert_uint_eq(os_counted(&calls[index]), 200);
}

START_TEST(runs_once_on_every_kind_of_thread)
{
	uint32_t kinds = 0;

	directed_world(_i);
	populate();
	broadcast_many(200);
	ck_assert_int_eq(subject->stop_world(), 0);
	threads_visit(check_kind, &kinds);
	subject->start_world();
	ck_assert_uint_eq(kinds, (UINT32_C(1) << (THREAD_RECEIVER + 1)) - 1);
	/* The leader, sysmon, the receiver, the template thread, two pollers, and four. */
	ck_assert_uint_eq(calls_in_all(), 200 * 10);
	ck_assert_uint_eq(os_counted(&world_counters()->directed), 200 * 9);
	let_all_end();
}
END_TEST

START_TEST(first_call_that_fails_runs_nowhere_else)
{
	directed_world(2);
	populate();
	ck_assert_int_eq(subject->broadcast(fail_on_first, NULL, NULL), -ENOSYS);
	ck_assert_uint_eq(calls_in_all(), 1);
	ck_assert_uint_eq(os_signals_get().bits, thread_mask().bits);
	broadcast_many(1);
	ck_assert_uint_eq(calls_in_all(), 1 + 10);
	let_all_end();
}
END_TEST

START_TEST(who_differs_is_reported)
{
	uint32_t receiver = 2, dissenter = 0;

	directed_world(2);
	ck_assert_int_eq(subject->broadcast(dissent, &receiver, &dissenter), -EPROTO);
	ck_assert_uint_eq(dissenter, receiver);
	ck_assert_uint_eq(os_signals_get().bits, thread_mask().bits);
	subject->end();
}
END_TEST

START_TEST(stopped_world_is_refused)
{
	directed_world(2);
	ck_assert_int_eq(subject->stop_world(), 0);
	ck_assert_int_eq(subject->broadcast(count_call, NULL, NULL), -EDEADLK);
	subject->start_world();
	ck_assert_uint_eq(calls_in_all(), 0);
	subject->end();
}
END_TEST

static void broadcast_often(void *unused)
{
	(void)unused;
	broadcast_many(200);
}

static void stop_often(void *unused)
{
	(void)unused;
	for (int i = 0; i < 200; i++) {
		ck_assert_int_eq(subject->stop_world(), 0);
		subject->start_world();
	}
}

START_TEST(broadcasts_and_stops_take_turns)
{
	directed_world(_i);
	spawn("caster", broadcast_often, NULL, false);
	spawn("caster", broadcast_often, NULL, true);
	spawn("stopper", stop_often, NULL, false);
	threads_join();
	ck_assert_uint_eq(os_counted(&world_counters()->broadcasts), 400);
	ck_assert_uint_eq(os_counted(&world_counters()->stops), 600);
	subject->end();
}
END_TEST

/*
 * Births and deaths
 */
static struct oracle oracle;

static void look_and_end(void *unused)
{
	(void)unused;
	oracle_user_step(&oracle, true);
}

static void give_birth_until_quit(void *unused)
{
	(void)unused;
	for (int i = 0; !os_load(&quit, memory_order_acquire); i++) {
		subject->spawn("brief", look_and_end, NULL, i & 1);
		oracle_user_step(&oracle, true);
		safepoint();
	}
}

START_TEST(newborns_have_what_all_have_and_once)
{
	directed_world(_i);
	for (int i = 0; i < 3; i++)
		spawn("parent", give_birth_until_quit, NULL, i & 1);
	for (int i = 0; i < 50; i++) {
		ck_assert_int_eq(subject->broadcast(oracle_function, &oracle, NULL), 0);
		oracle_user_step(&oracle, true);
		thread_yield();
	}
	os_store(&quit, 1, memory_order_release);
	threads_join();
	ck_assert_uint_gt(os_counted(&world_counters()->deaths), 50);
	oracle_check_all(&oracle);
	subject->end();
}
END_TEST

/*
 * The signal
 */
START_TEST(broadcast_signal_is_nobody_elses)
{
	directed_world(2);
	populate();
	ck_assert_int_eq(signal_subscribe(&channel, OS_SIGNAL_BROADCAST), -EINVAL);
	for (int i = 0; i < 100; i++) {
		kill(getpid(), OS_SIGNAL_BROADCAST);
		broadcast_many(1);
		os_kill_thread((uint32_t)gettid(), OS_SIGNAL_BROADCAST);
	}
	ck_assert_uint_eq(calls_in_all(), 100 * 10);
	ck_assert_uint_eq(os_counted(&world_counters()->handled), 0);
	let_all_end();
}
END_TEST

START_TEST(other_subject_leaves_it_to_the_program)
{
	test_world(1);
	channel_init(&channel, 1);
	ck_assert_int_eq(signal_subscribe(&channel, OS_SIGNAL_BROADCAST), 0);
	signal_unsubscribe(&channel);
	world_end();
}
END_TEST

static int handled_by_us;

static void handle(int unused)
{
	(void)unused;
	handled_by_us++;
}

/* Whatever the program that starts the world blocks and handles is so again after it. */
START_TEST(blocked_and_handled_before_is_so_after)
{
	struct sigaction action = { .sa_handler = handle };
	sigset_t ours, after;

	sigaction(OS_SIGNAL_BROADCAST, &action, NULL);
	sigemptyset(&ours);
	sigaddset(&ours, OS_SIGNAL_BROADCAST);
	sigprocmask(SIG_BLOCK, &ours, NULL);
	directed_world(2);
	populate();
	broadcast_many(100);
	ck_assert_uint_eq(calls_in_all(), 100 * 10);
	let_all_end();
	sigprocmask(SIG_BLOCK, NULL, &after);
	ck_assert_int_eq(sigismember(&after, OS_SIGNAL_BROADCAST), 1);
	ck_assert_int_eq(handled_by_us, 0);
	raise(OS_SIGNAL_BROADCAST);
	sigprocmask(SIG_UNBLOCK, &ours, NULL);
	ck_assert_int_eq(handled_by_us, 1);
}
END_TEST

/* What libcheck does when the test is over needs it again. */
static rlim_t set_quota(rlim_t quota)
{
	struct rlimit limit;
	rlim_t before;

	ck_assert_int_eq(getrlimit(RLIMIT_SIGPENDING, &limit), 0);
	before = limit.rlim_cur;
	limit.rlim_cur = quota;
	ck_assert_int_eq(setrlimit(RLIMIT_SIGPENDING, &limit), 0);
	return before;
}

/* As after ulimit -i 0. Returns what it was. */
static rlim_t use_up_quota(void)
{
	rlim_t before = set_quota(0);

	os_begin();
	ck_assert_int_eq(os_kill_thread((uint32_t)gettid(), OS_SIGNAL_REALTIME), -EAGAIN);
	return before;
}

START_TEST(works_when_the_quota_of_pending_signals_is_used_up)
{
	rlim_t before = use_up_quota();

	directed_world(_i);
	populate();
	broadcast_many(200);
	ck_assert_uint_eq(calls_in_all(), 200 * 10);
	let_all_end();
	set_quota(before);
}
END_TEST

/* The others owe it and nobody is reached: it never comes back. The alarm ends the test
 * when that is so. */
static void look_whether_nobody_was_reached(int unused)
{
	(void)unused;
	if (calls_in_all() == 1 &&
		os_load(&world->broadcast.owing, memory_order_relaxed) == 9)
		_exit(7);
	alarm(1);
}

START_TEST(real_time_signal_reaches_nobody_then)
{
	use_up_quota();
	ck_assert_int_eq(start_world(2, FAULT_DIRECTED_QUOTA), 0);
	populate();
	signal(SIGALRM, look_whether_nobody_was_reached);
	/* The coordinator blocks it: any other thread takes it. */
	alarm(1);
	broadcast_many(1);
}
END_TEST

/*
 * Cells
 */
static void expect_green(struct cell *cell, uint64_t cycles)
{
	struct outcome outcome;

	cell->cycles = cycles;
	outcome = run_cell(cell, &settings);
	ck_assert_msg(outcome.verdict == VERDICT_PASS, "%s: %s",
		verdict_name(outcome.verdict), outcome.reason);
	ck_assert_uint_eq(outcome.cycles, cycles);
}

START_TEST(directed_is_green)
{
	const struct stress_case *c;

	for (size_t k = 0; (c = case_at(k)); k++) {
		struct cell cell = cell_of("directed", c->name, "");

		set_axes(&cell, _i);
		expect_green(&cell, c->cycles / 4);
	}
}
END_TEST

START_TEST(directed_is_green_with_64_workers_and_noise)
{
	struct cell cell = cell_of("directed", "hup-broadcast", "");

	set_axes(&cell, _i ? 2 : 0);
	cell.workers = 64;
	cell.nudge = true;
	strcpy(cell.noise, "mixed");
	expect_green(&cell, 100);
}
END_TEST

/* Each where it shows, with what it shows. */
static const struct {
	const char *fault, *case_name;
	enum verdict verdict;
	const char *words;
} faulty[] = {
	{ "directed-quota", "broadcast-only", VERDICT_DEADLOCK, "broadcasting" },
	{ "go-1.18", "hup-broadcast", VERDICT_DEADLOCK, "broadcasting" },
	{ "directed-blocked", "broadcast-only", VERDICT_DEADLOCK, "(receiver)" },
	{ "directed-interrupts", "blocked-read", VERDICT_CRASH, "the pipe is broken" },
	{ "directed-off-stack", "broadcast-only", VERDICT_ORACLE, "signal stack" },
	{ "directed-undefined", "broadcast-only", VERDICT_ORACLE, "differs" },
	{ "directed-collision", "signal-trace", VERDICT_LOST_SIGNAL, "waiting for a" },
	{ "directed-stale-tid", "hup-broadcast", VERDICT_CRASH, "cannot be sent" },
	{ "directed-sends-early", "hup-broadcast", VERDICT_ORACLE, "attribute" },
	{ "directed-birth-parks", "hup-broadcast", VERDICT_DEADLOCK, "broadcasting" },
	{ "directed-unstopped", "hup-broadcast", VERDICT_ORACLE, "" },
	{ "directed-arguments-reused", "hup-broadcast", VERDICT_MISSING, "" },
	{ "directed-kind-unhandled", "broadcast-only", VERDICT_DEADLOCK, "(template)" },
	{ "exit-leaves-list-late", "hup-broadcast", VERDICT_MISSING, "" },
};

enum { FAULTY = sizeof faulty / sizeof faulty[0] };

START_TEST(fault_is_seen)
{
	struct cell cell = cell_of("directed", faulty[_i].case_name, faulty[_i].fault);
	struct outcome outcome;

	strcpy(cell.target, "rotate");
	outcome = run_cell(&cell, &settings);
	ck_assert_msg(verdict_is_red(outcome.verdict) &&
			      (outcome.verdict == faulty[_i].verdict ||
				      faulty[_i].verdict == VERDICT_MISSING) &&
			      strstr(outcome.reason, faulty[_i].words),
		"%s: %s: %s", faulty[_i].fault, verdict_name(outcome.verdict),
		outcome.reason);
}
END_TEST

/* The second thread of the process, which is sysmon; 0 if there is none yet. */
static pid_t thread_of(pid_t process)
{
	struct dirent *entry;
	char path[64];
	pid_t tid = 0;
	DIR *tasks;

	snprintf(path, sizeof path, "/proc/%d/task", (int)process);
	tasks = opendir(path);
	if (!tasks)
		return 0;
	while ((entry = readdir(tasks))) {
		pid_t other = atoi(entry->d_name);

		if (other > process && (!tid || other < tid))
			tid = other;
	}
	closedir(tasks);
	return tid;
}

/*
 * A debugger holds one thread: the broadcast waits for it, and that is neither a deadlock
 * nor a pass. (A broadcast cannot do without a thread that is on the list.)
 */
START_TEST(thread_in_a_debugger_is_no_deadlock)
{
	struct cell cell = cell_of("directed", "broadcast-only", "");
	struct cell_settings short_grace = settings;
	struct running_cell *running;
	struct outcome outcome;
	pid_t held = 0;

	short_grace.grace = 2 * OS_SECOND;
	cell.time_limit = OS_SECOND;
	ck_assert_int_eq(cell_start(&running, &cell, &short_grace), 0);
	while (look_at_cell(running)) {
		pid_t tid = held ? 0 : thread_of(cell_process(running));

		if (tid && !ptrace(PTRACE_SEIZE, tid, NULL, NULL) &&
			!ptrace(PTRACE_INTERRUPT, tid, NULL, NULL))
			held = tid;
		/* It stops, and later dies: the debugger is told of both. */
		if (held)
			waitpid(held, NULL, __WALL | WNOHANG);
	}
	cell_collect(running, &outcome, NULL);
	ck_assert_int_ne(held, 0);
	ck_assert_msg(outcome.verdict == VERDICT_INVALID &&
			      strstr(outcome.reason, "a debugger"),
		"%s: %s", verdict_name(outcome.verdict), outcome.reason);
}
END_TEST

static Suite *directed_suite(void)
{
	Suite *suite = suite_create("directed");
	TCase *parts = add_tests(suite, "parts"), *cells = add_tests(suite, "cells");

	tcase_add_loop_test(parts, runs_once_on_every_kind_of_thread, 1, 4);
	tcase_add_test(parts, first_call_that_fails_runs_nowhere_else);
	tcase_add_test(parts, who_differs_is_reported);
	tcase_add_test(parts, stopped_world_is_refused);
	tcase_add_loop_test(parts, broadcasts_and_stops_take_turns, 1, 4);
	tcase_add_loop_test(parts, newborns_have_what_all_have_and_once, 1, 4);
	tcase_add_test(parts, broadcast_signal_is_nobody_elses);
	tcase_add_test(parts, other_subject_leaves_it_to_the_program);
	tcase_add_test(parts, blocked_and_handled_before_is_so_after);
	tcase_add_loop_test(
		parts, works_when_the_quota_of_pending_signals_is_used_up, 1, 3);
	tcase_add_exit_test(parts, real_time_signal_reaches_nobody_then, 7);
	tcase_add_checked_fixture(cells, load_placements, free_placements);
	tcase_add_loop_test(cells, directed_is_green, 0, COMBINATIONS);
	tcase_add_loop_test(cells, directed_is_green_with_64_workers_and_noise, 0, 2);
	tcase_add_loop_test(cells, fault_is_seen, 0, FAULTY);
	tcase_add_test(cells, thread_in_a_debugger_is_no_deadlock);
	return suite;
}

int main(void)
{
	return run_suite(directed_suite());
}
