/* SPDX-License-Identifier: BSD-2-Clause */
/* Safepoints are asked for with SIGURG, which then means two things: come to a safepoint,
 * and run the function of a broadcast if you are in a system call. */
#include "cases.h"

const struct stress_case case_nudges = {
	.name = "nudges",
	.summary = "SIGURG towards safepoints beside the signals of a ping-pong, stops and broadcasts",
	.guards = { "go#37741", "go#42494", "go#44193" },
	.roles = {
		{ ROLE_PING_PONG, 1 },
		{ ROLE_FLOOD, 1 },
		{ ROLE_STOPPER, 1 },
		{ ROLE_READER, 1 },
		{ ROLE_BIRTH, 1 },
		{ ROLE_WORKER, 2 },
	},
	.cycle = CYCLE_BROADCAST,
	.cycles = 200,
	.sends_signals = true,
	.needs = NEED_ATTRIBUTE,
	.oracles = { ORACLE_EXACTLY_ONCE, ORACLE_ATOMICITY, ORACLE_STATE, ORACLE_AGREEMENT, ORACLE_NO_LOST_SIGNAL, ORACLE_HANDLER, ORACLE_MASKS, ORACLE_PENDING, ORACLE_THREADS },
	.red_under = { "seed", "pre-seed" },
	.nudge = true,
	.targets = { TARGET_SYSCALL },
	.sparse = true,
};
