/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Memory that grows in place: addresses are reserved at once and used from the front, so
 * that nothing is ever copied, and in large pages once there is much of it.
 */
#ifndef HUPSTORM_RUNNERS_EXPLORE_POOL_H
#define HUPSTORM_RUNNERS_EXPLORE_POOL_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct pool {
	char *memory;
	size_t used;  /* bytes */
	size_t ready; /* bytes that may be used without more ado */
	size_t reserved;
};

/* For those pools that are used first from then on: they stay small, so that little is reserved. What emulates or watches
 * a process (qemu-user, valgrind) is slow with much, or refuses it. False: no more. */
void pools_stay_small(bool small);

/* That many more are to be used. Ends the process with status 2 if there is no memory. */
void pool_get_ready(struct pool *pool, size_t size);

/* `size` zeroed bytes after those in use. The same end. */
static inline void *pool_add(struct pool *pool, size_t size)
{
	if (size > pool->ready - pool->used)
		pool_get_ready(pool, size);
	pool->used += size;
	return pool->memory + pool->used - size;
}

void pool_free(struct pool *pool);

/* `size` zeroed bytes, in large pages if it is much. The same end. */
void *table_allocate(size_t size);
void table_free(void *table, size_t size);

/* As realloc(3), but ends the process with status 2 if there is no memory. */
void *reallocate(void *memory, size_t size);

#endif
