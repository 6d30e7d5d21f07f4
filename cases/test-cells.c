/* SPDX-License-Identifier: BSD-2-Clause */
/* Supervised cells: what must be green is green, what must be red is red, and for a
 * reason. */
#include "check_cell.h"
#include "check_suite.h"
#include "runners/cell.h"
#include "runners/filter.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/ptrace.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

static struct cell make_cell(const char *case_name, const char *faults)
{
	return cell_of("cooperative", case_name, faults);
}

static struct outcome run(const struct cell *cell)
{
	return run_cell(cell, &settings);
}

static void expect_green(struct cell *cell, uint64_t cycles)
{
	struct outcome outcome;

	cell->cycles = cycles;
	outcome = run(cell);
	ck_assert_msg(outcome.verdict == VERDICT_PASS, "%s: %s",
		verdict_name(outcome.verdict), outcome.reason);
	ck_assert_str_eq(outcome.achieved, cell->placement);
	ck_assert_uint_eq(outcome.cycles, cycles);
}

static struct outcome expect_red(const struct cell *cell)
{
	struct outcome outcome = run(cell);

	ck_assert_msg(verdict_is_red(outcome.verdict), "%s after %lu cycles",
		verdict_name(outcome.verdict), (unsigned long)outcome.cycles);
	return outcome;
}

START_TEST(cooperative_is_green)
{
	const struct stress_case *c;

	for (size_t k = 0; (c = case_at(k)); k++) {
		struct cell cell = make_cell(c->name, "");

		/* Those that are sparse share the combinations. */
		if (c->sparse && (k + (size_t)_i) % 4)
			continue;
		set_axes(&cell, _i);
		cell.nudge = c->nudge;
		expect_green(&cell, c->cycles / 4);
	}
}
END_TEST

/* Signals to each kind of thread, where there are threads of every kind. */
START_TEST(cooperative_is_green_whomever_signals_are_sent_to)
{
	static const char *const names[] = { "services", "blocked-calls",
		"template-birth", "thread-limit" };

	for (size_t k = 0; k < sizeof names / sizeof names[0]; k++) {
		struct cell cell = make_cell(names[k], "");

		set_axes(&cell, _i + (int)k);
		strcpy(cell.target, storm_target_name((enum storm_target)_i));
		expect_green(&cell, 20);
	}
}
END_TEST

START_TEST(cooperative_is_green_with_nudges_of_every_placement)
{
	for (size_t i = 0; i < PLACEMENT_COUNT; i++) {
		struct cell cell = make_cell("hup-trace-broadcast", "");

		if (!placements.at[i].available)
			continue;
		snprintf(cell.placement, sizeof cell.placement, "%s",
			placements.at[i].name);
		expect_green(&cell, 100);
	}
}
END_TEST

START_TEST(cooperative_is_green_in_the_classes_by_role)
{
	for (size_t i = 0; i < placements.classes.cover; i++) {
		struct cell cell = make_cell("hup-trace-broadcast", "");

		cell.coordinator_on_leader = _i;
		snprintf(cell.placement, sizeof cell.placement, "%s",
			placements.by_role[i].name);
		expect_green(&cell, 100);
	}
}
END_TEST

/* All are where they were sent; then one role should have been elsewhere. The child has its
 * own copy. (Senders, which have ended before the audit, compare themselves with that.) */
START_TEST(role_in_the_wrong_place_is_seen)
{
	static const enum storm_party parties[] = { PARTY_COORDINATOR, PARTY_RECEIVER,
		PARTY_WORKERS };
	struct cell cell = make_cell("hup-trace-broadcast", "");
	struct running_cell *running;
	struct placement *placement = placements.by_role;
	struct outcome outcome;

	if (!placement)
		return;
	snprintf(cell.placement, sizeof cell.placement, "%s", placement->name);
	cell.cycles = 20;
	ck_assert_int_eq(cell_start(&running, &cell, &settings), 0);
	hwloc_bitmap_only(placement->sets[parties[_i]],
		placements.levels.pus[placements.levels.pu_count - 1].system_number);
	while (look_at_cell(running))
		;
	cell_collect(running, &outcome, NULL);
	ck_assert_int_eq(outcome.verdict, VERDICT_INVALID);
	ck_assert_str_eq(outcome.achieved, "");
	ck_assert_ptr_nonnull(strstr(outcome.reason, "outside its placement by-role:"));
}
END_TEST

