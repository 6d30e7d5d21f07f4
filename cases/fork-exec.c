/* SPDX-License-Identifier: BSD-2-Clause */
/* A thread forks children, which execute a program or end at once, while signals and
 * broadcasts go on: no handler runs in a child, and a fork is not kept from ending by the
 * signals. */
#include "cases.h"

const struct stress_case case_fork_exec = {
	.name = "fork-exec",
	.summary = "children are forked and executed against signals and broadcasts",
	.guards = { "go#18600" },
	.roles = {
		{ ROLE_FORK, 1 },
		{ ROLE_PING_PONG, 1 },
		{ ROLE_FLOOD, 1 },
		{ ROLE_WORKER, 2 },
	},
	.cycle = CYCLE_BROADCAST,
	.cycles = 100,
	.sends_signals = true,
	.needs = NEED_ATTRIBUTE | NEED_PROCESSES,
	.oracles = { ORACLE_EXACTLY_ONCE, ORACLE_ATOMICITY, ORACLE_STATE, ORACLE_AGREEMENT, ORACLE_NO_LOST_SIGNAL, ORACLE_HANDLER, ORACLE_MASKS, ORACLE_PENDING, ORACLE_THREADS },
	.red_under = { "seed", "pre-seed" },
	.sparse = true,
};
