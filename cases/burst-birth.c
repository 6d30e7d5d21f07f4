/* SPDX-License-Identifier: BSD-2-Clause */
/* Many threads are born at once, and each has a child of its own, so that the list of
 * threads grows and shrinks by a dozen between two broadcasts. */
#include "cases.h"

const struct stress_case case_burst_birth = {
	.name = "burst-birth",
	.summary = "threads born in bursts, with children of their own, against broadcasts",
	.guards = { "go#38931", "go#42494" },
	.roles = {
		{ ROLE_BIRTH_BURST, 1 },
		{ ROLE_FLOOD, 1 },
		{ ROLE_WORKER, 2 },
	},
	.cycle = CYCLE_BROADCAST,
	.cycles = 300,
	.sends_signals = true,
	.needs = NEED_ATTRIBUTE,
	.oracles = { ORACLE_EXACTLY_ONCE, ORACLE_ATOMICITY, ORACLE_STATE, ORACLE_AGREEMENT, ORACLE_HANDLER, ORACLE_MASKS, ORACLE_PENDING, ORACLE_THREADS },
	.red_under = { "seed", "pre-seed" },
	.targets = { TARGET_NEWBORN, TARGET_ENDING },
	.sparse = true,
};
