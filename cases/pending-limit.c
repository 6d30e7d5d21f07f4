/* SPDX-License-Identifier: BSD-2-Clause */
/* The kernel queues no signal with its information, for this process as for that of any
 * cell (runners/inside.c). One that is directed at a thread in a system call arrives all
 * the same if it is a standard one, which is why the runtime's is; a real-time signal
 * would be refused. */
#include "cases.h"

const struct stress_case case_pending_limit = {
	.name = "pending-limit",
	.summary = "broadcasts to threads in system calls with RLIMIT_SIGPENDING 0",
	.guards = { "go1.18 directed signals at ulimit -i 0" },
	.roles = {
		{ ROLE_READER, 2 },
		{ ROLE_FUTEX, 1 },
		{ ROLE_PING_PONG, 1 },
		{ ROLE_FLOOD, 1, SEND_ALL },
		{ ROLE_WORKER, 2 },
	},
	.cycle = CYCLE_BROADCAST,
	.cycles = 300,
	.sends_signals = true,
	.needs = NEED_ATTRIBUTE,
	.oracles = { ORACLE_EXACTLY_ONCE, ORACLE_ATOMICITY, ORACLE_STATE, ORACLE_AGREEMENT, ORACLE_NO_LOST_SIGNAL, ORACLE_HANDLER, ORACLE_MASKS, ORACLE_PENDING, ORACLE_THREADS },
	.red_under = { "seed", "pre-seed" },
	.targets = { TARGET_SYSCALL },
	.sparse = true,
};
