/* SPDX-License-Identifier: BSD-2-Clause */
/* The watchdog, on real processes that do each of the things that it has to tell apart.
 */
#include "check_suite.h"
#include "runners/kill.h"
#include "runners/watch.h"
#include "stress/runtime.h"

#include <poll.h>
#include <sched.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

enum { WATCHED_THREADS = 32 };

static struct storm_progress *progress;
static struct channel channel, other;

/* A pair of threads that wait for each other. */
static void wait_for_other(void *which)
{
	uint32_t value;

	channel_receive(which, OS_FOREVER, &value);
	channel_try_send(which == &channel ? &other : &channel, value);
}

static void deadlock(void)
{
	thread_spawn("one", wait_for_other, &channel, false);
	thread_spawn("two", wait_for_other, &other, false);
	threads_join();
}

/* Both sides make way for the other, for ever. */
static void livelock(void)
{
	for (;;)
		thread_yield();
}

static void wait_in_vain(void *unused)
{
	uint32_t value;

	(void)unused;
	thread_awaits_signal(true);
	channel_receive(&channel, OS_FOREVER, &value);
}

/* The signal was sent while nobody had it wanted: its disposition was to be ignored. */
static void lose_signal(void)
{
	kill(getpid(), SIGHUP);
	signal_subscribe(&channel, SIGHUP);
	thread_spawn("waiter", wait_in_vain, NULL, false);
	threads_join();
}

static void progress_slowly(void)
{
	for (;;) {
		poll(NULL, 0, 50);
		thread_step();
		os_count(&progress->cycles, 1);
	}
}

static void compute(void)
{
	for (;;)
		safepoint();
}

static void stop_itself(void)
{
	kill(getpid(), SIGSTOP);
}

static void go_on(void *unused)
{
	(void)unused;
	for (;;) {
		thread_step();
		safepoint();
	}
}

/* A handler that never ends, on a thread without which the others can do: the seed's, in
 * a state that nobody takes back. */
static void handle_for_ever(void)
{
	signal_subscribe(&channel, SIGHUP);
	thread_spawn("busy", go_on, NULL, false);
	while (os_load(&world->signals.state, memory_order_seq_cst) != SIGNAL_RECEIVING)
		thread_yield();
	world->config.faults.on[FAULT_HANDLER_WAITS] = true;
	os_store(&world->signals.state, SIGNAL_FIXUP, memory_order_seq_cst);
	os_kill_thread((uint32_t)gettid(), SIGHUP);
	os_native_after_sleep();
}

static void stand_still(void)
{
	thread_spawn("busy", go_on, NULL, false);
	thread_spawn("waiter", wait_for_other, &channel, false);
	threads_join();
}

/* All on one processing unit, where the busy one has every right to be. */
static void be_starved(void)
{
	const struct sched_param none = { 0 };
	cpu_set_t all, one;
	int pu = 0;

	sched_getaffinity(0, sizeof all, &all);
	while (!CPU_ISSET(pu, &all))
		pu++;
	CPU_ZERO(&one);
	CPU_SET(pu, &one);
	sched_setaffinity(0, sizeof one, &one);
	thread_spawn("busy", go_on, NULL, false);
	sched_setscheduler(0, SCHED_IDLE, &none);
	compute();
}

static _Noreturn void run_child(
	const struct world_config *config, void (*run)(void), pid_t parent)
{
	prctl(PR_SET_PDEATHSIG, SIGKILL, 0, 0, 0);
	if (getppid() != parent)
		_exit(1);
	signal(SIGHUP, SIG_IGN);
	if (world_start(config))
		_exit(1);
	channel_init(&channel, 1);
	channel_init(&other, 1);
	os_store(&progress->coordinator, (uint32_t)gettid(), memory_order_relaxed);
	os_store(&progress->state, STORM_RUNS, memory_order_release);
	run();
	_exit(0);
}

struct watched {
	struct cell cell;
	struct watch_target target;
	struct watch *watch;
	uint64_t began;
};

