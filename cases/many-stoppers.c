/* SPDX-License-Identifier: BSD-2-Clause */
/* A broadcaster besides the coordinator, two threads that stop the world for nothing, and
 * two that trace: everybody who wants the right to stop, at the same time. */
#include "cases.h"

const struct stress_case case_many_stoppers = {
	.name = "many-stoppers",
	.summary = "broadcasts, stops of the world and traces by six threads at the same time",
	.guards = { "go#40459", "go#42237", "go#45975", "go#38794" },
	.roles = {
		{ ROLE_BROADCASTER, 1 },
		{ ROLE_STOPPER, 2 },
		{ ROLE_TRACER, 2 },
		{ ROLE_PING_PONG, 1 },
		{ ROLE_WORKER, 2 },
	},
	.cycle = CYCLE_BROADCAST,
	.cycles = 100,
	.sends_signals = true,
	.needs = NEED_ATTRIBUTE,
	.oracles = { ORACLE_EXACTLY_ONCE, ORACLE_ATOMICITY, ORACLE_STATE, ORACLE_AGREEMENT, ORACLE_TRACE, ORACLE_NO_LOST_SIGNAL, ORACLE_HANDLER, ORACLE_MASKS, ORACLE_PENDING, ORACLE_THREADS },
	.red_under = { "seed", "pre-seed" },
	.targets = { TARGET_COORDINATOR },
	.sparse = true,
};
