/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Births one after the other by several parents, half of them by the template thread, with
 * signals to whoever is youngest or about to end. A thread is on the list or created by
 * one that has run the function; one that ends is waited for by nobody.
 */
#include "cases.h"

const struct stress_case case_template_birth = {
	.name = "template-birth",
	.summary = "births by the template thread and by others, signals to newborns and to the ending",
	.guards = { "go#38931", "go#42494", "go#24936" },
	.roles = {
		{ ROLE_BIRTH, 3 },
		{ ROLE_PING_PONG, 1 },
		{ ROLE_FLOOD, 1 },
		{ ROLE_WORKER, 2 },
	},
	.cycle = CYCLE_BROADCAST,
	.cycles = 400,
	.sends_signals = true,
	.needs = NEED_ATTRIBUTE,
	.oracles = { ORACLE_EXACTLY_ONCE, ORACLE_ATOMICITY, ORACLE_STATE, ORACLE_AGREEMENT, ORACLE_NO_LOST_SIGNAL, ORACLE_HANDLER, ORACLE_MASKS, ORACLE_PENDING, ORACLE_THREADS },
	.red_under = { "seed", "pre-seed" },
	.targets = { TARGET_NEWBORN, TARGET_ENDING, TARGET_TEMPLATE },
	.sparse = true,
};
