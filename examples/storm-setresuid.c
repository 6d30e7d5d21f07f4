/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * storm-setresuid [BROADCASTS]: glibc's own all-threads mechanism under SIGHUP. setresuid(2) is one
 * thread's business; the C library makes it every thread's by a signal of its own, for which it waits. Run it under
 *
 *	hupstorm exec --storm HUP:2000:rotate --progress '^done' -- ./storm-setresuid
 *
 * Threads are born and end meanwhile. It sets the user IDs that it has already.
 */
#include <pthread.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { WORKERS = 4 };

static atomic_bool ends;
static atomic_uint handled;

static void handle(int signal)
{
	(void)signal;
	atomic_fetch_add_explicit(&handled, 1, memory_order_relaxed);
}

static void *live_shortly(void *unused)
{
	return unused;
}

static void *give_birth(void *unused)
{
	pthread_t child;

	while (!atomic_load(&ends))
		if (!pthread_create(&child, NULL, live_shortly, NULL))
			pthread_join(child, NULL);
	return unused;
}

static void broadcast(long count)
{
	uid_t real, effective, saved;

	getresuid(&real, &effective, &saved);
	for (long i = 1; i <= count; i++) {
		if (setresuid(real, effective, saved)) {
			perror("storm-setresuid: setresuid");
			exit(1);
		}
		if (i % 500)
			continue;
		printf("done %ld\n", i);
		fflush(stdout);
	}
}

int main(int argc, char **argv)
{
	struct sigaction action = { .sa_handler = handle, .sa_flags = SA_RESTART };
	long count = argc > 1 ? strtol(argv[1], NULL, 10) : 20000;
	pthread_t workers[WORKERS];

	if (count < 1) {
		fprintf(stderr,
			"storm-setresuid: '%s': expected a number of broadcasts\n",
			argv[1]);
		return 2;
	}
	sigaction(SIGHUP, &action, NULL);
	for (int i = 0; i < WORKERS; i++)
		if (pthread_create(&workers[i], NULL, give_birth, NULL))
			return 1;
	broadcast(count);
	atomic_store(&ends, true);
	for (int i = 0; i < WORKERS; i++)
		pthread_join(workers[i], NULL);
	printf("handled %u signals\n", atomic_load(&handled));
	return 0;
}
