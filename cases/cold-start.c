/* SPDX-License-Identifier: BSD-2-Clause */
/* Nothing is made ready: the template thread is started by the first birth that asks for
 * it and the pollers by the first timer, several at once, in the middle of signals, stops
 * and broadcasts. Short, for what is to be seen is in the first cycles. */
#include "cases.h"

const struct stress_case case_cold_start = {
	.name = "cold-start",
	.summary = "the template thread and the pollers are started in the middle of the storm",
	.guards = { "go#38931", "go#44193 B6" },
	.roles = {
		{ ROLE_PING_PONG, 1 },
		{ ROLE_FLOOD, 1 },
		{ ROLE_STOPPER, 1 },
		{ ROLE_BIRTH, 3 },
		{ ROLE_WORKER, 3 },
		{ ROLE_TICKER, 1 },
	},
	.cycle = CYCLE_BROADCAST,
	.cycles = 60,
	.sends_signals = true,
	.needs = NEED_ATTRIBUTE,
	.oracles = { ORACLE_EXACTLY_ONCE, ORACLE_ATOMICITY, ORACLE_STATE, ORACLE_AGREEMENT, ORACLE_NO_LOST_SIGNAL, ORACLE_HANDLER, ORACLE_MASKS, ORACLE_PENDING, ORACLE_THREADS },
	.red_under = { "seed", "pre-seed" },
	.cold = true,
	.targets = { TARGET_NEWBORN },
	.sparse = true,
};
