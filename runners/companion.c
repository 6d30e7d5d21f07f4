/* SPDX-License-Identifier: BSD-2-Clause */
#include "companion.h"

#include "fresh.h"
#include "kill.h"
#include "snapshot.h"

#include <dirent.h>
#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#define CAUGHT_EVERY (10 * OS_MILLISECOND)

enum { ROTATION_MAX = 1024 };

struct sender {
	pid_t program;
	int pidfd, socket;
	const struct storm_outside *storm;
	struct companion_page *page;
	uint64_t next[STREAMS_MAX]; /* when each is due */
	uint64_t looked;	    /* when what follows was found out */
	uint64_t caught;
	size_t thread_count, turn;
	pid_t threads[ROTATION_MAX];
};

static void list_threads(struct sender *s)
{
	struct dirent *entry;
	char path[64];
	DIR *tasks;

	snprintf(path, sizeof path, "/proc/%d/task", (int)s->program);
	tasks = opendir(path);
	s->thread_count = 0;
	while (tasks && s->thread_count < ROTATION_MAX && (entry = readdir(tasks))) {
		pid_t tid = (pid_t)strtol(entry->d_name, NULL, 10);

		if (tid > 0)
			s->threads[s->thread_count++] = tid;
	}
	if (tasks)
		closedir(tasks);
}

static void look(struct sender *s, uint64_t now)
{
	struct thread_sample leader;

	if (now - s->looked < CAUGHT_EVERY)
		return;
	s->looked = now;
	s->caught = thread_usage(s->program, (uint32_t)s->program, &leader)
			    ? leader.caught
			    : 0;
	list_threads(s);
}

static bool send_one(struct sender *s, const struct stream *stream)
{
	pid_t thread = s->program;

	if (!(s->caught >> (stream->signal - 1) & 1))
		return false;
	if (stream->target == STREAM_PROCESS)
		return !syscall(SYS_pidfd_send_signal, s->pidfd, stream->signal, NULL, 0);
	if (stream->target == STREAM_ROTATE && s->thread_count)
		thread = s->threads[s->turn++ % s->thread_count];
	return !syscall(SYS_tgkill, s->program, thread, stream->signal);
}

/* Send what is due. What could not be sent in time is not made up for. Returns when the next is
 * due. */
static uint64_t send_due(struct sender *s, uint64_t now)
{
	bool rests = os_load(&s->page->rests, memory_order_relaxed);
	uint64_t soonest = now + CAUGHT_EVERY;

	for (size_t i = 0; i < s->storm->count; i++) {
		const struct stream *stream = &s->storm->streams[i];
		uint64_t period = OS_SECOND / stream->rate;

		if (now >= s->next[i]) {
			if (!rests && send_one(s, stream))
				os_count(&s->page->sent[i], 1);
			s->next[i] = s->next[i] + period > now ? s->next[i] + period
							       : now + period;
		}
		if (s->next[i] < soonest)
			soonest = s->next[i];
	}
	return soonest;
}

/* What is left when our parent has died. */
static void kill_program(const struct sender *s)
{
	kill_cell(s->pidfd, s->program);
	kill_leftovers(s->program);
}

static _Noreturn void serve(struct sender *s)
{
	struct pollfd parent = { .fd = s->socket, .events = POLLIN };
	uint64_t due = 0;

	for (;;) {
		uint64_t now = os_now();
		uint64_t wait = due > now ? due - now : 0;
		struct timespec time = { (time_t)(wait / OS_SECOND),
			(long)(wait % OS_SECOND) };

		ppoll(&parent, 1, s->storm->count ? &time : NULL, NULL);
		if (parent.revents) {
			char word;

			if (read(s->socket, &word, 1) != 1)
				kill_program(s);
			_exit(0);
		}
		look(s, os_now());
		due = send_due(s, os_now());
	}
}

/* Its own session: what a terminal sends to ours is not for it. */
static _Noreturn void become(struct sender *s)
{
	const int kept[] = { s->socket, s->pidfd };
	sigset_t none;

	setsid();
	fresh_descriptors(kept, sizeof kept / sizeof kept[0]);
	fresh_signals();
	sigemptyset(&none);
	sigprocmask(SIG_SETMASK, &none, NULL);
	serve(s);
}

int companion_start(struct companion *companion, pid_t program, int pidfd,
	const struct storm_outside *storm, struct companion_page *page)
{
	struct sender sender = {
		.program = program, .pidfd = pidfd, .storm = storm, .page = page
	};
	int ends[2];

	if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends))
		return -errno;
	sender.socket = ends[0];
	*companion = (struct companion){ .socket = ends[1], .page = page };
	companion->pid = fork();
	if (companion->pid == 0)
		become(&sender);
	close(ends[0]);
	if (companion->pid > 0)
		return 0;
	close(ends[1]);
	return -EAGAIN;
}

void companion_end(struct companion *companion)
{
	if (companion->pid <= 0)
		return;
	if (send(companion->socket, "", 1, MSG_NOSIGNAL) < 0)
		kill(companion->pid, SIGKILL);
	close(companion->socket);
	waitpid(companion->pid, NULL, 0);
	companion->pid = 0;
}
