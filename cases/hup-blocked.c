/* SPDX-License-Identifier: BSD-2-Clause */
/* The process comes with SIGHUP blocked, and so are all its threads: a flood of it is never
 * handled and does no harm, SIGUSR1 comes as ever, and every mask stays as it was. */
#include "cases.h"

const struct stress_case case_hup_blocked = {
	.name = "hup-blocked",
	.summary = "SIGHUP is blocked from the beginning, and sent all the same; SIGUSR1 is not",
	.guards = { "go#52226", "go#42494" },
	.roles = {
		{ ROLE_PING_PONG, 1, SEND_USER1 },
		{ ROLE_FLOOD, 1, SEND_HANGUP | SEND_USER1 },
		{ ROLE_BIRTH, 1 },
		{ ROLE_READER, 1 },
		{ ROLE_WORKER, 2 },
	},
	.cycle = CYCLE_BROADCAST,
	.cycles = 300,
	.sends_signals = true,
	.needs = NEED_ATTRIBUTE,
	.oracles = { ORACLE_EXACTLY_ONCE, ORACLE_ATOMICITY, ORACLE_STATE, ORACLE_AGREEMENT, ORACLE_NO_LOST_SIGNAL, ORACLE_HANDLER, ORACLE_MASKS, ORACLE_PENDING, ORACLE_THREADS },
	.red_under = { "seed", "pre-seed" },
	.starts_with = START_HANGUP_BLOCKED,
	.sparse = true,
};
