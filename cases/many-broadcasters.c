/* SPDX-License-Identifier: BSD-2-Clause */
/* Five broadcast at once, and signals come meanwhile. The broadcasts are served one after
 * the other, and whoever waits for its turn runs the functions of the others. */
#include "cases.h"

const struct stress_case case_many_broadcasters = {
	.name = "many-broadcasters",
	.summary = "five threads broadcast at the same time, with a SIGHUP ping-pong and flood",
	.guards = { "go#44193", "go#40459" },
	.roles = {
		{ ROLE_BROADCASTER, 4 },
		{ ROLE_PING_PONG, 1 },
		{ ROLE_FLOOD, 1 },
		{ ROLE_WORKER, 2 },
	},
	.cycle = CYCLE_BROADCAST,
	.cycles = 150,
	.sends_signals = true,
	.needs = NEED_ATTRIBUTE,
	.oracles = { ORACLE_EXACTLY_ONCE, ORACLE_ATOMICITY, ORACLE_STATE, ORACLE_AGREEMENT, ORACLE_NO_LOST_SIGNAL, ORACLE_HANDLER, ORACLE_MASKS, ORACLE_PENDING, ORACLE_THREADS },
	.red_under = { "seed", "pre-seed" },
	.targets = { TARGET_PARKED, TARGET_COORDINATOR },
	.sparse = true,
};