START_TEST(cooperative_is_green_with_64_workers)
{
	struct cell cell = make_cell("hup-broadcast", "");

	cell.slots = _i ? 64 : 1;
	cell.workers = 64;
	expect_green(&cell, 100);
}
END_TEST

static const char *const presets[] = { "seed", "pre-seed" };

START_TEST(seed_and_pre_seed_are_red)
{
	const struct stress_case *c;

	for (size_t k = 0; (c = case_at(k)); k++) {
		struct cell cell = make_cell(c->name, presets[_i % 2]);

		if (!case_is_red_under(c, cell.faults) ||
			(c->sparse && (k + (size_t)_i) % 6))
			continue;
		set_axes(&cell, _i / 2 * 5 % COMBINATIONS);
		if (cell.slots < c->red_from_slots)
			cell.slots = 8;
		expect_red(&cell);
	}
}
END_TEST

/* Go's own regression test sees nothing of it. */
START_TEST(signal_trace_is_green_on_every_preset)
{
	struct cell cell = make_cell("signal-trace", presets[_i % 2]);

	set_axes(&cell, _i);
	expect_green(&cell, 100);
}
END_TEST

static bool has(const struct outcome *outcome, enum verdict verdict, const char *words)
{
	return outcome->verdict == verdict && strstr(outcome->reason, words);
}

/* Over some runs the seed shows each of the ways in which real Go fails. */
START_TEST(seed_fails_as_go_does)
{
	bool doubled = false, unready = false, livelock = false;

	for (int i = 0; i < 200 && !(doubled && unready && livelock); i++) {
		struct cell cell = make_cell("hup-broadcast", "seed");
		struct outcome outcome;

		set_axes(&cell, i);
		cell.seed = (uint64_t)i;
		outcome = expect_red(&cell);
		doubled |= has(&outcome, VERDICT_CRASH, "double wakeup");
		unready |= has(&outcome, VERDICT_CRASH, "not runnable") ||
			   has(&outcome, VERDICT_CRASH, "without a slot");
		livelock |= has(&outcome, VERDICT_LIVELOCK, "in its handler");
	}
	ck_assert_msg(doubled && unready && livelock,
		"double wakeup: %d, not runnable: %d, handler that waits: %d", doubled,
		unready, livelock);
}
END_TEST

/* With the far timer next it is a livelock; with a near one the poller comes back by
 * itself, and the oracle has seen why. */
START_TEST(late_poller_is_found_without_signals)
{
	struct cell cell = make_cell("broadcast-only", "poller-broken-once");
	struct outcome outcome;

	cell.slots = 8;
	outcome = expect_red(&cell);
	ck_assert_msg(has(&outcome, VERDICT_LIVELOCK, "(poller) in the poller") ||
			      has(&outcome, VERDICT_ORACLE, "(poller), in the poller"),
		"%s", outcome.reason);
	ck_assert_uint_eq(outcome.sent, 0);
}
END_TEST

START_TEST(blocked_reader_is_a_livelock_of_the_coordinator)
{
	struct cell cell = make_cell("blocked-read", "blocked-unreached");
	struct outcome outcome = expect_red(&cell);

	ck_assert_msg(has(&outcome, VERDICT_LIVELOCK, "(reader) in a system call"), "%s",
		outcome.reason);
}
END_TEST

START_TEST(world_restarted_too_early_breaks_an_oracle)
{
	struct cell cell = make_cell("hup-broadcast", "fixup-cleared-early");
	struct outcome outcome = expect_red(&cell);

	ck_assert_msg(outcome.verdict == VERDICT_ORACLE, "%s: %s",
		verdict_name(outcome.verdict), outcome.reason);
}
END_TEST

