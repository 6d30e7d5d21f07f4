/* SPDX-License-Identifier: BSD-2-Clause */
#include "inside.h"

#include "fresh.h"

#include <errno.h>
#include <fcntl.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <unistd.h>

static _Noreturn void give_up(struct inside *inside, enum trouble trouble, int error)
{
	if (os_cas(&inside->page->trouble, TROUBLE_NONE, trouble, memory_order_relaxed))
		os_store(&inside->page->error, (uint32_t)-error, memory_order_relaxed);
	_exit(EXIT_TROUBLE);
}

static _Thread_local uint32_t own_number;

/* On each thread of the cell before it takes its first signal. */
static void place_thread(const char *name, void *argument)
{
	struct inside *inside = argument;
	struct cell_page *page = inside->page;
	uint32_t number = os_add(&page->births, 1, memory_order_relaxed);
	struct thread_number *entry = &page->threads[number % THREADS_MAX];
	enum storm_party party = storm_party_of(&inside->plan, name);
	int error = placement_bind(inside->placements, inside->placement, number, party);

	if (error)
		give_up(inside, TROUBLE_PLACEMENT, error);
	own_number = number;
	os_store(&entry->number, number, memory_order_relaxed);
	os_store(&entry->party, party, memory_order_relaxed);
	os_store(&entry->tid, (uint32_t)gettid(), memory_order_relaxed);
}

/* The audit only sees who is alive then: senders are not. */
static void check_place(const char *name, void *argument)
{
	const struct inside *inside = argument;
	int pu = sched_getcpu();

	if (pu >= 0 && !placement_has(inside->placement, own_number,
			       storm_party_of(&inside->plan, name), (unsigned)pu))
		os_add(&inside->page->strayed, 1, memory_order_relaxed);
}

bool inside_thread_number(const struct cell_page *page, uint32_t tid, uint32_t *number,
	enum storm_party *party)
{
	bool found = false;

	for (size_t i = 0; i < THREADS_MAX; i++) {
		const struct thread_number *entry = &page->threads[i];
		uint32_t candidate = os_load(&entry->number, memory_order_relaxed);

		/* A tid comes back in time; the later birth counts. */
		if (os_load(&entry->tid, memory_order_relaxed) != tid ||
			(found && candidate < *number))
			continue;
		*number = candidate;
		*party = os_load(&entry->party, memory_order_relaxed);
		found = true;
	}
	return found;
}

static void await_audit(void *argument)
{
	const struct inside *inside = argument;
	uint64_t value = 1;
	ssize_t result;

	if (write(inside->audit_wanted, &value, sizeof value) < 0)
		return;
	do {
		result = read(inside->audit_done, &value, sizeof value);
	} while (result < 0 && errno == EINTR);
}

/* Let the parent see it all before the process ends. It may be long in coming, but if it has died this
 * process is killed. Async-signal-safe. */
static void await_look(void *argument)
{
	const struct inside *inside = argument;
	uint64_t value = 1;
	ssize_t result;

	os_store(&inside->page->dying, 1, memory_order_release);
	if (write(inside->audit_wanted, &value, sizeof value) < 0)
		return;
	do {
		result = read(inside->death_seen, &value, sizeof value);
	} while (result < 0 && errno == EINTR);
}

static struct inside *ourselves;

/* Then it goes on to what would have happened. */
static void look_at_crash(int signal)
{
	(void)signal;
	await_look(ourselves);
}

/* Signals that nobody sends. */
static void watch_crashes(struct inside *inside)
{
	static const int signals[] = { SIGSEGV, SIGBUS, SIGILL, SIGFPE };
	struct sigaction action = { .sa_handler = look_at_crash,
		.sa_flags = SA_RESETHAND };

	ourselves = inside;
	sigfillset(&action.sa_mask);
	for (size_t i = 0; i < sizeof signals / sizeof signals[0]; i++)
		sigaction(signals[i], &action, NULL);
}

/* Its own session, no terminal, nothing of the parent's but what it needs; and it does
 * not outlive it. */
static void detach(struct inside *inside)
{
	struct rlimit none = { 0, 0 };
	const int kept[] = { inside->audit_wanted, inside->audit_done, inside->death_seen,
		inside->handover };
	int null = open("/dev/null", O_RDWR);

	prctl(PR_SET_PDEATHSIG, SIGKILL, 0, 0, 0);
	if (getppid() != inside->parent)
		_exit(EXIT_TROUBLE);
	setsid();
	setrlimit(RLIMIT_CORE, &none);
	/* As after ulimit -i 0: who would build on real-time signals has to live with a
	 * kernel that refuses them. */
	setrlimit(RLIMIT_SIGPENDING, &none);
	dup2(null, STDIN_FILENO);
	dup2(null, STDOUT_FILENO);
	dup2(inside->last_words, STDERR_FILENO);
	fresh_descriptors(kept, sizeof kept / sizeof kept[0]);
}

static void enter_filter(struct inside *inside)
{
	const struct filter_plan plan = { .sandboxed = inside->sandboxed,
		.processes = inside->processes,
		.perturbation = &inside->perturbation,
		.handover = inside->handover };
	int error = filter_is_any(&plan) ? filter_enter(&plan) : 0;

	if (error)
		give_up(inside, TROUBLE_SANDBOX, error);
	close(inside->handover);
}

void inside_run(struct inside *inside)
{
	struct storm_audit audit = { await_audit, inside };
	int error;

	detach(inside);
	fresh_signals();
	if (inside->evidence) {
		watch_crashes(inside);
		inside->config.before_death = await_look;
		inside->config.before_death_argument = inside;
	}
	storm_prepare(&inside->plan);
	inside->config.on_thread_start = place_thread;
	inside->config.on_thread_start_argument = inside;
	inside->config.on_thread_end = check_place;
	inside->config.on_thread_end_argument = inside;
	enter_filter(inside);
	error = storm_run(inside->subject, &inside->config, &inside->plan,
		&inside->page->progress, &audit);
	if (error)
		give_up(inside, TROUBLE_START, error);
	_exit(0);
}

enum verdict inside_explain(const struct cell_page *page, char *reason, size_t size)
{
	int error = (int)os_load(&page->error, memory_order_relaxed);

	switch ((enum trouble)os_load(&page->trouble, memory_order_relaxed)) {
	case TROUBLE_SANDBOX:
		snprintf(reason, size,
			"no seccomp filter: %s (--no-sandbox runs the cell without)",
			strerror(error));
		return VERDICT_SKIPPED;
	case TROUBLE_PLACEMENT:
		snprintf(reason, size, "cannot pin a thread: %s", strerror(error));
		return error == EXDEV ? VERDICT_INVALID : VERDICT_SKIPPED;
	case TROUBLE_START:
		snprintf(reason, size, "cannot start the storm: %s", strerror(error));
		return VERDICT_INVALID;
	default:
		snprintf(reason, size, "the child gave up without a reason");
		return VERDICT_INVALID;
	}
}
