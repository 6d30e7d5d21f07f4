/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The oracles themselves: each is tripped by a mutant, and by its own name; and the same
 * mutant where it does no harm, or another, leaves it silent.
 *
 * Not here, because a test of their own is the mutant: the watchdog and its verdicts
 * (test-watch, test-judge).
 */
#include "check_suite.h"
#include "check_world.h"
#include "runners/audit.h"
#include "check_cell.h"
#include "runners/kill.h"
#include "stress/oracle.h"
#include "stress/random.h"
#include "stress/runtime.h"

#include <poll.h>
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

/*
 * In cells
 */
struct place {
	const char *case_name;
	uint32_t slots;
	bool rotate, on_leader;
};

#define HUP                                                                              \
	{                                                                                \
		"hup-broadcast", 2, false, false                                         \
	}
#define HUP_ALL                                                                          \
	{                                                                                \
		"hup-broadcast", 2, true, false                                          \
	}
#define HUP_LEADER                                                                       \
	{                                                                                \
		"hup-broadcast", 2, false, true                                          \
	}
#define TRACE                                                                            \
	{                                                                                \
		"signal-trace", 2, false, false                                          \
	}
#define QUIET                                                                            \
	{                                                                                \
		"broadcast-only", 2, false, false                                        \
	}
#define READ                                                                             \
	{                                                                                \
		"blocked-read", 2, false, false                                          \
	}
#define SEQUENCE                                                                         \
	{                                                                                \
		"signal-sequence", 2, false, false                                       \
	}

enum { ENOUGH = 200, HARMLESS = 40 };

static const struct mutant {
	enum oracle_id oracle;
	const char *fault;
	struct place trips;
	struct place harmless;
	const char *harmless_fault; /* NULL: the same */
	enum verdict verdict;
	const char *words;  /* NULL: the oracle's name */
	uint64_t cycles;    /* for those found at the end; 0: until it trips */
	const char *sooner; /* another oracle that may see it first, or NULL */
} mutants[] = {
	{ ORACLE_EXACTLY_ONCE, "fixup-run-twice", HUP, TRACE, NULL, VERDICT_ORACLE, NULL,
		0 },
	{ ORACLE_ATOMICITY, "fixup-cleared-early", HUP, TRACE, NULL, VERDICT_ORACLE, NULL,
		0, "agreement" },
	{ ORACLE_ATOMICITY, "skips-others", QUIET, TRACE, NULL, VERDICT_ORACLE, NULL, 0 },
	{ ORACLE_ATOMICITY, "skips-leader", QUIET, HUP_LEADER, NULL, VERDICT_ORACLE, NULL,
		0 },
	{ ORACLE_ATOMICITY, "skips-sysmon", QUIET, TRACE, NULL, VERDICT_ORACLE, NULL, 0 },
	{ ORACLE_ATOMICITY, "skips-template", QUIET, TRACE, NULL, VERDICT_ORACLE, NULL,
		0 },
	{ ORACLE_ATOMICITY, "skips-receiver", QUIET, TRACE, NULL, VERDICT_ORACLE, NULL,
		0 },
	{ ORACLE_ATOMICITY, "skips-pollers", QUIET, TRACE, NULL, VERDICT_ORACLE, NULL,
		0 },
	{ ORACLE_ATOMICITY, "skips-newborns", HUP, TRACE, NULL, VERDICT_ORACLE, NULL, 0 },
	{ ORACLE_ATOMICITY, "skips-syscalls", READ, QUIET, NULL, VERDICT_ORACLE, NULL,
		0 },
	{ ORACLE_STATE, "call-not-made", QUIET, TRACE, NULL, VERDICT_ORACLE, NULL, 0 },
	{ ORACLE_STATE, "birth-unserialised", HUP, TRACE, NULL, VERDICT_ORACLE, NULL, 0 },
	{ ORACLE_AGREEMENT, "results-ignored", QUIET, TRACE, NULL, VERDICT_ORACLE, NULL,
		0 },
	{ ORACLE_MASKS, "mask-not-restored", QUIET, TRACE, NULL, VERDICT_ORACLE, NULL,
		0 },
	{ ORACLE_MASKS, "service-mask-not-restored", QUIET, TRACE, NULL, VERDICT_ORACLE,
		NULL, 10 },
	{ ORACLE_THREADS, "checks-leader-only", QUIET, HUP, "fixup-locked",
		VERDICT_INVALID, NULL, 10 },
	{ ORACLE_THREADS, "audits-leader-only", QUIET, HUP, "completion-under-lock",
		VERDICT_INVALID, NULL, 10 },
	{ ORACLE_NO_LOST_SIGNAL, "one-of-batch", SEQUENCE, HUP, NULL, VERDICT_LOST_SIGNAL,
		"a signal was sent and is not handled", ENOUGH, "subscriptions" },
	{ ORACLE_HANDLER, "handler-runs-long", TRACE, QUIET, NULL, VERDICT_ORACLE, NULL,
		0 },
	{ ORACLE_TRACE, "trace-empty", TRACE, HUP, NULL, VERDICT_ORACLE, NULL, 0 },
	{ ORACLE_REFUSAL, "first-failure-ignored", QUIET, TRACE, NULL, VERDICT_ORACLE,
		NULL, 0 },
	{ ORACLE_STEPS, "note-shared", HUP_ALL, HUP, "fixup-locked", VERDICT_CRASH,
		"SIGABRT: fatal: ", 0 },
	{ ORACLE_NOT_INVENTED, "unsubscribed-in-name", SEQUENCE, HUP, NULL,
		VERDICT_ORACLE, NULL, 0 },
	{ ORACLE_FULL_CHANNEL, "full-channel-ends-dispatch", SEQUENCE, TRACE, NULL,
		VERDICT_ORACLE, NULL, 0 },
	{ ORACLE_SIGNAL_QUEUE, "receiver-needs-slot", HUP, TRACE, NULL, VERDICT_ORACLE,
		NULL, ENOUGH },
	{ ORACLE_HANDLER_CONTEXT, "errno-lost", HUP_ALL, QUIET, NULL, VERDICT_ORACLE,
		NULL, 0 },
	{ ORACLE_HANDLER_CONTEXT, "no-signal-stack", HUP_ALL, QUIET, NULL, VERDICT_ORACLE,
		NULL, 0 },
	{ ORACLE_HANDLER_CONTEXT, "handler-nests", HUP_ALL, QUIET, NULL, VERDICT_ORACLE,
		NULL, 0 },
};

