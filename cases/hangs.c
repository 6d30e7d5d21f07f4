/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * hangs HOW [TICKS]: a program that gets on for a number of ticks, each of which is a line on standard
 * output, and then hangs in one of the ways that hupstorm exec tells apart.
 */
#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <pthread.h>
#include <sched.h>
#include <semaphore.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

static pthread_mutex_t first = PTHREAD_MUTEX_INITIALIZER;
static pthread_mutex_t second = PTHREAD_MUTEX_INITIALIZER;
static pthread_barrier_t both;
static sem_t handled;

static void tick(int count)
{
	for (int i = 0; i < count; i++) {
		puts("tick");
		fflush(stdout);
		usleep(1000);
	}
}

static pthread_t begin(void *(*run)(void *), void *argument)
{
	pthread_t thread;

	if (pthread_create(&thread, NULL, run, argument))
		abort();
	return thread;
}

static void *take_second_then_first(void *unused)
{
	(void)unused;
	pthread_mutex_lock(&second);
	pthread_barrier_wait(&both);
	pthread_mutex_lock(&first);
	return NULL;
}

static void deadlock(void)
{
	pthread_t thread;

	pthread_barrier_init(&both, NULL, 2);
	pthread_mutex_lock(&first);
	thread = begin(take_second_then_first, NULL);
	pthread_barrier_wait(&both);
	pthread_mutex_lock(&second);
	pthread_join(thread, NULL);
}

/* Each gives way to the other, for ever. */
static _Noreturn void *give_way(void *lock)
{
	for (;;) {
		pthread_mutex_t *other = lock == &first ? &second : &first;

		pthread_mutex_lock(lock);
		if (!pthread_mutex_trylock(other))
			pthread_mutex_unlock(other);
		pthread_mutex_unlock(lock);
		sched_yield();
	}
}

static void livelock(void)
{
	pthread_mutex_t *locks[] = { &first, &second };

	for (int i = 0; i < 2; i++)
		begin(give_way, locks[i]);
	for (;;)
		sched_yield();
}

static void spin(void)
{
	for (;;)
		;
}

static void handle(int signal)
{
	(void)signal;
	sem_post(&handled);
}

static void *wait_for_handler(void *unused)
{
	sem_wait(&handled);
	return unused;
}

/* It is caught, sent, and blocked by everybody; so is another one, by everybody and sent to one thread. */
static void lose_signal(void)
{
	sigset_t blocked;
	pthread_t thread;

	sem_init(&handled, 0, 0);
	signal(SIGUSR1, handle);
	sigemptyset(&blocked);
	sigaddset(&blocked, SIGUSR1);
	sigaddset(&blocked, SIGUSR2);
	pthread_sigmask(SIG_BLOCK, &blocked, NULL);
	thread = begin(wait_for_handler, NULL);
	pthread_kill(thread, SIGUSR2);
	kill(getpid(), SIGUSR1);
	wait_for_handler(NULL);
}

/* It has much to do, and gets on as far as it is let. */
static void work(void)
{
	for (unsigned i = 1;; i++)
		if (i % (1 << 24) == 0)
			tick(1);
}

static void be_slow(void)
{
	for (;;) {
		usleep(50000);
		tick(1);
	}
}

static void stop(void)
{
	kill(getpid(), SIGSTOP);
}

/* Each sleep has its end. */
static void doze(void)
{
	for (;;)
		sleep(1);
}

/* Somebody may come. */
static void serve(void)
{
	struct sockaddr_in here = { .sin_family = AF_INET,
		.sin_addr.s_addr = htonl(INADDR_LOOPBACK) };
	int server = socket(AF_INET, SOCK_STREAM, 0);

	bind(server, (struct sockaddr *)&here, sizeof here);
	listen(server, 1);
	accept(server, NULL, NULL);
}

static void ring(int signal)
{
	(void)signal;
}

static void await_alarm(void)
{
	const struct itimerval late = { .it_value.tv_sec = 1000 };

	signal(SIGALRM, ring);
	setitimer(ITIMER_REAL, &late, NULL);
	pause();
}

static void wait_for(void (*what)(void))
{
	pid_t child = fork();

	if (!child) {
		what();
		_exit(0);
	}
	waitpid(child, NULL, 0);
}

static void wait_for_hung_child(void)
{
	wait_for(deadlock);
}

static void wait_for_busy_child(void)
{
	wait_for(spin);
}

/* Gets on with each signal and sleeps in between. */
static void follow_signals(void)
{
	sem_init(&handled, 0, 0);
	signal(SIGHUP, handle);
	for (;;) {
		while (sem_wait(&handled))
			;
		puts("tick");
		fflush(stdout);
	}
}

/* The same, and then the signals are handled and nothing comes of it. */
static void ignore_signals(void)
{
	signal(SIGHUP, ring);
	deadlock();
}

static void crash(void)
{
	abort();
}

static void fail(void)
{
	fputs("it does not add up\n", stderr);
	exit(3);
}

