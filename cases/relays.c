/* SPDX-License-Identifier: BSD-2-Clause */
/* Threads that sleep in read(2) until another has run user code, again and again: a stop
 * that misses the slot of one of them waits for ever, since the other is stopped. */
#include "cases.h"

const struct stress_case case_relays = {
	.name = "relays",
	.summary =
		"broadcasts and traces against threads that wake each other over pipes",
	.guards = { "go#15051", "go#50113" },
	.roles = { { ROLE_RELAY, 4 }, { ROLE_PING_PONG, 1 } },
	.cycle = CYCLE_TRACE | CYCLE_BROADCAST,
	.cycles = 300,
	.sends_signals = true,
	.needs = NEED_ATTRIBUTE,
	.oracles = { ORACLE_EXACTLY_ONCE, ORACLE_ATOMICITY, ORACLE_STATE,
		ORACLE_AGREEMENT, ORACLE_TRACE, ORACLE_NO_LOST_SIGNAL, ORACLE_HANDLER,
		ORACLE_MASKS, ORACLE_PENDING, ORACLE_THREADS },
	.red_under = { "seed", "pre-seed" },
	.targets = { TARGET_SYSCALL },
	.sparse = true,
};
