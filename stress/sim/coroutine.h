/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Stacks to run on, and the switch between them.
 *
 * On x86-64, aarch64 and 64-bit POWER the switch saves what the calling convention says a
 * call preserves, and nothing else; elsewhere it is ucontext's, which is right and slow, and so it is with the address
 * sanitizer, which has marks of its own on each stack.
 */
#ifndef HUPSTORM_STRESS_SIM_COROUTINE_H
#define HUPSTORM_STRESS_SIM_COROUTINE_H

#include <stddef.h>

#ifdef __has_feature
#if __has_feature(address_sanitizer)
#define COROUTINE_IS_POISONED
#endif
#elif defined(__SANITIZE_ADDRESS__)
#define COROUTINE_IS_POISONED
#endif

/* The stack of a coroutine that does not run begins at its stack_pointer, and may be copied. */
#if !defined(COROUTINE_IS_POISONED) &&                                                   \
	(defined(__x86_64__) || defined(__aarch64__) || defined(__powerpc64__))
#define COROUTINE_SHOWS_STACK 1
#else
#define COROUTINE_SHOWS_STACK 0
#include <ucontext.h>
#endif

struct coroutine {
#if COROUTINE_SHOWS_STACK
	void *stack_pointer;
#else
	ucontext_t context;
#endif
};

/* Make the coroutine begin in entry() on that stack; entry never returns. */
void coroutine_prepare(
	struct coroutine *coroutine, void *stack, size_t size, void (*entry)(void));

/* Save where the caller is in `from`, and go on where `to` was saved. */
#if COROUTINE_SHOWS_STACK
void coroutine_swap_stack(void **from, void *to);

static inline __attribute__((always_inline)) void coroutine_switch(
	struct coroutine *from, struct coroutine *to)
{
	coroutine_swap_stack(&from->stack_pointer, to->stack_pointer);
}

/* Where the stack of one that does not run begins. */
static inline char *coroutine_stack(const struct coroutine *coroutine)
{
	return coroutine->stack_pointer;
}
#else
void coroutine_switch(struct coroutine *from, struct coroutine *to);

/* Nobody knows. */
static inline char *coroutine_stack(const struct coroutine *coroutine)
{
	(void)coroutine;
	return NULL;
}
#endif

#endif
