/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Who waits for whom: for each thread that sleeps on a futex the word, what it is, and the thread that
 * has it, if it is a lock whose owner can be told:
 *
 *	a lock of the world, which keeps its owner (stress/lock.h)
 *	a pthread_mutex_t of glibc, which keeps its owner's thread id 8 bytes behind the word
 *	a priority-inheritance futex, whose word is its owner's thread id (futex(2))
 */
#ifndef HUPSTORM_RUNNERS_WAITS_H
#define HUPSTORM_RUNNERS_WAITS_H

#include "snapshot.h"

struct wait_edge {
	uint32_t tid;
	uint64_t address;	   /* of the word */
	uint32_t value;		   /* in it; what it was when it was read */
	uint32_t owner;		   /* thread id; 0: nobody, or nobody knows */
	bool in_cycle;		   /* it waits, at last, for itself */
	char what[WORD_NAME_SIZE]; /* "the scheduler's lock", "a mutex", "a futex" */
};

struct waits {
	size_t count;
	struct wait_edge edges[THREADS_MAX];
};

/* Of the threads in the snapshot, whose world (NULL: they have none) is in `memory`, mapped at the same
 * address there. Reads the memory of their processes: the permission to trace them is needed. */
void waits_find(const void *memory, size_t size, const struct snapshot *snapshot,
	struct waits *waits);

#endif
