/* SPDX-License-Identifier: BSD-2-Clause */
/* Several signals at once, of different numbers, with a channel that comes and goes and
 * one that is always full: what a storm of SIGHUP alone cannot tell, because a signal that
 * is lost looks like one that coalesced. */
#include "cases.h"

const struct stress_case case_signal_sequence = {
	.name = "signal-sequence",
	.summary = "bursts of three signals to channels that come and go, against "
		   "broadcasts",
	.guards = { "go#14571", "go#43149" },
	.roles = { { ROLE_SEQUENCE, 1 }, { ROLE_FLOOD, 1 }, { ROLE_WORKER, 2 } },
	.cycle = CYCLE_BROADCAST,
	.cycles = 500,
	.sends_signals = true,
	.needs = NEED_ATTRIBUTE,
	.oracles = { ORACLE_EXACTLY_ONCE, ORACLE_ATOMICITY, ORACLE_STATE,
		ORACLE_AGREEMENT, ORACLE_REFUSAL, ORACLE_ORDER, ORACLE_STALL,
		ORACLE_FAIRNESS, ORACLE_NO_LOST_SIGNAL, ORACLE_NOT_INVENTED,
		ORACLE_FULL_CHANNEL, ORACLE_SIGNAL_QUEUE, ORACLE_HANDLER,
		ORACLE_HANDLER_CONTEXT, ORACLE_MASKS, ORACLE_PENDING, ORACLE_THREADS },
	.red_under = { "seed", "pre-seed" },
};