enum { MUTANTS = sizeof mutants / sizeof mutants[0] };

static struct outcome run(const struct place *place, const char *faults, uint64_t cycles)
{
	struct cell cell = cell_of("cooperative", place->case_name, faults);

	cell.slots = place->slots;
	cell.cycles = cycles;
	cell.coordinator_on_leader = place->on_leader;
	strcpy(cell.target, place->rotate ? "rotate" : "process");
	return run_cell(&cell, &settings);
}

/* What broke an oracle inside of a cell says so first. */
static bool begins_with(const char *reason, const char *words)
{
	static const char inside[] = "oracle ";

	if (!strncmp(reason, inside, strlen(inside)))
		reason += strlen(inside);
	return !strncmp(reason, words, strlen(words));
}

/* A machine that does not let it run says nothing of it: then once more, as a run does. */
static struct outcome run_mutant(const struct mutant *m)
{
	uint64_t cycles = m->cycles ? m->cycles : UINT64_C(1) << 30;
	struct outcome outcome = run(&m->trips, m->fault, cycles);

	if (verdict_is_unsure(outcome.verdict) && outcome.verdict != m->verdict)
		outcome = run(&m->trips, m->fault, cycles);
	return outcome;
}

START_TEST(mutant_trips_its_oracle)
{
	const struct mutant *m = &mutants[_i];
	enum verdict verdict = m->verdict;
	const char *words = m->words ? m->words : oracle_info(m->oracle)->name;
	struct outcome outcome = run_mutant(m);
	bool is_seen = outcome.verdict == verdict && begins_with(outcome.reason, words);

	if (m->sooner && outcome.verdict == VERDICT_ORACLE)
		is_seen |= begins_with(outcome.reason, m->sooner);
	ck_assert_msg(is_seen, "%s with %s: %s: %s", m->trips.case_name, m->fault,
		verdict_name(outcome.verdict), outcome.reason);
}
END_TEST

START_TEST(harmless_mutant_trips_none)
{
	const struct mutant *m = &mutants[_i];
	const char *fault = m->harmless_fault ? m->harmless_fault : m->fault;
	struct outcome outcome = run(&m->harmless, fault, HARMLESS);

	ck_assert_msg(outcome.verdict == VERDICT_PASS, "%s with %s: %s: %s",
		m->harmless.case_name, fault, verdict_name(outcome.verdict),
		outcome.reason);
	ck_assert_uint_gt(outcome.threads, 3);
}
END_TEST

/*
 * In a world of a child's own
 */
enum { SLOTS = 8, STOPPERS = 4, COORDINATORS = 2, TICKERS = 2 };

