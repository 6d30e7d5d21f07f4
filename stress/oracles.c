/* SPDX-License-Identifier: BSD-2-Clause */
/* The table of oracles. What checks them is in oracle*.c, in the runtime itself where it
 * dies, and outside, in runners/audit.c and runners/watch.c. */
#include "oracles.h"

static const struct oracle_info infos[ORACLE_COUNT] = {
	[ORACLE_EXACTLY_ONCE] = { "exactly-once", "O1 O3",
		"every thread alive at a broadcast runs its function once, a newborn "
		"too" },
	[ORACLE_ATOMICITY] = { "atomicity", "O6",
		"no user code runs between the first and the last run of the function" },
	[ORACLE_STATE] = { "state", "O3",
		"the kernel attribute that the function sets reads "
		"the same on every thread" },
	[ORACLE_AGREEMENT] = { "agreement", "O5",
		"the function's results are the same on every thread, or it is told who "
		"differs" },
	[ORACLE_MASKS] = { "masks", "O15",
		"every thread has the same signal mask after a broadcast as before" },
	[ORACLE_PENDING] = { "pending", "O17",
		"no signal is left pending on any thread when all is quiet" },
	[ORACLE_THREADS] = { "threads", "O4",
		"the kernel's threads of the process are those on the list, and each of "
		"them was checked" },
	[ORACLE_NO_LOST_SIGNAL] = { "no lost signal", "O9",
		"after a signal was sent a handling follows, and reaches the channel" },
	[ORACLE_HANDLER] = { "handler", "O13",
		"no handler runs for more than 50 ms of CPU time, or waits for others" },
	[ORACLE_TRACE] = { "trace", "O8",
		"a trace is not empty, parses, and its stops and starts add up" },
	[ORACLE_REFUSAL] = { "refusal", "O2",
		"a broadcast whose first call fails runs on nobody else and says so" },
	[ORACLE_ORDER] = { "order", "O7",
		"every thread runs the broadcasts in one and the same order" },
	[ORACLE_STEPS] = { "steps", "O8",
		"the runtime's own steps are sound: notes, slots, locks, stops (a "
		"crash)" },
	[ORACLE_NOT_INVENTED] = { "not-invented", "O10",
		"no signal arrives that was not sent, and none after unsubscribing" },
	[ORACLE_FULL_CHANNEL] = { "full-channel", "O11",
		"a signal goes to every channel that wants it; who is full drops it" },
	[ORACLE_SIGNAL_QUEUE] = { "signal-queue", "O12",
		"the state of the signal queue changes only as listed, by whom it may" },
	[ORACLE_DEFAULT_ACTION] = { "default-action", "O14",
		"a signal that nobody is subscribed to does what it did before" },
	[ORACLE_HANDLER_CONTEXT] = { "handler-context", "O16",
		"a handler keeps errno, runs on the signal stack and does not nest" },
	[ORACLE_LATENCY] = { "latency", "O18",
		"how long broadcasts take, in ticks of their coordinator (only told; "
		"cooperative)" },
	[ORACLE_STALL] = { "stall", "O19",
		"no thread that owes is left to wake by itself: the broadcast wakes it "
		"(cooperative)" },
	[ORACLE_FAR_TIMER] = { "far-timer", "O20",
		"broadcasts run with a timer that is far away, and without any" },
	[ORACLE_WATCHDOG] = { "watchdog", "O21",
		"who judges silence is outside, and keeps what it saw" },
	[ORACLE_HANG] = { "hang", "O22",
		"a deadlock, a livelock, a lost signal and a slow machine are told "
		"apart" },
	[ORACLE_FAIRNESS] = { "fairness", "O23",
		"who asks for the right to stop gets it before those who ask later" },
	[ORACLE_TIMERS] = { "timers", "O20", "no timer comes before its time" },
	[ORACLE_SUBSCRIPTIONS] = { "subscriptions", "O10",
		"who has unsubscribed gets nothing more, and the disposition from before "
		"is back" },
};

const struct oracle_info *oracle_info(enum oracle_id oracle)
{
	return &infos[oracle];
}
