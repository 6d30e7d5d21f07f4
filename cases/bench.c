/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * make bench: what the runtime does in a second, beside a bare loop of the same kind in
 * the same call.
 *
 *	broadcast	a prctl on every thread under a flood of SIGHUP, beside tgkill to
 *			each thread, the prctl in the handler, and a futex that the last
 *			one wakes, under the same flood
 *	directed	the same by the subject `directed`
 *	trace cycle	trace start and stop (two stops of the world) against a SIGHUP
 *			ping-pong, beside a futex ping-pong
 *	signal		SIGHUP from send to receive, beside kill and sigwaitinfo
 *
 * with so many parked threads in the process. Each runs in a process of its own, for a
 * while; rounds alternate between the two, and the median of the ratios is what counts.
 * Absolute numbers are those of the machine and its load.
 */
#include "stress/stress.h"
#include "stress/subject.h"
#include "stress/trace.h"

#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#define ROUND (400 * OS_MILLISECOND)

enum { ROUNDS = 5, SPARE_THREADS = 16 };

/* Set by the measured process for its parent. */
struct result {
	double rate;	    /* per second */
	double cpu, memory; /* seconds, MiB; by the parent */
};

static struct result *shared;
static unsigned parked; /* threads */
static os_word quit;

static bool is_over(uint64_t began, uint64_t count)
{
	uint64_t took = os_now() - began;

	if (took < ROUND)
		return false;
	shared->rate = (double)count / ((double)took / 1e9);
	return true;
}

/*
 * In a world
 */
static struct channel parking, signals;

static void park_for_good(void *unused)
{
	uint32_t value;

	(void)unused;
	channel_receive(&parking, OS_FOREVER, &value);
}

static void flood(void *unused)
{
	(void)unused;
	while (!os_load(&quit, memory_order_relaxed)) {
		os_kill_process(SIGHUP);
		safepoint();
	}
}

static void drain(void *unused)
{
	uint32_t signal;

	(void)unused;
	while (!channel_receive(&signals, OS_FOREVER, &signal))
		;
}

static void ping_pong(void *unused)
{
	uint32_t signal;

	(void)unused;
	while (!os_load(&quit, memory_order_relaxed)) {
		os_kill_process(SIGHUP);
		if (channel_receive(&signals, OS_FOREVER, &signal))
			return;
	}
}

static int flip(void *value, bool first)
{
	if (first)
		*(bool *)value = !*(bool *)value;
	return os_attribute_set(*(bool *)value);
}

static const struct subject *subject;

