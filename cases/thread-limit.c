/* SPDX-License-Identifier: BSD-2-Clause */
/* A world with hardly more room than its roles need: most births are refused, and those
 * records that there are go from hand to hand. */
#include "cases.h"

const struct stress_case case_thread_limit = {
	.name = "thread-limit",
	.summary = "bursts of births in a world that has no room for them",
	.guards = { "go#42494" },
	.roles = {
		{ ROLE_BIRTH_BURST, 2 },
		{ ROLE_PING_PONG, 1 },
		{ ROLE_FLOOD, 1 },
		{ ROLE_WORKER, 2 },
	},
	.cycle = CYCLE_BROADCAST,
	.cycles = 300,
	.sends_signals = true,
	.needs = NEED_ATTRIBUTE,
	.oracles = { ORACLE_EXACTLY_ONCE, ORACLE_ATOMICITY, ORACLE_STATE, ORACLE_AGREEMENT, ORACLE_NO_LOST_SIGNAL, ORACLE_HANDLER, ORACLE_MASKS, ORACLE_PENDING, ORACLE_THREADS },
	.red_under = { "seed", "pre-seed" },
	.few_threads = true,
	.targets = { TARGET_NEWBORN, TARGET_ENDING },
	.sparse = true,
};
