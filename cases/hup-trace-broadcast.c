/* SPDX-License-Identifier: BSD-2-Clause */
/* Signals, traces and broadcasts all crossed: every kind of stop of the world while
 * handlers run. */
#include "cases.h"

const struct stress_case case_hup_trace_broadcast = {
	.name = "hup-trace-broadcast",
	.summary = "SIGHUP ping-pong and flood against traces and broadcasts in turn",
	.guards = { "go#44193", "go#43149", "go#38794", "7e97e4e8 B1-B5" },
	.roles = {
		{ ROLE_PING_PONG_TIMED, 1 },
		{ ROLE_FLOOD, 1 },
		{ ROLE_WORKER, 4 },
		{ ROLE_FAR_TIMER, 1 },
	},
	.cycle = CYCLE_TRACE | CYCLE_BROADCAST,
	.cycles = 300,
	.sends_signals = true,
	.needs = NEED_ATTRIBUTE,
	.oracles = { ORACLE_EXACTLY_ONCE, ORACLE_ATOMICITY, ORACLE_STATE, ORACLE_AGREEMENT,
		ORACLE_REFUSAL, ORACLE_ORDER, ORACLE_STALL, ORACLE_FAIRNESS,
		ORACLE_TRACE, ORACLE_NO_LOST_SIGNAL, ORACLE_HANDLER,
		ORACLE_HANDLER_CONTEXT, ORACLE_FULL_CHANNEL, ORACLE_SIGNAL_QUEUE,
		ORACLE_MASKS, ORACLE_PENDING, ORACLE_THREADS },
	.red_under = { "seed", "pre-seed", "go-1.18" },
};
