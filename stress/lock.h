/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * A lock: the three-state futex mutex of Drepper, "Futexes Are Tricky" (2011), mutex 2,
 * with a little spinning.
 *
 * It keeps its owner beside the word, for whoever has to draw who waits for whom. A
 * thread that holds a lock may take signals: no handler of ours ever takes a lock or
 * waits for anybody.
 */
#ifndef HUPSTORM_STRESS_LOCK_H
#define HUPSTORM_STRESS_LOCK_H

#include "os.h"

struct lock {
	os_word state;
	os_word owner; /* thread id + 1; 0 for nobody */
};

/* Blocks until the lock is the caller's. Not recursive. Not for handlers. */
void lock_acquire(struct lock *lock);

/* Fatal if the lock is not the caller's. Never blocks. */
void lock_release(struct lock *lock);

#endif
