/* SPDX-License-Identifier: BSD-2-Clause */
/* Near timers by many, which no poller may be late for or early, while broadcasts break
 * the pollers out of their sleep; one far timer; and no signal at all. */
#include "cases.h"

const struct stress_case case_timers = {
	.name = "timers",
	.summary = "near timers, which must not come early, and a far one, against broadcasts",
	.guards = { "go#44193 B6", "go#27520" },
	.roles = {
		{ ROLE_TICKER, 4 },
		{ ROLE_FAR_TIMER, 1 },
		{ ROLE_WORKER, 1 },
	},
	.cycle = CYCLE_BROADCAST,
	.cycles = 600,
	.needs = NEED_ATTRIBUTE,
	.oracles = { ORACLE_EXACTLY_ONCE, ORACLE_ATOMICITY, ORACLE_STATE, ORACLE_AGREEMENT, ORACLE_TIMERS, ORACLE_MASKS, ORACLE_PENDING, ORACLE_THREADS },
	.sparse = true,
};
