/* SPDX-License-Identifier: BSD-2-Clause */
/* The process comes with SIGHUP ignored, as under nohup. Nobody is subscribed all the time,
 * so that a handler often finds its signal no longer wanted: it must be ignored again,
 * neither kill nor reach anybody. */
#include "cases.h"

const struct stress_case case_hup_ignored = {
	.name = "hup-ignored",
	.summary = "SIGHUP is ignored from the beginning; who subscribes gets it, who leaves does not",
	.guards = { "go#14571", "go#33174" },
	.roles = {
		{ ROLE_CHURN, 2 },
		{ ROLE_BIRTH, 1 },
		{ ROLE_WORKER, 2 },
	},
	.cycle = CYCLE_BROADCAST,
	.cycles = 300,
	.sends_signals = true,
	.needs = NEED_ATTRIBUTE,
	.oracles = { ORACLE_EXACTLY_ONCE, ORACLE_ATOMICITY, ORACLE_STATE, ORACLE_AGREEMENT, ORACLE_SUBSCRIPTIONS, ORACLE_NO_LOST_SIGNAL, ORACLE_HANDLER, ORACLE_MASKS, ORACLE_PENDING, ORACLE_THREADS },
	.red_under = { "seed", "pre-seed" },
	.sparse = true,
};
