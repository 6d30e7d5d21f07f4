/* SPDX-License-Identifier: BSD-2-Clause */
/* Broadcasts against threads that sit in read(2) for as long as the storm lasts:
 * go#50113, which went unfixed until the whole mechanism was replaced. */
#include "cases.h"

const struct stress_case case_blocked_read = {
	.name = "blocked-read",
	.summary =
		"broadcasts against threads blocked in read(2), and a SIGHUP ping-pong",
	.guards = { "go#50113" },
	.roles = { { ROLE_READER, 3 }, { ROLE_PING_PONG, 1 }, { ROLE_WORKER, 2 } },
	.cycle = CYCLE_BROADCAST,
	.cycles = 500,
	.sends_signals = true,
	.needs = NEED_ATTRIBUTE,
	.oracles = { ORACLE_EXACTLY_ONCE, ORACLE_ATOMICITY, ORACLE_STATE,
		ORACLE_AGREEMENT, ORACLE_REFUSAL, ORACLE_ORDER, ORACLE_STALL,
		ORACLE_FAIRNESS, ORACLE_NO_LOST_SIGNAL, ORACLE_HANDLER,
		ORACLE_HANDLER_CONTEXT, ORACLE_FULL_CHANNEL, ORACLE_SIGNAL_QUEUE,
		ORACLE_MASKS, ORACLE_PENDING, ORACLE_THREADS },
	.red_under = { "seed", "pre-seed", "go-1.18" },
};
