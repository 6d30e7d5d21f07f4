/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The atomic words that threads of a world share.
 *
 * This is half of the seam (os.h is the other): the runtime touches a word that another
 * thread may touch only through these functions, so that a second build can turn each of
 * them into a scheduling point. In this build they are C11 atomics and nothing else.
 *
 * Each call names its memory order, and the place that calls it says what the order pairs
 * with. None of them blocks; all are async-signal-safe.
 */
#ifndef HUPSTORM_STRESS_ATOMIC_H
#define HUPSTORM_STRESS_ATOMIC_H

#include <stdatomic.h>
#include <stdbool.h>
#include <stdint.h>

#define os_inline static inline __attribute__((always_inline))

/* A word that takes part in a protocol: every access is a scheduling point. */
typedef struct os_word {
	_Atomic uint32_t value;
} os_word;

/* In a simulated world (sim/machine.h), a point; in this build, nothing. */
#ifdef HUPSTORM_SIMULATED
#include "sim/point.h"
#else
#define os_point(operation, word, value, expected, order) ((void)0)

os_inline bool os_compare_exchange(
	os_word *word, uint32_t expected, uint32_t desired, memory_order order)
{
	return atomic_compare_exchange_strong_explicit(&word->value, &expected, desired,
		order,
		order == memory_order_seq_cst ? memory_order_seq_cst
					      : memory_order_relaxed);
}
#endif

/* A statistic: relaxed, never decides anything in the runtime, never a scheduling point.
 */
typedef struct os_counter {
	_Atomic uint64_t value;
} os_counter;

os_inline uint32_t os_load(const os_word *word, memory_order order)
{
	os_point(SIM_OP_LOAD, word, 0, 0, order);
	return atomic_load_explicit(&word->value, order);
}

/* For oracles alone: a look that is no part of any protocol and no scheduling point. */
os_inline uint32_t os_peek(const os_word *word)
{
	return atomic_load_explicit(&word->value, memory_order_relaxed);
}

os_inline void os_store(os_word *word, uint32_t value, memory_order order)
{
	os_point(SIM_OP_STORE, word, value, 0, order);
	atomic_store_explicit(&word->value, value, order);
}

os_inline uint32_t os_exchange(os_word *word, uint32_t value, memory_order order)
{
	os_point(SIM_OP_EXCHANGE, word, value, 0, order);
	return atomic_exchange_explicit(&word->value, value, order);
}

/* True if the word held `expected` and now holds `desired`. A failure orders nothing more
 * than a relaxed load, or as a seq_cst load if `order` is that. Never fails spuriously. */
os_inline bool os_cas(
	os_word *word, uint32_t expected, uint32_t desired, memory_order order)
{
	os_point(SIM_OP_CAS, word, desired, expected, order);
	return os_compare_exchange(word, expected, desired, order);
}

/* These return the value from before. */
os_inline uint32_t os_add(os_word *word, uint32_t amount, memory_order order)
{
	os_point(SIM_OP_ADD, word, amount, 0, order);
	return atomic_fetch_add_explicit(&word->value, amount, order);
}

os_inline uint32_t os_sub(os_word *word, uint32_t amount, memory_order order)
{
	os_point(SIM_OP_SUB, word, amount, 0, order);
	return atomic_fetch_sub_explicit(&word->value, amount, order);
}

/* Add, and let the value from before be nobody's business: two of these commute. */
os_inline void os_bump(os_word *word, int32_t amount, memory_order order)
{
	os_point(SIM_OP_BUMP, word, (uint32_t)amount, 0, order);
	atomic_fetch_add_explicit(&word->value, (uint32_t)amount, order);
}

os_inline uint32_t os_or(os_word *word, uint32_t bits, memory_order order)
{
	os_point(SIM_OP_OR, word, bits, 0, order);
	return atomic_fetch_or_explicit(&word->value, bits, order);
}

os_inline uint32_t os_and(os_word *word, uint32_t bits, memory_order order)
{
	os_point(SIM_OP_AND, word, bits, 0, order);
	return atomic_fetch_and_explicit(&word->value, bits, order);
}

os_inline void os_count(os_counter *counter, uint64_t amount)
{
	atomic_fetch_add_explicit(&counter->value, amount, memory_order_relaxed);
}

os_inline uint64_t os_counted(const os_counter *counter)
{
	return atomic_load_explicit(&counter->value, memory_order_relaxed);
}

os_inline void os_counter_set(os_counter *counter, uint64_t value)
{
	atomic_store_explicit(&counter->value, value, memory_order_relaxed);
}

/* For a counter that only one thread, and no handler on it, ever writes. */
os_inline void os_count_own(os_counter *counter, uint64_t amount)
{
	os_counter_set(counter, os_counted(counter) + amount);
}

#endif