static struct oracle oracle;
static const struct subject *subject;
static struct channel ticks[TICKERS];
static os_word over, stoppers;

static void broadcast_often(void *times)
{
	struct oracle_request request = { .oracle = &oracle };

	for (uint32_t i = 0; i < *(uint32_t *)times; i++) {
		oracle_broadcast(&request, subject);
		thread_yield();
	}
}

static void check_all(void)
{
	ck_assert_int_eq(subject->stop_world(), 0);
	oracle_check_all(&oracle);
	oracle_check_signals();
	oracle_check_progress();
	subject->start_world();
}

static void two_coordinators(void)
{
	static uint32_t times = 60;

	for (int i = 0; i < COORDINATORS; i++)
		thread_spawn("coordinator", broadcast_often, &times, false);
	threads_join();
	check_all();
}

static void one_coordinator(void)
{
	static uint32_t times = 60;

	broadcast_often(&times);
	check_all();
}

/* All at the same time. */
static void stop_often(void *unused)
{
	(void)unused;
	os_bump(&stoppers, 1, memory_order_acq_rel);
	while (os_load(&stoppers, memory_order_acquire) < STOPPERS) {
		thread_yield();
		os_yield();
	}
	for (int i = 0; i < 500; i++) {
		subject->stop_world();
		subject->start_world();
	}
}

static void several_stoppers(void)
{
	for (int i = 0; i < STOPPERS; i++)
		thread_spawn("stopper", stop_often, NULL, false);
	threads_join();
	check_all();
}

/* Waits for its neighbour, for a moment, and wakes it: the poller changes hands all the
 * time, and never sleeps for long. */
static void tick(void *number)
{
	uintptr_t self = (uintptr_t)number;
	struct random random = { .state = self };
	uint32_t value;

	while (!os_load(&over, memory_order_relaxed)) {
		channel_try_send(&ticks[(self + 1) % TICKERS], 1);
		channel_receive(&ticks[self],
			os_now() + random_below(&random, OS_MILLISECOND), &value);
		safepoint();
	}
}

static void near_timers(uint32_t times)
{
	for (uintptr_t i = 0; i < TICKERS; i++)
		channel_init(&ticks[i], 1);
	for (uintptr_t i = 0; i < TICKERS; i++)
		thread_spawn("ticker", tick, (void *)i, false);
	broadcast_often(&times);
	os_store(&over, 1, memory_order_relaxed);
	threads_join();
	check_all();
}

/* Emulated, a broadcast takes a hundred times as long, and the moments that it takes luck to meet are others. */
static bool is_emulated(void)
{
	const char *told = getenv("HUPSTORM_EMULATED");

	return told && *told == '1';
}

static void near_timers_for_long(void)
{
	near_timers(is_emulated() ? 1000 : 25000);
}

static void near_timers_for_a_while(void)
{
	near_timers(2000);
}

/* The process has SIGHUP at its default, and nobody is subscribed any more. */
static void hang_up(void)
{
	struct channel channel;

	signal(SIGHUP, SIG_DFL);
	channel_init(&channel, 1);
	signal_subscribe(&channel, SIGHUP);
	signal_unsubscribe(&channel);
	kill(getpid(), SIGHUP);
}

static void sleep_on_news(void)
{
	observe_transition(BY_RECEIVER, SIGNAL_SENDING, SIGNAL_RECEIVING);
	check_all();
}

static void be_idle(void)
{
	observe_transition(BY_RECEIVER, SIGNAL_IDLE, SIGNAL_RECEIVING);
	check_all();
}

static _Noreturn void live(const char *faults, void (*life)(void), int words)
{
	struct world_config config = test_config(SLOTS);
	const char *unknown;
	size_t length;

	prctl(PR_SET_PDEATHSIG, SIGKILL, 0, 0, 0);
	dup2(words, STDERR_FILENO);
	signal(SIGHUP, SIG_IGN);
	fault_parse(faults, &config.faults, &unknown, &length);
	os_attribute_set(false);
	subject = subject_named("cooperative");
	if (subject->start(&config))
		_exit(1);
	life();
	_exit(0);
}

/* The status of the child, and its last words. */
static int run_in_child(const char *faults, void (*life)(void), char *words, size_t size)
{
	int ends[2], status = 0;
	ssize_t length;
	pid_t child;

	ck_assert_int_eq(pipe(ends), 0);
	child = fork();
	if (!child)
		live(faults, life, ends[1]);
	close(ends[1]);
	length = read(ends[0], words, size - 1);
	words[length > 0 ? length : 0] = '\0';
	waitpid(child, &status, 0);
	close(ends[0]);
	return status;
}

