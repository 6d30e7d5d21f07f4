/* SPDX-License-Identifier: BSD-2-Clause */
/* The process comes with SIGURG blocked. A world that took that over could not reach
 * threads in system calls, nor nudge anybody: it opens the signal, and gives the mask
 * back in the end. */
#include "cases.h"

const struct stress_case case_nudge_blocked = {
	.name = "nudge-blocked",
	.summary = "SIGURG is blocked from the beginning: the runtime's own signal",
	.guards = { "go#52226" },
	.roles = {
		{ ROLE_READER, 2 },
		{ ROLE_NAPPER, 1 },
		{ ROLE_BIRTH, 2 },
		{ ROLE_PING_PONG, 1 },
		{ ROLE_WORKER, 2 },
	},
	.cycle = CYCLE_BROADCAST,
	.cycles = 300,
	.sends_signals = true,
	.needs = NEED_ATTRIBUTE,
	.oracles = { ORACLE_EXACTLY_ONCE, ORACLE_ATOMICITY, ORACLE_STATE, ORACLE_AGREEMENT, ORACLE_NO_LOST_SIGNAL, ORACLE_HANDLER, ORACLE_MASKS, ORACLE_PENDING, ORACLE_THREADS },
	.red_under = { "seed", "pre-seed" },
	.nudge = true,
	.starts_with = START_NUDGE_BLOCKED,
	.sparse = true,
};
