/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * SIGHUP against broadcasts: what the regression test of go#44193 leaves out.
 *
 * A ping-pong proves that no signal is lost, a flood makes sure that handlers run at
 * every moment, workers park and wake and arm timers, threads are born by ordinary
 * threads and by the template thread, and the function that is broadcast flips an
 * attribute that the kernel keeps for each thread.
 */
#include "cases.h"

const struct stress_case case_hup_broadcast = {
	.name = "hup-broadcast",
	.summary = "SIGHUP ping-pong and flood against broadcasts of a real prctl",
	.guards = { "go#44193", "go#43149", "go#38931", "go#14571", "7e97e4e8 B1-B5" },
	.roles = {
		{ ROLE_PING_PONG, 1 },
		{ ROLE_FLOOD, 1 },
		{ ROLE_WORKER, 4 },
		{ ROLE_BIRTH, 1 },
		{ ROLE_FAR_TIMER, 1 },
	},
	.cycle = CYCLE_BROADCAST,
	.cycles = 500,
	.sends_signals = true,
	.needs = NEED_ATTRIBUTE,
	.oracles = { ORACLE_EXACTLY_ONCE, ORACLE_ATOMICITY, ORACLE_STATE, ORACLE_AGREEMENT,
		ORACLE_REFUSAL, ORACLE_ORDER, ORACLE_STALL, ORACLE_FAIRNESS,
		ORACLE_NO_LOST_SIGNAL, ORACLE_HANDLER, ORACLE_HANDLER_CONTEXT,
		ORACLE_FULL_CHANNEL, ORACLE_SIGNAL_QUEUE, ORACLE_MASKS, ORACLE_PENDING,
		ORACLE_THREADS },
	.red_under = { "seed", "pre-seed", "go-1.18" },
};
