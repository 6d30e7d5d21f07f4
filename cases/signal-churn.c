/* SPDX-License-Identifier: BSD-2-Clause */
/* Subscriptions come and go while their signals do: nothing is lost before, nothing comes
 * after, and whoever is alone leaves the disposition as it was. */
#include "cases.h"

const struct stress_case case_signal_churn = {
	.name = "signal-churn",
	.summary = "subscribe, send, receive and unsubscribe, again and again, against broadcasts",
	.guards = { "go#14571", "go#33174", "go#9819" },
	.roles = {
		{ ROLE_CHURN, 1, SEND_USER1 },
		{ ROLE_CHURN, 2, SEND_USER2 },
		{ ROLE_FLOOD, 1 },
		{ ROLE_CHURN, 1 },
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
