/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * hangs HOW [TICKS]: a program that gets on for a number of ticks, each of which is a line on standard
 * output, and then hangs in one of the ways that hupstorm exec tells apart.
 */
#include <arpa/inet.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <pthread.h>
#include <sched.h>
#include <semaphore.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <sys/wait.h>
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

/* It is caught, sent, and blocked by everybody. */
static void lose_signal(void)
{
	sigset_t blocked;

	sem_init(&handled, 0, 0);
	signal(SIGUSR1, handle);
	sigemptyset(&blocked);
	sigaddset(&blocked, SIGUSR1);
	pthread_sigmask(SIG_BLOCK, &blocked, NULL);
	begin(wait_for_handler, NULL);
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

static void nothing(void)
{
}

static const struct {
	const char *name;
	void (*run)(void);
} ways[] = {
	{ "pass", nothing },
	{ "deadlock", deadlock },
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