static void start(struct watched *watched, void (*run)(void), uint64_t time_limit)
{
	struct world_config config = {
		.slots = 2,
		.threads_max = WATCHED_THREADS,
		.memory_size = world_size(WATCHED_THREADS, 0),
	};
	pid_t parent = getpid();

	config.memory = mmap(NULL, config.memory_size, PROT_READ | PROT_WRITE,
		MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	progress = mmap(NULL, sizeof *progress, PROT_READ | PROT_WRITE,
		MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	watched->cell = (struct cell){ .cycles = 1000000, .time_limit = time_limit };
	watched->began = os_now();
	watched->target = (struct watch_target){ .memory = config.memory,
		.memory_size = config.memory_size,
		.progress = progress,
		.cell = &watched->cell,
		.patience = 1,
		.pid = fork() };
	if (!watched->target.pid)
		run_child(&config, run, parent);
	watched->watch = watch_new(&watched->target);
	ck_assert_ptr_nonnull(watched->watch);
}

/* Watch until there is a verdict or the time has passed. */
static enum verdict watch_for(struct watched *watched, uint64_t time, char *reason)
{
	uint64_t end = os_now() + time;
	enum verdict verdict;

	do {
		poll(NULL, 0, WATCH_TICK_MS);
		verdict = watch_look(watched->watch, reason);
	} while (verdict == VERDICT_MISSING && os_now() < end);
	return verdict;
}

static void end(struct watched *watched)
{
	kill_cell(-1, watched->target.pid);
	waitpid(watched->target.pid, NULL, 0);
	watch_free(watched->watch);
}

static const struct {
	void (*run)(void);
	enum verdict verdict;
	const char *words;
} programs[] = {
	{ deadlock, VERDICT_DEADLOCK, "everybody sleeps" },
	{ livelock, VERDICT_LIVELOCK, "no progress" },
	{ lose_signal, VERDICT_LOST_SIGNAL, "waiting for a signal: thread" },
	{ handle_for_ever, VERDICT_ORACLE, "handler: thread 0 (leader)" },
	{ stand_still, VERDICT_LIVELOCK, "the coordinator has made no progress" },
	{ be_starved, VERDICT_STARVED, "was not let" },
};

enum { PROGRAMS = sizeof programs / sizeof programs[0] };

START_TEST(hang_is_called_by_its_name)
{
	char reason[REASON_SIZE] = "";
	struct watched watched;
	enum verdict verdict;

	start(&watched, programs[_i].run, 0);
	verdict = watch_for(&watched, 240 * OS_SECOND, reason);
	end(&watched);
	ck_assert_msg(
		verdict == programs[_i].verdict, "%s: %s", verdict_name(verdict), reason);
	ck_assert_msg(strstr(reason, programs[_i].words), "%s", reason);
}
END_TEST

static void (*const innocent[])(void) = { progress_slowly, compute, stop_itself };

START_TEST(slow_and_stopped_are_not_hung)
{
	char reason[REASON_SIZE] = "";
	struct watched watched;
	enum verdict verdict;

	start(&watched, innocent[_i], 0);
	verdict = watch_for(&watched, 4 * OS_SECOND, reason);
	end(&watched);
	ck_assert_msg(
		verdict == VERDICT_MISSING, "%s: %s", verdict_name(verdict), reason);
}
END_TEST

static pid_t hog(void)
{
	pid_t parent = getpid(), child = fork();

	if (child)
		return child;
	prctl(PR_SET_PDEATHSIG, SIGKILL, 0, 0, 0);
	if (getppid() != parent)
		_exit(1);
	for (;;)
		;
}

/* Others have all the processors. */
START_TEST(crowded_host_is_no_hang)
{
	char reason[REASON_SIZE] = "";
	struct watched watched;
	enum verdict verdict;
	pid_t hogs[8];

	for (int i = 0; i < 8; i++)
		hogs[i] = hog();
	start(&watched, progress_slowly, 0);
	verdict = watch_for(&watched, 4 * OS_SECOND, reason);
	end(&watched);
	for (int i = 0; i < 8; i++) {
		kill_cell(-1, hogs[i]);
		waitpid(hogs[i], NULL, 0);
	}
	ck_assert_msg(
		verdict == VERDICT_MISSING, "%s: %s", verdict_name(verdict), reason);
}
END_TEST

static Suite *watch_suite(void)
{
	Suite *suite = suite_create("watch");
	TCase *tests = add_tests(suite, "processes");

	tcase_add_loop_test(tests, hang_is_called_by_its_name, 0, PROGRAMS);
	tcase_add_loop_test(tests, slow_and_stopped_are_not_hung, 0, 3);
	tcase_add_test(tests, crowded_host_is_no_hang);
	return suite;
}

int main(void)
{
	return run_suite(watch_suite());
}
