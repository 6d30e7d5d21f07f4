/* SPDX-License-Identifier: BSD-2-Clause */
#include "program_child.h"

#include "fresh.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <unistd.h>

enum trouble { TROUBLE_NONE, TROUBLE_PIN, TROUBLE_SANDBOX, TROUBLE_EXECUTE, TROUBLES };

enum { EXIT_TROUBLE = 71 };

/* All that the placement has: which of its threads is which only the program knows. */
static hwloc_bitmap_t all_sets(const struct placement *placement)
{
	hwloc_bitmap_t all = hwloc_bitmap_alloc();

	for (size_t i = 0; all && i < placement->count; i++)
		hwloc_bitmap_or(all, all, placement->sets[i]);
	return all;
}

static int pin(const struct program_child *child)
{
	hwloc_bitmap_t all;
	int error = 0;

	if (!child->placement->count)
		return 0;
	all = all_sets(child->placement);
	if (!all)
		return -ENOMEM;
	if (hwloc_set_cpubind(child->settings->placements->topology, all,
		    HWLOC_CPUBIND_PROCESS | HWLOC_CPUBIND_STRICT))
		error = -errno;
	hwloc_bitmap_free(all);
	return error;
}

static _Noreturn void give_up(
	const struct program_child *child, enum trouble trouble, int error)
{
	os_store(&child->page->error, (uint32_t)error, memory_order_relaxed);
	os_store(&child->page->trouble, trouble, memory_order_relaxed);
	_exit(EXIT_TROUBLE);
}

/* Out of the way of the descriptor that the program is to have, which is below. */
static int move_up(int descriptor)
{
	int moved = fcntl(descriptor, F_DUPFD_CLOEXEC, 256);

	return moved < 0 ? descriptor : moved;
}

static void detach(struct program_child *child)
{
	struct rlimit none = { 0, 0 };
	int null = open("/dev/null", O_RDWR), number = child->plan->descriptor;
	int kept[2] = { child->handover = move_up(child->handover), -1 };
	sigset_t empty;

	prctl(PR_SET_PDEATHSIG, SIGKILL, 0, 0, 0);
	if (getppid() != child->parent)
		_exit(EXIT_TROUBLE);
	setsid();
	setrlimit(RLIMIT_CORE, &none);
	dup2(null, STDIN_FILENO);
	dup2(child->output, STDOUT_FILENO);
	dup2(child->output, STDERR_FILENO);
	if (child->marks >= 0 && child->marks != number)
		dup2(child->marks, number);
	else if (child->marks >= 0)
		fcntl(number, F_SETFD, 0);
	kept[1] = child->marks >= 0 ? number : -1;
	fresh_descriptors(kept, 2);
	fresh_signals();
	sigemptyset(&empty);
	sigprocmask(SIG_SETMASK, &empty, NULL);
}

/* Go catches nearly every signal from its start, and dies of those that the program has not asked for, but
 * for these two if they were ignored before. */
static void ignore_until_asked_for(const struct program_plan *plan)
{
	if (!plan->is_go)
		return;
	signal(SIGHUP, SIG_IGN);
	signal(SIGINT, SIG_IGN);
}

static int enter_filter(const struct program_child *child)
{
	const struct filter_plan plan = { .sandboxed = child->settings->sandboxed,
		.processes = true,
		.perturbation = &child->perturbation,
		.handover = child->handover };

	return filter_is_any(&plan) ? filter_enter(&plan) : 0;
}

/* A Go program that is asked by SIGQUIT tells of all its goroutines. */
void program_child_run(struct program_child *child)
{
	int error;

	detach(child);
	ignore_until_asked_for(child->plan);
	setenv("GOTRACEBACK", "all", 0);
	error = pin(child);
	if (error)
		give_up(child, TROUBLE_PIN, -error);
	error = enter_filter(child);
	if (error)
		give_up(child, TROUBLE_SANDBOX, -error);
	execvp(child->plan->command[0], child->plan->command);
	give_up(child, TROUBLE_EXECUTE, errno);
}

bool program_child_explain(const struct program_page *page, char *reason, size_t size)
{
	static const char *const what[TROUBLES] = {
		[TROUBLE_PIN] = "cannot pin it",
		[TROUBLE_SANDBOX] = "no seccomp filter (--no-sandbox runs it without)",
		[TROUBLE_EXECUTE] = "cannot be executed",
	};
	uint32_t trouble = os_load(&page->trouble, memory_order_relaxed);

	if (trouble == TROUBLE_NONE || trouble >= TROUBLES)
		return false;
	snprintf(reason, size, "%s: %s", what[trouble],
		strerror((int)os_load(&page->error, memory_order_relaxed)));
	return true;
}
