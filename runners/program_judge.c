/* SPDX-License-Identifier: BSD-2-Clause */
#include "program_judge.h"

#include "call.h"
#include "conduct.h"
#include "line.h"

#include <dirent.h>
#include <seccomp.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>

enum { CALLS_NAMED = 4 };

static bool sleeps(const struct conduct *c, bool service)
{
	if (c->after->state != 'S')
		return false;
	return service || (!c->run && !c->switches && !c->after->timed);
}

/* Of the first process, whose signals are those of the snapshot's first threads. */
static bool signal_is_stuck(const struct snapshot *s)
{
	uint64_t stuck = s->shared_pending;

	for (uint32_t i = 0; i < s->count; i++) {
		const struct thread_sample *thread = &s->threads[i];

		if (thread->pending & thread->blocked & thread->caught)
			return true;
		stuck &= thread->blocked;
	}
	return s->count && (stuck & s->threads[0].caught);
}

struct window judge_program(const struct snapshot *before, const struct snapshot *after,
	service_question *is_service, void *argument)
{
	struct window window = { .kind = WINDOW_ASLEEP };
	bool ran = false;

	/* Somebody was born, or has gone. */
	if (before->count != after->count)
		return (struct window){ .kind = WINDOW_UNCLEAR };
	for (uint32_t i = 0; i < after->count; i++) {
		struct conduct c;
		bool service;

		if (!conduct_observe(before, after, i, &c))
			return (struct window){ .kind = WINDOW_UNCLEAR };
		window.cpu += c.run;
		window.switches += c.switches;
		if (conduct_is_stopped(&c) || conduct_is_starved(&c)) {
			window.kind =
				conduct_is_stopped(&c) ? WINDOW_STOPPED : WINDOW_STARVED;
			window.culprit = c.after->tid;
			return window;
		}
		if (sleeps(&c, false))
			continue;
		service = is_service && is_service(argument, c.after->tid);
		ran |= !service && (c.run || c.switches);
		if (!sleeps(&c, service))
			window.kind = WINDOW_UNCLEAR;
	}
	if (window.kind == WINDOW_UNCLEAR && ran)
		window.kind = WINDOW_BUSY;
	else if (window.kind == WINDOW_ASLEEP && signal_is_stuck(before) &&
		 signal_is_stuck(after))
		window.kind = WINDOW_LOST;
	return window;
}

static uint32_t count_in(const struct snapshot *s, uint32_t first)
{
	uint32_t count = 0;

	for (uint32_t i = 0; i < s->count; i++) {
		if (s->threads[i].call != s->threads[first].call)
			continue;
		if (i < first)
			return 0;
		count++;
	}
	return count;
}

void program_describe(const struct snapshot *snapshot, char *text, size_t size)
{
	struct line line = { .text = text, .size = size };
	unsigned named = 0;

	*text = '\0';
	line_add(&line, "%u thread%s", snapshot->count, snapshot->count == 1 ? "" : "s");
	for (uint32_t i = 0; i < snapshot->count && named < CALLS_NAMED; i++) {
		uint32_t count = count_in(snapshot, i);
		char name[CALL_NAME_SIZE];

		if (!count)
			continue;
		line_add(&line, "%s%u in %s", named++ ? ", " : ": ", count,
			call_name(snapshot->threads[i].call, name));
	}
}

static bool waits_for_descriptors(long call)
{
	static const int calls[] = { SCMP_SYS(read), SCMP_SYS(readv), SCMP_SYS(recvfrom),
		SCMP_SYS(recvmsg), SCMP_SYS(accept), SCMP_SYS(accept4), SCMP_SYS(poll),
		SCMP_SYS(ppoll), SCMP_SYS(select), SCMP_SYS(pselect6),
		SCMP_SYS(epoll_wait), SCMP_SYS(epoll_pwait), SCMP_SYS(epoll_pwait2) };

	for (size_t i = 0; i < sizeof calls / sizeof calls[0]; i++)
		if (call >= 0 && calls[i] == call)
			return true;
	return false;
}

static bool waits_for_signals(long call)
{
	return call >= 0 && (call == SCMP_SYS(pause) || call == SYS_rt_sigsuspend ||
				    call == SYS_rt_sigtimedwait);
}

static bool somebody(const struct snapshot *s, bool (*question)(long call))
{
	for (uint32_t i = 0; i < s->count; i++)
		if (question(s->threads[i].call))
			return true;
	return false;
}

/* A descriptor through which something from outside may come; what it is, or NULL. */
static const char *outside_of(const char *link)
{
	if (!strncmp(link, "socket:", 7))
		return "a socket";
	if (!strcmp(link, "anon_inode:[timerfd]"))
		return "a timer";
	if (!strcmp(link, "anon_inode:inotify") || !strcmp(link, "inotify"))
		return "a watched file";
	if (!strncmp(link, "/dev/tty", 8) || !strncmp(link, "/dev/pts/", 9))
		return "a terminal";
	return NULL;
}

static const char *find_outside(pid_t pid)
{
	const char *found = NULL;
	struct dirent *entry;
	char path[64];
	DIR *folder;

	snprintf(path, sizeof path, "/proc/%d/fd", (int)pid);
	folder = opendir(path);
	while (folder && !found && (entry = readdir(folder))) {
		char link[128];
		ssize_t length =
			readlinkat(dirfd(folder), entry->d_name, link, sizeof link - 1);

		link[length > 0 ? length : 0] = '\0';
		found = outside_of(link);
	}
	if (folder)
		closedir(folder);
	return found;
}

/* POSIX timers are listed; an interval timer shows in nothing but that its signal is caught. */
static bool has_timers(pid_t pid, const struct snapshot *s)
{
	const uint64_t alarms = UINT64_C(1) << (SIGALRM - 1);
	char path[64];
	FILE *file;
	int first;

	if (s->count && (s->threads[0].caught & alarms) && somebody(s, waits_for_signals))
		return true;
	snprintf(path, sizeof path, "/proc/%d/timers", (int)pid);
	file = fopen(path, "re");
	if (!file)
		return false;
	first = getc(file);
	fclose(file);
	return first != EOF;
}

bool program_can_be_woken(pid_t pid, const struct snapshot *snapshot, char *why)
{
	const char *outside = NULL;

	if (somebody(snapshot, waits_for_descriptors))
		outside = find_outside(pid);
	if (!outside && has_timers(pid, snapshot))
		outside = "a timer's signal";
	snprintf(why, WHY_WOKEN_SIZE, "%s", outside ? outside : "");
	return outside;
}
