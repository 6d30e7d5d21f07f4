/* SPDX-License-Identifier: BSD-2-Clause */
/* The stack of a simulated thread that waits at a point, without what nobody will read. */
#ifndef HUPSTORM_RUNNERS_EXPLORE_STACK_H
#define HUPSTORM_RUNNERS_EXPLORE_STACK_H

#include <stddef.h>

/*
 * `bytes` is a copy of the stack of a coroutine that does not run (coroutine.h), from its
 * stack pointer up. What the compiler has left in it and will not read any more (stale
 * spill slots, registers that were saved though nobody needs them) becomes 0. Of frames
 * that are not understood (liveness.h), and of all that are further out, everything is
 * kept. Only x86-64 is understood.
 */
void stack_clean(void *bytes, size_t length);

#endif
