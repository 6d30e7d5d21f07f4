/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The stacks of all threads of a process, with functions and lines, by elfutils' libdw.
 *
 * The processes descend from ours, and may be hung; one after the other is traced (ptrace(2)) while its stacks
 * are taken, and goes on afterwards. Nothing of it runs meanwhile.
 */
#ifndef HUPSTORM_RUNNERS_STACKS_H
#define HUPSTORM_RUNNERS_STACKS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

enum { STACK_DEPTH_MAX = 32, FUNCTION_SIZE = 64, PLACE_SIZE = 64, STACKS_MAX = 256 };

struct stack_frame {
	uint64_t pc;
	char function[FUNCTION_SIZE]; /* "" if nobody knows */
	char place[PLACE_SIZE];	      /* "file.c:123", or the name of the module, or "" */
};

struct stack {
	uint32_t tid;
	uint32_t depth;
	struct stack_frame frames[STACK_DEPTH_MAX]; /* the innermost first */
};

struct stacks {
	size_t count;
	struct stack *stacks; /* at most STACKS_MAX */
	char trouble[128];    /* why there are none, or not all; "" */
};

/* Take them. What cannot be had is missing, and `trouble` says why. The caller frees them. Takes some
 * 100 ms for 64 threads. A thread that is in an uninterruptible sleep blocks it. */
void stacks_take(const pid_t *processes, size_t count, struct stacks *stacks);
void stacks_free(struct stacks *stacks);

/* NULL: there is none. */
const struct stack *stack_of(const struct stacks *stacks, uint32_t tid);

/* True if a function of that name is on the stack. */
bool stack_has(const struct stack *stack, const char *function);

#endif