/* These take something out that the repaired mechanism does not need to stay alive. */
START_TEST(single_faults_without_the_waiting_handler_are_harmless)
{
	static const char *const harmless[] = { "fixup-locked", "coordinator-unmasked",
		"send-only-yields", "completion-under-lock" };
	struct cell cell = make_cell("hup-broadcast", harmless[_i]);

	expect_green(&cell, 300);
}
END_TEST

START_TEST(time_limit_ends_a_cell_as_pass)
{
	struct cell cell = make_cell("hup-broadcast", "");
	struct outcome outcome;

	cell.time_limit = 200 * OS_MILLISECOND;
	outcome = run(&cell);
	ck_assert_int_eq(outcome.verdict, VERDICT_PASS);
	ck_assert_uint_lt(outcome.cycles, cell.cycles);
	ck_assert_uint_gt(outcome.cycles, 0);
}
END_TEST

START_TEST(placement_that_is_not_here_is_skipped_with_a_reason)
{
	for (size_t i = 0; i < PLACEMENT_COUNT; i++) {
		struct cell cell = make_cell("hup-broadcast", "");
		const char *why;

		snprintf(cell.placement, sizeof cell.placement, "%s",
			placements.at[i].name);
		why = cell_why_not(&cell, &settings);
		ck_assert_int_eq(!why, placements.at[i].available);
		snprintf(cell.placement, sizeof cell.placement, "by-role:pu=3210");
		ck_assert_ptr_nonnull(cell_why_not(&cell, &settings));
	}
}
END_TEST

/*
 * The sandbox, from inside
 */
static int reached;

static void try_to(long result, const char *what)
{
	if (result >= 0 || errno != EPERM) {
		fprintf(stderr, "sandbox: %s gave %ld, errno %d\n", what, result, errno);
		reached++;
	}
}

static void enter_sandbox(bool processes, int handover)
{
	const struct perturbation none = { 0 };
	const struct filter_plan plan = { .sandboxed = true,
		.processes = processes,
		.perturbation = &none,
		.handover = handover };

	ck_assert_int_eq(filter_enter(&plan), 0);
}

static void *do_nothing(void *unused)
{
	return unused;
}

/* With processes: a child, which is under the same filter, and is none of those that may
 * be sent signals. */
static void attack_from_child(pid_t parent)
{
	pid_t cell = getpid(), child;
	int status;

	enter_sandbox(true, -1);
	child = fork();
	if (!child) {
		try_to(kill(parent, 0), "kill of the grandparent");
		try_to(kill(getpid(), 0), "kill of itself");
		try_to(kill(0, 0), "kill of the own group");
		try_to(setsid(), "setsid");
		if (kill(cell, 0))
			reached += 100;
		/* In the guest of an emulated machine there is no shell. */
		if (access("/bin/sh", X_OK))
			_exit(reached);
		execl("/bin/sh", "sh", "-c", reached ? "exit 1" : "! kill -0 $$ 2>&-",
			NULL);
		_exit(99);
	}
	try_to(kill(child, 0), "kill of the child");
	if (waitpid(child, &status, 0) != child || status)
		reached += 100;
	_exit(reached);
}

static void attack(pid_t parent, int handover)
{
	pthread_t thread;

	enter_sandbox(false, handover);
	try_to(kill(parent, 0), "kill of the parent");
	try_to(kill(1, 0), "kill of pid 1");
	try_to(kill(0, 0), "kill of the own group");
	try_to(kill(-1, 0), "kill of everybody");
	try_to(kill(-getpgrp(), 0), "kill of a group");
	try_to(syscall(SYS_tgkill, parent, parent, 0), "tgkill of the parent");
	try_to(syscall(SYS_tkill, parent, 0), "tkill of the parent");
	if (handover < 0)
		try_to(syscall(SYS_tkill, getpid(), 0), "tkill at all");
	try_to(syscall(SYS_rt_sigqueueinfo, parent, 0, NULL), "sigqueue to the parent");
	try_to(syscall(SYS_pidfd_open, parent, 0), "pidfd_open");
	try_to(ptrace(PTRACE_ATTACH, parent, NULL, NULL), "ptrace");
	try_to(syscall(SYS_process_vm_writev, parent, NULL, 0, NULL, 0, 0), "writev");
	try_to(syscall(SYS_clone, SIGCHLD, 0, 0, 0, 0), "a new process");
	try_to(execl("/bin/true", "true", NULL), "execve");
	try_to(fcntl(0, F_SETOWN, parent), "F_SETOWN");
	try_to(setsid(), "setsid");
	/* And what it must be able to do. */
	if (kill(getpid(), 0) || syscall(SYS_tgkill, getpid(), gettid(), 0) ||
		pthread_create(&thread, NULL, do_nothing, NULL) ||
		pthread_join(thread, NULL))
		reached += 100;
	_exit(reached);
}

