/* SPDX-License-Identifier: BSD-2-Clause */
#include "anchor.h"

#include <stdio.h>
#include <string.h>

/* By which everybody waits: the runtime's own primitives, and the C library's. */
static const char *const primitives[] = { "syscall", "note_sleep", "note_sleep_until",
	"lock_acquire", "park", "park_with_slot", "os_futex_wait", "os_sleep",
	"os_sleep_until", "poll", "ppoll", "select", "pselect", "epoll_wait", "read",
	"write", "recv", "recvmsg", "accept", "sleep", "usleep", "nanosleep",
	"clock_nanosleep", "wait", "waitid", "waitpid", "wait3", "wait4", "sigsuspend",
	"sigwait", "pause" };

/* And the C library's own, however its version calls them. */
static const char *const prefixes[] = { "_", "pthread_", "sem_", "futex_", "lll_" };

static bool is_primitive(const char *function)
{
	for (size_t i = 0; i < sizeof primitives / sizeof primitives[0]; i++)
		if (!strcmp(function, primitives[i]))
			return true;
	for (size_t i = 0; i < sizeof prefixes / sizeof prefixes[0]; i++)
		if (!strncmp(function, prefixes[i], strlen(prefixes[i])))
			return true;
	return !*function;
}

/* The leader runs the cycles where there is no thread of its own for that. */
static uint32_t coordinator_of(const struct evidence *e)
{
	const struct world_view *view = &e->after.view;
	uint32_t leader = 0;

	for (uint32_t i = 0; e->has_world && i < view->thread_count; i++) {
		if (!strcmp(view->threads[i].name, "coordinator"))
			return view->threads[i].tid;
		if (!view->threads[i].index)
			leader = view->threads[i].tid;
	}
	return e->has_world || !e->after.count ? leader : e->after.threads[0].tid;
}

void anchor_of(const struct evidence *e, char anchor[ANCHOR_SIZE])
{
	uint32_t tid = e->has_after ? coordinator_of(e) : 0;
	const struct thread_sample *sample = tid ? snapshot_thread(&e->after, tid) : NULL;
	const struct stack *stack = tid ? stack_of(&e->stacks, tid) : NULL;

	*anchor = '\0';
	if (!stack || !sample || sample->state == 'R')
		return;
	for (uint32_t i = 0; i < stack->depth; i++) {
		const char *function = stack->frames[i].function;

		if (is_primitive(function))
			continue;
		snprintf(anchor, ANCHOR_SIZE, "%.*s", ANCHOR_SIZE - 1, function);
		return;
	}
}