static void leave_child(void)
{
	if (!fork())
		doze();
}

static void signal_parent(void)
{
	if (!kill(getppid(), SIGUSR1))
		_exit(0);
	perror("kill");
	_exit(1);
}

/* Each of many waits for the next one's lock, and somebody who has none for one of them. */
enum { MANY = 63 };

static pthread_mutex_t circle[MANY];
static pthread_barrier_t all;

static void *take_next(void *mine)
{
	size_t number = (size_t)((pthread_mutex_t *)mine - circle);

	pthread_mutex_lock(mine);
	pthread_barrier_wait(&all);
	pthread_mutex_lock(&circle[(number + 1) % MANY]);
	return NULL;
}

static void deadlock_many(void)
{
	pthread_barrier_init(&all, NULL, MANY + 1);
	for (size_t i = 0; i < MANY; i++)
		pthread_mutex_init(&circle[i], NULL);
	for (size_t i = 0; i < MANY; i++)
		begin(take_next, &circle[i]);
	pthread_barrier_wait(&all);
	pthread_mutex_lock(&circle[0]);
}

/* As harmless as a signal can be, to those that a process in the sandbox must not reach. */
static void reach_out(void)
{
	const char *sibling = getenv("SIBLING");
	const pid_t others[] = { getppid(), 1, -1, sibling ? atoi(sibling) : 1 };
	size_t refused = 0, count = sizeof others / sizeof others[0];

	for (size_t i = 0; i < count; i++)
		refused += kill(others[i], SIGURG) == -1 && errno == EPERM;
	printf("refused %zu of %zu\n", refused, count);
}

/* A deadlock that comes if one system call takes long, and not because its thread has lost its processor
 * (that would be an involuntary switch): so never by itself. */
enum { ROUNDS = 100, LONG = 300 * 1000 /* ns */ };

static long switches(void)
{
	struct rusage usage;

	getrusage(RUSAGE_THREAD, &usage);
	return usage.ru_nvcsw;
}

static long nanoseconds_since(const struct timespec *then)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return (now.tv_sec - then->tv_sec) * 1000000000 + now.tv_nsec - then->tv_nsec;
}

static int call_takes_long(void)
{
	struct timespec before;
	long voluntary = switches();

	clock_gettime(CLOCK_MONOTONIC, &before);
	prctl(PR_GET_DUMPABLE);
	return nanoseconds_since(&before) > LONG && switches() != voluntary;
}

static void take_narrow_way(void)
{
	struct timespec pause = { .tv_nsec = 700000 };

	for (int i = 0; i < ROUNDS; i++) {
		clock_nanosleep(CLOCK_MONOTONIC, 0, &pause, NULL);
		sched_yield();
		if (call_takes_long())
			deadlock();
		tick(1);
	}
}

/* What a system call may say to a program whose handler restarts it: never that it was interrupted. */
static void note_signal(int signal)
{
	(void)signal;
}

static void expect_no_eintr(void)
{
	struct sigaction action = { .sa_handler = note_signal, .sa_flags = SA_RESTART };
	sigset_t mask;

	sigaction(SIGHUP, &action, NULL);
	sigemptyset(&mask);
	for (int i = 0; i < 3000; i++) {
		if (sched_yield() || sigprocmask(SIG_SETMASK, &mask, NULL) ||
			prctl(PR_GET_DUMPABLE) < 0 || kill(getpid(), 0)) {
			perror("it was interrupted");
			_exit(1);
		}
	}
	tick(1);
}

static void nothing(void)
{
}

static const struct {
	const char *name;
	void (*run)(void);
} ways[] = {
	{ "pass", nothing },
	{ "deadlock", deadlock },
	{ "deadlock-many", deadlock_many },
	{ "livelock", livelock },
	{ "spin", spin },
	{ "lost-signal", lose_signal },
	{ "work", work },
	{ "slow", be_slow },
	{ "stopped", stop },
	{ "doze", doze },
	{ "serve", serve },
	{ "alarm", await_alarm },
	{ "hung-child", wait_for_hung_child },
	{ "busy-child", wait_for_busy_child },
	{ "follow-signals", follow_signals },
	{ "ignore-signals", ignore_signals },
	{ "crash", crash },
	{ "fail", fail },
	{ "leave-child", leave_child },
	{ "signal-parent", signal_parent },
	{ "reach-out", reach_out },
	{ "narrow", take_narrow_way },
	{ "no-eintr", expect_no_eintr },
};

int main(int argc, char **argv)
{
	int ticks = argc > 2 ? atoi(argv[2]) : 100;

	for (size_t i = 0; argc > 1 && i < sizeof ways / sizeof ways[0]; i++) {
		if (strcmp(argv[1], ways[i].name) != 0)
			continue;
		tick(ticks);
		ways[i].run();
		return 0;
	}
	fputs("usage: hangs HOW [TICKS]\n", stderr);
	return 2;
}