/* The same where somebody is asked: each of the calls is refused, and told of. */
START_TEST(who_reaches_out_is_told_of)
{
	const struct perturber_plan plan = { .sandboxed = true };
	struct outcome outcome = { .verdict = VERDICT_PASS };
	struct perturber *perturber;
	int handover, status = 0;
	pid_t parent = getpid(), child;

	ck_assert_int_eq(perturber_new(&perturber, &plan, &handover), 0);
	child = fork();
	if (!child)
		attack(parent, handover);
	close(handover);
	perturber_begin(perturber, child);
	while (!waitpid(child, &status, WNOHANG)) {
		struct pollfd polled = { .fd = perturber_descriptor(perturber),
			.events = POLLIN };

		poll(&polled, 1, 20);
		perturber_serve(perturber);
	}
	perturber_report(perturber, &outcome);
	perturber_free(perturber);
	ck_assert_int_eq(status, 0);
	ck_assert_int_eq(outcome.verdict, VERDICT_ORACLE);
	ck_assert_ptr_nonnull(strstr(outcome.reason, "tried kill("));
	ck_assert_ptr_nonnull(strstr(outcome.reason, "and 14 calls more were"));
}
END_TEST

START_TEST(sandbox_lets_it_signal_only_itself)
{
	pid_t parent = getpid(), child = fork();
	int status;

	if (!child) {
		setpgid(0, 0);
		if (_i)
			attack_from_child(parent);
		attack(parent, -1);
	}
	waitpid(child, &status, 0);
	ck_assert(WIFEXITED(status));
	ck_assert_int_eq(WEXITSTATUS(status), 0);
}
END_TEST

static Suite *cells_suite(void)
{
	Suite *suite = suite_create("cells");
	TCase *tests = add_tests(suite, "cells");

	tcase_add_checked_fixture(tests, load_placements, free_placements);
	tcase_add_loop_test(tests, cooperative_is_green, 0, COMBINATIONS);
	tcase_add_loop_test(tests, cooperative_is_green_whomever_signals_are_sent_to, 0,
		TARGET_COUNT);
	tcase_add_test(tests, cooperative_is_green_with_nudges_of_every_placement);
	tcase_add_loop_test(tests, cooperative_is_green_in_the_classes_by_role, 0, 2);
	tcase_add_loop_test(tests, role_in_the_wrong_place_is_seen, 0, 3);
	tcase_add_loop_test(tests, cooperative_is_green_with_64_workers, 0, 2);
	tcase_add_loop_test(tests, seed_and_pre_seed_are_red, 0, 6);
	tcase_add_loop_test(
		tests, signal_trace_is_green_on_every_preset, 0, COMBINATIONS);
	tcase_add_test(tests, seed_fails_as_go_does);
	tcase_add_test(tests, late_poller_is_found_without_signals);
	tcase_add_test(tests, blocked_reader_is_a_livelock_of_the_coordinator);
	tcase_add_test(tests, world_restarted_too_early_breaks_an_oracle);
	tcase_add_loop_test(
		tests, single_faults_without_the_waiting_handler_are_harmless, 0, 4);
	tcase_add_test(tests, time_limit_ends_a_cell_as_pass);
	tcase_add_test(tests, placement_that_is_not_here_is_skipped_with_a_reason);
	tcase_add_loop_test(tests, sandbox_lets_it_signal_only_itself, 0, 2);
	tcase_add_test(tests, who_reaches_out_is_told_of);
	return suite;
}

int main(void)
{
	return run_suite(cells_suite());
}
