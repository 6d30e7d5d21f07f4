/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Broadcasts with no signal at all. Workers park and wake with near timers, so that the
 * poller changes hands, and one timer is far away, so that a poller which the coordinator
 * did not break out stays in for long: the late poller, what the first report of go#44193
 * most likely saw.
 */
#include "cases.h"

const struct stress_case case_broadcast_only = {
	.name = "broadcast-only",
	.summary = "broadcasts against parking workers and timers, without signals: the "
		   "late poller",
	.guards = { "go#44193 B6" },
	.roles = { { ROLE_WORKER, 2 }, { ROLE_FAR_TIMER, 1 } },
	.cycle = CYCLE_BROADCAST,
	.cycles = 1000,
	.needs = NEED_ATTRIBUTE,
	.oracles = { ORACLE_EXACTLY_ONCE, ORACLE_ATOMICITY, ORACLE_STATE,
		ORACLE_AGREEMENT, ORACLE_REFUSAL, ORACLE_ORDER, ORACLE_STALL,
		ORACLE_FAIRNESS, ORACLE_MASKS, ORACLE_PENDING, ORACLE_THREADS },
	.red_under = { "seed", "pre-seed", "go-1.18" },
	/* A poller is late where slots are idle: with few slots, or many workers, there are
	 * hardly ever two pollers at large, in Go as here. */
	.red_from_slots = 4,
};