static void start_world(const char *name)
{
	struct world_config config = { .slots = (uint32_t)sysconf(_SC_NPROCESSORS_ONLN),
		.threads_max = parked + SPARE_THREADS };

	config.memory_size = world_size(config.threads_max, 0);
	config.memory = mmap(NULL, config.memory_size, PROT_READ | PROT_WRITE,
		MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	signal(SIGHUP, SIG_IGN);
	subject = subject_named(name);
	if (config.memory == MAP_FAILED || subject->start(&config))
		exit(1);
	channel_init(&parking, 1);
	channel_init(&signals, 1);
	signal_subscribe(&signals, SIGHUP);
	for (unsigned i = 0; i < parked; i++)
		thread_spawn("parked", park_for_good, NULL, false);
}

static void broadcast_by(const char *name)
{
	bool value = false;
	uint64_t began, count = 0;

	start_world(name);
	thread_spawn("flood", flood, NULL, false);
	thread_spawn("drain", drain, NULL, false);
	began = os_now();
	while (!is_over(began, count)) {
		if (subject->broadcast(flip, &value, NULL))
			exit(1);
		count++;
		safepoint();
	}
}

static void broadcasts_in_a_world(void)
{
	broadcast_by("cooperative");
}

static void directed_broadcasts_in_a_world(void)
{
	broadcast_by("directed");
}

static void traces_in_a_world(void)
{
	size_t capacity, size;
	uint64_t began, count = 0;
	void *trace;

	start_world("cooperative");
	thread_spawn("ping-pong", ping_pong, NULL, false);
	capacity = trace_size(parked + SPARE_THREADS);
	trace = malloc(capacity);
	began = os_now();
	while (!is_over(began, count)) {
		if (trace_start() || trace_stop(trace, capacity, &size) || !size)
			exit(1);
		count++;
		safepoint();
	}
}

static void signals_in_a_world(void)
{
	uint64_t began, count = 0;
	uint32_t signal;

	start_world("cooperative");
	began = os_now();
	while (!is_over(began, count)) {
		os_kill_process(SIGHUP);
		channel_receive(&signals, OS_FOREVER, &signal);
		count++;
	}
}

/*
 * Bare
 */
static os_word sleep_word, owing, ball;
static os_word tids[1024];
static bool bare_value;

static void on_directed(int unused)
{
	(void)unused;
	os_attribute_set(bare_value);
	if (os_sub(&owing, 1, memory_order_acq_rel) == 1)
		os_futex_wake(&owing, 1);
}

static void on_hangup(int unused)
{
	(void)unused;
}

static void *sleep_bare(void *number)
{
	os_store(&tids[(uintptr_t)number], (uint32_t)gettid(), memory_order_release);
	for (;;)
		os_futex_wait(&sleep_word, 0, OS_FOREVER);
	return NULL;
}

static void *flood_bare(void *unused)
{
	for (;;)
		os_kill_process(SIGHUP);
	return unused;
}

static void start_bare(void)
{
	pthread_t thread;

	os_begin();
	os_signal_dispose(SIGUSR1, OS_SIGNAL_HANDLE, on_directed, NULL);
	os_signal_dispose(SIGHUP, OS_SIGNAL_HANDLE, on_hangup, NULL);
	for (uintptr_t i = 0; i < parked; i++) {
		if (pthread_create(&thread, NULL, sleep_bare, (void *)i))
			exit(1);
		while (!os_load(&tids[i], memory_order_acquire))
			os_yield();
	}
}

static void tgkill_each(void)
{
	uint32_t left;

	bare_value = !bare_value;
	os_store(&owing, parked, memory_order_release);
	for (unsigned i = 0; i < parked; i++)
		os_kill_thread(os_load(&tids[i], memory_order_relaxed), SIGUSR1);
	while ((left = os_load(&owing, memory_order_acquire)))
		os_futex_wait(&owing, left, OS_FOREVER);
	os_attribute_set(bare_value);
}

static void tgkill_bare(void)
{
	uint64_t began, count = 0;
	pthread_t thread;

	start_bare();
	pthread_create(&thread, NULL, flood_bare, NULL);
	began = os_now();
	while (!is_over(began, count)) {
		tgkill_each();
		count++;
	}
}

static void await_ball(uint32_t side)
{
	while (os_load(&ball, memory_order_acquire) != side)
		os_futex_wait(&ball, !side, OS_FOREVER);
}

static void pass_ball(uint32_t side)
{
	os_store(&ball, side, memory_order_release);
	os_futex_wake(&ball, 1);
}

static void *return_ball(void *unused)
{
	for (;;) {
		await_ball(1);
		pass_ball(0);
	}
	return unused;
}

static void futex_bare(void)
{
	uint64_t began, count = 0;
	pthread_t thread;

	start_bare();
	pthread_create(&thread, NULL, return_ball, NULL);
	began = os_now();
	while (!is_over(began, count)) {
		pass_ball(1);
		await_ball(0);
		count++;
	}
}

static void sigwait_bare(void)
{
	uint64_t began, count = 0;
	sigset_t hangup;

	sigemptyset(&hangup);
	sigaddset(&hangup, SIGHUP);
	sigprocmask(SIG_BLOCK, &hangup, NULL);
	start_bare();
	began = os_now();
	while (!is_over(began, count)) {
		os_kill_process(SIGHUP);
		sigwaitinfo(&hangup, NULL);
		count++;
	}
}

/*
 * Measuring
 */
static const struct measure {
	const char *name, *bare_name;
	void (*in_a_world)(void);
	void (*bare)(void);
} measures[] = {
	{ "broadcast", "tgkill + futex", broadcasts_in_a_world, tgkill_bare },
	{ "directed", "tgkill + futex", directed_broadcasts_in_a_world, tgkill_bare },
	{ "trace cycle", "futex ping-pong", traces_in_a_world, futex_bare },
	{ "signal", "kill + sigwaitinfo", signals_in_a_world, sigwait_bare },
};

static struct result measure_once(void (*run)(void))
{
	struct result result;
	struct rusage usage;
	int status;
	pid_t child;

	fflush(stdout);
	child = fork();
	if (!child) {
		run();
		_exit(0);
	}
	wait4(child, &status, 0, &usage);
	if (!WIFEXITED(status) || WEXITSTATUS(status)) {
		fprintf(stderr, "bench: a measured process failed\n");
		exit(1);
	}
	result = *shared;
	result.cpu = (double)(usage.ru_utime.tv_sec + usage.ru_stime.tv_sec) +
		     (double)(usage.ru_utime.tv_usec + usage.ru_stime.tv_usec) / 1e6;
	result.memory = (double)usage.ru_maxrss / 1024;
	return result;
}

static int compare(const void *a, const void *b)
{
	double x = *(const double *)a, y = *(const double *)b;

	return (x > y) - (x < y);
}

static void measure(const struct measure *m)
{
	struct result ours = { 0 }, bare = { 0 };
	double ratios[ROUNDS];

	for (int i = 0; i < ROUNDS; i++) {
		ours = measure_once(m->in_a_world);
		bare = measure_once(m->bare);
		ratios[i] = ours.rate / bare.rate;
	}
	qsort(ratios, ROUNDS, sizeof ratios[0], compare);
	printf("%7u  %-12s %9.0f  %-19s %9.0f  %6.2f [%.2f-%.2f]  %4.2f %4.2f  %4.1f "
	       "%4.1f\n",
		parked, m->name, ours.rate, m->bare_name, bare.rate, ratios[ROUNDS / 2],
		ratios[0], ratios[ROUNDS - 1], ours.cpu, bare.cpu, ours.memory,
		bare.memory);
}

int main(void)
{
	static const unsigned threads[] = { 4, 16, 64 };

	shared = mmap(NULL, sizeof *shared, PROT_READ | PROT_WRITE,
		MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	if (shared == MAP_FAILED)
		return 1;
	puts("threads  what             per s  beside                  per s   ratio "
	     "[range]     "
	     " CPU s      peak MiB");
	for (size_t i = 0; i < sizeof threads / sizeof threads[0]; i++) {
		parked = threads[i];
		for (size_t k = 0; k < sizeof measures / sizeof measures[0]; k++)
			measure(&measures[k]);
	}
	return 0;
}