static const struct {
	enum oracle_id oracle;
	const char *fault;
	void (*trips)(void);
	const char *harmless_fault;
	void (*harmless)(void);
} worlds[] = {
	{ ORACLE_ORDER, "argument-stale", two_coordinators, "argument-stale",
		one_coordinator },
	{ ORACLE_ORDER, "argument-stale", two_coordinators, "", two_coordinators },
	{ ORACLE_FAIRNESS, "stop-right-lifo", several_stoppers, "", several_stoppers },
	{ ORACLE_FAIRNESS, "stop-right-lifo", several_stoppers, "stop-right-lifo",
		one_coordinator },
	{ ORACLE_STALL, "poller-broken-once", near_timers_for_long, "",
		near_timers_for_a_while },
	{ ORACLE_SIGNAL_QUEUE, "", sleep_on_news, "", be_idle },
};

enum { WORLDS = sizeof worlds / sizeof worlds[0] };

/* One takes luck, which is another in each world. */
enum { WORLD_TRIES = 6 };

START_TEST(mutant_world_trips_its_oracle)
{
	char words[512];
	int status = 0;

	for (int i = 0; i < WORLD_TRIES && !status; i++)
		status = run_in_child(
			worlds[_i].fault, worlds[_i].trips, words, sizeof words);

	if (!status && is_emulated()) {
		printf("# %s did not trip its oracle, and need not where it is "
		       "emulated\n",
			worlds[_i].fault);
		fflush(stdout);
		return;
	}
	ck_assert_msg(WIFEXITED(status) && WEXITSTATUS(status) == EXIT_ORACLE,
		"%s: status %#x: %s", worlds[_i].fault, (unsigned)status, words);
	ck_assert_msg(
		begins_with(words, oracle_info(worlds[_i].oracle)->name), "%s", words);
}
END_TEST

START_TEST(harmless_world_trips_none)
{
	char words[512];
	int status = run_in_child(
		worlds[_i].harmless_fault, worlds[_i].harmless, words, sizeof words);

	ck_assert_msg(WIFEXITED(status) && !WEXITSTATUS(status), "status %#x: %s",
		(unsigned)status, words);
}
END_TEST

START_TEST(default_action_is_preserved)
{
	char words[512];
	int status = run_in_child("", hang_up, words, sizeof words);

	ck_assert_msg(WIFSIGNALED(status) && WTERMSIG(status) == SIGHUP, "status %#x: %s",
		(unsigned)status, words);
	status = run_in_child("disposition-forgotten", hang_up, words, sizeof words);
	ck_assert_msg(WIFEXITED(status), "status %#x: %s", (unsigned)status, words);
}
END_TEST

/* Each broadcast is in one tier, and the slowest has a thread that was last. */
START_TEST(latency_is_told)
{
	struct world_config config = test_config(SLOTS);
	static struct world_view view;
	uint32_t times = 20;
	const struct broadcast_view *b = &view.broadcasts;

	signal(SIGHUP, SIG_IGN);
	os_attribute_set(false);
	subject = subject_named("cooperative");
	ck_assert_int_eq(subject->start(&config), 0);
	broadcast_often(&times);
	ck_assert_int_eq(world_inspect(config.memory, config.memory_size, &view), 0);
	ck_assert_uint_eq(b->quick + b->legal + b->slow + b->stalled, times);
	ck_assert_uint_lt(b->last, view.thread_count);
	ck_assert_int_ne(b->last, 0);
	ck_assert_int_ne(b->woken_by, WAKER_UNKNOWN);
	subject->end();
}
END_TEST

/* Broadcasts are run with a far timer, and without: a late poller hangs with the one, and
 * comes back by itself with others. */
START_TEST(broadcasts_are_run_with_and_without_a_far_timer)
{
	const struct stress_case *c;
	uint32_t with = 0, without = 0;

	for (size_t i = 0; (c = case_at(i)); i++) {
		bool far = false;

		for (int r = 0; r < STORM_ROLES_MAX; r++)
			far |= c->roles[r].kind == ROLE_FAR_TIMER;
		with += far && c->cycle & CYCLE_BROADCAST;
		without += !far && c->cycle & CYCLE_BROADCAST;
	}
	ck_assert_uint_gt(with, 0);
	ck_assert_uint_gt(without, 0);
}
END_TEST

/*
 * The audit, on a process that is at rest
 */
static void be_as_ever(void)
{
}

