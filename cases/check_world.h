/* SPDX-License-Identifier: BSD-2-Clause */
/* A world for a unit test, in the test's own process. */
#ifndef HUPSTORM_CASES_CHECK_WORLD_H
#define HUPSTORM_CASES_CHECK_WORLD_H

#include "stress/stress.h"

#include <check.h>
#include <signal.h>
#include <sys/mman.h>

enum { TEST_THREADS = 64, TEST_EXTRA = 1 << 20 };

static inline struct world_config test_config(uint32_t slots)
{
	struct world_config config = {
		.slots = slots,
		.threads_max = TEST_THREADS,
		.memory_size = world_size(TEST_THREADS, TEST_EXTRA),
	};

	config.memory = mmap(NULL, config.memory_size, PROT_READ | PROT_WRITE,
		MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	ck_assert_ptr_ne(config.memory, MAP_FAILED);
	return config;
}

/* SIGHUP is ignored before, so that one that comes late does no harm. */
static inline void test_world(uint32_t slots)
{
	struct world_config config = test_config(slots);

	signal(SIGHUP, SIG_IGN);
	ck_assert_int_eq(world_start(&config), 0);
}

#endif
