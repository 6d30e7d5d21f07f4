/* SPDX-License-Identifier: BSD-2-Clause */
/* Signals to the threads of the runtime itself, each of which sleeps in a place of its own:
 * their handlers meet the fixups of threads that have no slot and do not park. */
#include "cases.h"

const struct stress_case case_services = {
	.name = "services",
	.summary = "signals to sysmon, the receiver, the template thread, the pollers and the leader",
	.guards = { "go#44193", "go#43149", "7e97e4e8 B3-B6" },
	.roles = {
		{ ROLE_PING_PONG, 1, SEND_ALL },
		{ ROLE_FLOOD, 1, SEND_ALL },
		{ ROLE_BIRTH, 1 },
		{ ROLE_TICKER, 1 },
		{ ROLE_WORKER, 2 },
	},
	.cycle = CYCLE_BROADCAST,
	.cycles = 300,
	.sends_signals = true,
	.needs = NEED_ATTRIBUTE,
	.oracles = { ORACLE_EXACTLY_ONCE, ORACLE_ATOMICITY, ORACLE_STATE, ORACLE_AGREEMENT, ORACLE_NO_LOST_SIGNAL, ORACLE_HANDLER, ORACLE_MASKS, ORACLE_PENDING, ORACLE_THREADS },
	.red_under = { "seed", "pre-seed" },
	.targets = { TARGET_SYSMON, TARGET_RECEIVER, TARGET_TEMPLATE, TARGET_POLLER,
		TARGET_LEADER },
	.sparse = true,
};
