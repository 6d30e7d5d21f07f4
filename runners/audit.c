/* SPDX-License-Identifier: BSD-2-Clause */
#include "audit.h"

#include "stress/oracles.h"

#include <errno.h>
#include <inttypes.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* The C library's own signals may be blocked by whoever makes a thread; no storm touches
 * them. */
static const uint64_t ours = ~(UINT64_C(7) << (32 - 1));

static int complain(char *complaint, size_t size, enum oracle_id oracle, const char *what,
	uint32_t tid, uint64_t signals)
{
	snprintf(complaint, size, "%s: thread with tid %u %s %#" PRIx64,
		oracle_info(oracle)->name, tid, what, signals);
	return -EBADMSG;
}

/* ThreadSanitizer has a thread of its own in every process, which takes no part: it
 * blocks what storms send. */
static bool is_foreign(const struct snapshot *s, const struct thread_sample *thread)
{
	return OS_SIGNALS_ARE_PUT_OFF && !snapshot_view(s, thread->tid) &&
	       thread->blocked >> (OS_SIGNAL_HANGUP - 1) & 1;
}

/* `blocked` is the mask that every thread should have. */
static int check_thread(const struct snapshot *s, const struct thread_sample *thread,
	uint64_t blocked, char *complaint, size_t size)
{
	if (is_foreign(s, thread))
		return 0;
	if (!snapshot_view(s, thread->tid))
		return complain(complaint, size, ORACLE_THREADS,
			"is on no list, its mask is", thread->tid, thread->blocked);
	if (thread->pending & ~blocked)
		return complain(complaint, size, ORACLE_PENDING, "has pending",
			thread->tid, thread->pending);
	if ((thread->blocked & ours) != blocked)
		return complain(complaint, size, ORACLE_MASKS, "blocks", thread->tid,
			thread->blocked);
	return 0;
}

static int check(const struct snapshot *s, uint64_t blocked,
	const struct fault_set *faults, uint32_t *checked, char *complaint, size_t size)
{
	int error = 0;

	for (uint32_t i = 0; i < s->view.thread_count; i++) {
		const struct thread_view *view = &s->view.threads[i];

		if (!snapshot_thread(s, view->tid))
			return complain(complaint, size, ORACLE_THREADS,
				"is on the list and not in the kernel; index", view->tid,
				view->index);
	}
	if (s->shared_pending & ~blocked)
		return complain(complaint, size, ORACLE_PENDING,
			"shares what is pending for the process:", s->threads[0].tid,
			s->shared_pending);
	*checked = 0;
	for (uint32_t i = 0; i < s->count && !error; i++) {
		if (faults->on[FAULT_AUDITS_LEADER_ONLY] && i)
			break;
		error = check_thread(s, &s->threads[i], blocked, complaint, size);
		*checked += snapshot_view(s, s->threads[i].tid) != NULL;
	}
	return error;
}

/* Not every kernel says; then it is 0. */
static uint64_t migrations_of(pid_t pid, uint32_t tid)
{
	char path[96], line[256];
	uint64_t migrations = 0;
	FILE *file;

	snprintf(path, sizeof path, "/proc/%d/task/%u/sched", (int)pid, tid);
	file = fopen(path, "re");
	if (!file)
		return 0;
	while (fgets(line, sizeof line, file)) {
		const char *colon = strchr(line, ':');

		if (colon && !strncmp(line, "se.nr_migrations", 16))
			migrations = strtoull(colon + 1, NULL, 10);
	}
	fclose(file);
	return migrations;
}

static void add_up(struct audit *audit, pid_t pid, const struct snapshot *s)
{
	audit->threads = s->view.thread_count;
	for (uint32_t i = 0; i < s->count; i++) {
		audit->run_delay += s->threads[i].delay;
		audit->migrations += migrations_of(pid, s->threads[i].tid);
	}
}

int audit_cell(pid_t pid, const void *memory, size_t memory_size, uint64_t blocked,
	const struct fault_set *faults, uint64_t deadline, struct snapshot *snapshot,
	struct audit *audit, char *complaint, size_t size)
{
	int error;

	*audit = (struct audit){ 0 };
	for (;;) {
		error = snapshot_take(snapshot, pid, memory, memory_size);
		if (error)
			return error;
		error = check(
			snapshot, blocked, faults, &audit->checked, complaint, size);
		if (!error || os_now() > deadline)
			break;
		/* Nothing tells when a thread is gone from the kernel but looking again.
		 */
		poll(NULL, 0, 1);
	}
	if (!error)
		add_up(audit, pid, snapshot);
	return error;
}
