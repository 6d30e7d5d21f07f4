/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Go's TestSignalTrace (os/signal/signal_test.go at 7e97e4e8): one thread sends SIGHUP to
 * the process and waits for it, again and again, while another starts and stops a trace a
 * hundred times.
 *
 * It is the regression test of go#44193 and cannot see it: nobody broadcasts. It is kept
 * as it is, as the negative control: green on every subject, with and without the fix.
 */
#include "cases.h"

const struct stress_case case_signal_trace = {
	.name = "signal-trace",
	.summary = "Go's TestSignalTrace: SIGHUP ping-pong against 100 traces; the "
		   "negative control",
	.guards = { "go#38794", "go#45773", "go#46736" },
	.roles = { { ROLE_PING_PONG_TIMED, 1 } },
	.cycle = CYCLE_TRACE,
	.cycles = 100,
	.sends_signals = true,
	.negative_control = true,
	.oracles = { ORACLE_TRACE, ORACLE_NO_LOST_SIGNAL, ORACLE_HANDLER, ORACLE_MASKS,
		ORACLE_PENDING, ORACLE_THREADS },
};
