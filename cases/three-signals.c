/* SPDX-License-Identifier: BSD-2-Clause */
/* Three numbers, each of which has its bit in the queue: they do not coalesce with each
 * other, and two are in handlers on different threads at once more often than one is. */
#include "cases.h"

const struct stress_case case_three_signals = {
	.name = "three-signals",
	.summary = "SIGHUP, SIGUSR1 and SIGUSR2 in turn, in ping-pong and flood, against broadcasts",
	.guards = { "go#44193", "go#43149", "7e97e4e8 B1-B5" },
	.roles = {
		{ ROLE_PING_PONG, 2, SEND_ALL },
		{ ROLE_FLOOD, 1, SEND_ALL },
		{ ROLE_PING_PONG, 1, SEND_USER2 },
		{ ROLE_WORKER, 3 },
	},
	.cycle = CYCLE_BROADCAST,
	.cycles = 300,
	.sends_signals = true,
	.needs = NEED_ATTRIBUTE,
	.oracles = { ORACLE_EXACTLY_ONCE, ORACLE_ATOMICITY, ORACLE_STATE, ORACLE_AGREEMENT, ORACLE_NO_LOST_SIGNAL, ORACLE_HANDLER, ORACLE_MASKS, ORACLE_PENDING, ORACLE_THREADS },
	.red_under = { "seed", "pre-seed" },
	.sparse = true,
};
