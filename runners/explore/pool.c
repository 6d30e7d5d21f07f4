/* SPDX-License-Identifier: BSD-2-Clause */
#include "pool.h"

#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>

#define MUCH   ((size_t)1 << 36)
#define LITTLE ((size_t)1 << 24)
#define LARGE  ((size_t)1 << 22)

static size_t reserve = MUCH;

void pools_stay_small(bool small)
{
	reserve = small ? LITTLE : MUCH;
}

static _Noreturn void no_memory(size_t size)
{
	fprintf(stderr, "hupstorm: explore: no memory for %zu bytes\n", size);
	exit(2);
}

/* Most pools stay small, and a large page is slow to be cleared: so the reserve is made of those after the first bytes. */
void pool_get_ready(struct pool *pool, size_t size)
{
	if (!pool->memory) {
		void *memory = mmap(NULL, reserve, PROT_READ | PROT_WRITE,
			MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);

		if (memory == MAP_FAILED)
			no_memory(reserve);
		pool->memory = memory;
		pool->reserved = reserve;
		pool->ready = LARGE;
	}
	if (pool->ready == LARGE && size > LARGE - pool->used) {
		madvise(pool->memory + LARGE, pool->reserved - LARGE, MADV_HUGEPAGE);
		pool->ready = pool->reserved;
	}
	if (size > pool->ready - pool->used)
		no_memory(size);
}

void pool_free(struct pool *pool)
{
	if (pool->memory)
		munmap(pool->memory, pool->reserved);
	*pool = (struct pool){ 0 };
}

void *table_allocate(size_t size)
{
	void *memory = mmap(
		NULL, size, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

	if (memory == MAP_FAILED)
		no_memory(size);
	if (size >= LARGE)
		madvise(memory, size, MADV_HUGEPAGE);
	return memory;
}

void table_free(void *table, size_t size)
{
	if (table)
		munmap(table, size);
}

void *reallocate(void *memory, size_t size)
{
	void *bigger = realloc(memory, size);

	if (!bigger)
		no_memory(size);
	return bigger;
}