static void keep_pending(void)
{
	sigset_t set;

	sigemptyset(&set);
	sigaddset(&set, SIGUSR1);
	pthread_sigmask(SIG_BLOCK, &set, NULL);
	pthread_kill(pthread_self(), SIGUSR1);
}

static void block(void)
{
	sigset_t set;

	sigemptyset(&set);
	sigaddset(&set, SIGUSR1);
	pthread_sigmask(SIG_BLOCK, &set, NULL);
}

static void *wait_for_the_end(void *unused)
{
	for (;;)
		pause();
	return unused;
}

static void have_a_stranger(void)
{
	pthread_t thread;

	pthread_create(&thread, NULL, wait_for_the_end, NULL);
}

static void list_nobody(void)
{
	struct thread *thread = thread_at(os_peek(&world->sched.records));

	thread->kind = THREAD_USER;
	os_store(&thread->tid, 1, memory_order_relaxed);
	os_store(&thread->where, WHERE_PARKED, memory_order_relaxed);
	os_store(&world->sched.records, thread->id + 8, memory_order_relaxed);
}

static const struct {
	void (*prepare)(void);
	const char *words; /* NULL: nothing is found */
} processes[] = {
	{ be_as_ever, NULL },
	{ keep_pending, "pending: " },
	{ block, "masks: " },
	{ have_a_stranger, "threads: " },
	{ list_nobody, "threads: " },
};

enum { PROCESSES = sizeof processes / sizeof processes[0] };

static _Noreturn void rest(
	const struct world_config *config, void (*prepare)(void), int ready)
{
	prctl(PR_SET_PDEATHSIG, SIGKILL, 0, 0, 0);
	signal(SIGHUP, SIG_IGN);
	if (world_start(config))
		_exit(1);
	/* sysmon and the receiver. */
	while (!thread_tid(1) || !thread_tid(2))
		os_yield();
	prepare();
	if (write(ready, "", 1) < 0)
		_exit(1);
	for (;;)
		pause();
}

START_TEST(audit_finds_it)
{
	struct world_config config = test_config(2);
	static struct snapshot snapshot;
	struct audit audit;
	char complaint[256] = "", byte;
	int ends[2], error;
	pid_t child;

	config.memory = mmap(NULL, config.memory_size, PROT_READ | PROT_WRITE,
		MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	ck_assert_int_eq(pipe(ends), 0);
	child = fork();
	if (!child)
		rest(&config, processes[_i].prepare, ends[1]);
	ck_assert_int_eq(read(ends[0], &byte, 1), 1);
	error = audit_cell(child, config.memory, config.memory_size, 0, &config.faults,
		os_now() + (processes[_i].words ? 0 : 20 * OS_SECOND), &snapshot, &audit,
		complaint, sizeof complaint);
	kill_cell(-1, child);
	waitpid(child, NULL, 0);
	if (!processes[_i].words) {
		ck_assert_msg(!error, "%s", complaint);
		ck_assert_uint_eq(audit.checked, audit.threads);
		return;
	}
	ck_assert_int_eq(error, -EBADMSG);
	ck_assert_msg(begins_with(complaint, processes[_i].words), "%s", complaint);
}
END_TEST

START_TEST(oracle_has_a_name_a_number_and_a_sentence)
{
	for (int o = ORACLE_NONE + 1; o < ORACLE_COUNT; o++) {
		const struct oracle_info *info = oracle_info((enum oracle_id)o);

		ck_assert_ptr_nonnull(info->name);
		ck_assert_int_eq(info->numbers[0], 'O');
		ck_assert_ptr_nonnull(info->holds);
	}
}
END_TEST

static Suite *oracles_suite(void)
{
	Suite *suite = suite_create("oracles");
	TCase *tests = add_tests(suite, "oracles");

	tcase_add_checked_fixture(tests, load_placements, free_placements);
	tcase_add_test(tests, oracle_has_a_name_a_number_and_a_sentence);
	tcase_add_loop_test(tests, mutant_trips_its_oracle, 0, MUTANTS);
	tcase_add_loop_test(tests, harmless_mutant_trips_none, 0, MUTANTS);
	tcase_add_loop_test(tests, mutant_world_trips_its_oracle, 0, WORLDS);
	tcase_add_loop_test(tests, harmless_world_trips_none, 0, WORLDS);
	tcase_add_test(tests, default_action_is_preserved);
	tcase_add_test(tests, latency_is_told);
	tcase_add_test(tests, broadcasts_are_run_with_and_without_a_far_timer);
	tcase_add_loop_test(tests, audit_finds_it, 0, PROCESSES);
	return suite;
}

int main(void)
{
	return run_suite(oracles_suite());
}
