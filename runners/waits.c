/* SPDX-License-Identifier: BSD-2-Clause */
#include "waits.h"

#include <linux/futex.h>
#include <stdio.h>
#include <string.h>
#include <sys/syscall.h>
#include <sys/uio.h>

/* Where __owner is behind __lock in glibc's pthread_mutex_t. */
enum { WORDS = 3, GLIBC_OWNER = 2 };

static bool read_words(uint32_t tid, uint64_t address, uint32_t words[WORDS])
{
	struct iovec here = { words, WORDS * sizeof *words };
	struct iovec there = { (void *)(uintptr_t)address, WORDS * sizeof *words };

	memset(words, 0, WORDS * sizeof *words);
	return process_vm_readv((pid_t)tid, &here, 1, &there, 1, 0) ==
	       (ssize_t)(WORDS * sizeof *words);
}

static bool is_thread(const struct snapshot *s, uint32_t tid)
{
	return tid && snapshot_thread(s, tid);
}

static uint32_t tid_of(const struct snapshot *s, uint32_t index)
{
	for (uint32_t i = 0; i < s->view.thread_count; i++)
		if (s->view.threads[i].index == index)
			return s->view.threads[i].tid;
	return 0;
}

static void name_foreign(
	const struct snapshot *s, const uint32_t words[WORDS], struct wait_edge *edge)
{
	uint32_t holder = words[0] & FUTEX_TID_MASK;

	if (is_thread(s, words[GLIBC_OWNER]) && words[0]) {
		edge->owner = words[GLIBC_OWNER];
		snprintf(edge->what, sizeof edge->what, "a mutex");
	} else if (words[0] & FUTEX_WAITERS && is_thread(s, holder)) {
		edge->owner = holder;
		snprintf(edge->what, sizeof edge->what, "a futex with an owner");
	} else {
		snprintf(edge->what, sizeof edge->what, "a futex");
	}
}

static struct wait_edge *edge_of(struct waits *waits, uint32_t tid)
{
	for (size_t i = 0; i < waits->count; i++)
		if (waits->edges[i].tid == tid)
			return &waits->edges[i];
	return NULL;
}

/* Each waits for one at most, so a chain that is longer than there are edges goes round. */
static void find_cycles(struct waits *waits)
{
	for (size_t i = 0; i < waits->count; i++) {
		const struct wait_edge *edge = &waits->edges[i];

		for (size_t k = 0; edge && edge->owner && k < waits->count; k++) {
			if (edge->owner == waits->edges[i].tid) {
				waits->edges[i].in_cycle = true;
				break;
			}
			edge = edge_of(waits, edge->owner);
		}
	}
}

void waits_find(const void *memory, size_t size, const struct snapshot *snapshot,
	struct waits *waits)
{
	waits->count = 0;
	for (uint32_t i = 0; i < snapshot->count; i++) {
		const struct thread_sample *thread = &snapshot->threads[i];
		struct wait_edge *edge = &waits->edges[waits->count];
		uint32_t words[WORDS], owner;

		if (thread->call != SYS_futex)
			continue;
		*edge = (struct wait_edge){ .tid = thread->tid,
			.address = thread->futex };
		if (!read_words(thread->tid, edge->address, words))
			snprintf(edge->what, sizeof edge->what, "a futex");
		else if (memory && world_inspect_word(memory, size,
					   (const void *)(uintptr_t)edge->address,
					   edge->what, &owner))
			edge->owner = tid_of(snapshot, owner);
		else
			name_foreign(snapshot, words, edge);
		edge->value = words[0];
		waits->count++;
	}
	find_cycles(waits);
}
