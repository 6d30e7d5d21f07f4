/* SPDX-License-Identifier: BSD-2-Clause */
/* Broadcasts against threads that sleep in the kernel in every way: for good, for a moment
 * and for long. The directed signal ends what does not restart by itself, and the thread
 * takes it up again. */
#include "cases.h"

const struct stress_case case_blocked_calls = {
	.name = "blocked-calls",
	.summary = "broadcasts against threads in read, futex, epoll_wait, short and long nanosleep",
	.guards = { "go#50113", "go#27520" },
	.roles = {
		{ ROLE_READER, 1 },
		{ ROLE_FUTEX, 1 },
		{ ROLE_EPOLL, 1 },
		{ ROLE_NAPPER, 2 },
		{ ROLE_SLEEPER, 1 },
		{ ROLE_PING_PONG, 1 },
	},
	.cycle = CYCLE_BROADCAST,
	.cycles = 300,
	.sends_signals = true,
	.needs = NEED_ATTRIBUTE,
	.oracles = { ORACLE_EXACTLY_ONCE, ORACLE_ATOMICITY, ORACLE_STATE, ORACLE_AGREEMENT, ORACLE_TIMERS, ORACLE_NO_LOST_SIGNAL, ORACLE_HANDLER, ORACLE_MASKS, ORACLE_PENDING, ORACLE_THREADS },
	.red_under = { "seed", "pre-seed" },
	.targets = { TARGET_SYSCALL },
	.sparse = true,
};
