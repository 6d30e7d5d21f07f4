/* SPDX-License-Identifier: BSD-2-Clause */
/* The table of recipes. A fault without one is hunted for (runners/power.c). */
#include "recipes.h"

static const struct recipe recipes[] = {
	/* The mechanism as the seed has it, piece by piece. Where a fault needs another that
	 * fails by itself, it is told from that one by its sign. */
	{ FAULT_PARK_SPURIOUS, .case_name = "hup-broadcast", .quick = true },
	{ FAULT_NOTE_SHARED, .case_name = "hup-broadcast", .target = "rotate",
		.quick = true },
	{ FAULT_HANDLER_WAITS, .case_name = "hup-broadcast", .target = "rotate" },
	{ FAULT_RECEIVER_NEEDS_SLOT, .case_name = "hup-broadcast", .cycles = 200,
		.quick = true },
	{ FAULT_POLLER_BROKEN_ONCE, .case_name = "broadcast-only", .slots = 8 },
	{ FAULT_BLOCKED_UNREACHED, .case_name = "blocked-read", .quick = true },
	{ FAULT_COORDINATOR_UNMASKED, .case_name = "hup-broadcast", .leader = true,
		.target = "coordinator", .noise = "starting",
		.sign = "livelock: 0 slots not given up" },
	{ FAULT_COORDINATOR_MASKS_LATE, .case_name = "hup-broadcast", .leader = true,
		.target = "coordinator", .noise = "stopping",
		.sign = "livelock: 0 slots not given up" },
	{ FAULT_COORDINATOR_OPENS_EARLY, .case_name = "hup-broadcast",
		.target = "coordinator", .noise = "starting",
		.sign = "livelock: (coordinator)" },
	{ FAULT_SEND_ONLY_YIELDS, .case_name = "hup-broadcast", .target = "parked",
		.sign = "livelock: not reached" },
	{ FAULT_FIXUP_UNMASKED, .case_name = "blocked-read", .target = "parked",
		.noise = "aligned,fixup-claimed,fixup-run", .sign = "red: not reached",
		.perturbation = "tgkill.HUP~prctl@oracle_function,"
				"prctl@oracle_function",
		.perturbed_noise = "aligned" },
	{ FAULT_FIXUP_OPENS_EARLY, .case_name = "hup-broadcast", .target = "parked",
		.noise = "fixup-settled",
		.sign = "livelock: broadcasting; in a handler" },
	{ FAULT_COMPLETION_UNDER_LOCK, .case_name = "blocked-read", .target = "parked",
		.noise = "aligned,fixup-settled", .sign = "livelock: not reached",
		.perturbation = "tgkill.HUP~prctl@oracle_function,"
				"prctl@oracle_function,futex.wake@note_wake",
		.perturbed_noise = "aligned" },
	{ FAULT_FIXUP_CLEARED_EARLY, .case_name = "hup-broadcast", .quick = true },
	{ FAULT_RECEIVER_UNREACHED, .case_name = "hup-broadcast", .quick = true },
	{ FAULT_MASK_NOT_RESTORED, .case_name = "broadcast-only", .quick = true },
	/* Two threads must die at once, one with a signal on it in just that moment. Not seen in
	 * some 350 cells that hunt picked, nor in 1,800 that crashed within milliseconds with
	 * the coordinator and the dying thread held up. */
	{ FAULT_DEATH_LOCKS, .case_name = "hup-broadcast",
		.noise = "aligned,receiver-moved,last-words",
		.sign = "red?: it had said: fatal" },
	/* What else can go wrong in a broadcast. */
	{ FAULT_BIRTH_UNSERIALISED, .case_name = "hup-broadcast", .quick = true },
	{ FAULT_RESULTS_IGNORED, .case_name = "broadcast-only", .quick = true },
	{ FAULT_LOST_WAKE, .case_name = "hup-broadcast", .quick = true },
	{ FAULT_NOTE_BEFORE_FIXUP, .case_name = "hup-broadcast", .quick = true },
	{ FAULT_NOTE_WAKES_FIRST, .case_name = "hup-broadcast", .quick = true },
	{ FAULT_POSTED_FIRST, .case_name = "hup-broadcast", .quick = true },
	{ FAULT_STOP_NOTE_SHARED, .case_name = "hup-broadcast", .quick = true },
	{ FAULT_FIXUP_RUN_TWICE, .case_name = "hup-broadcast", .quick = true },
	{ FAULT_FIRST_FAILURE_IGNORED, .case_name = "broadcast-only", .quick = true },
	{ FAULT_ARGUMENT_STALE, .case_name = "many-broadcasters" },
	{ FAULT_SERVICE_MASK_NOT_RESTORED, .case_name = "broadcast-only", .cycles = 20 },
	{ FAULT_CALL_NOT_MADE, .case_name = "broadcast-only", .quick = true },
	{ FAULT_SKIPS_OTHERS, .case_name = "broadcast-only", .quick = true },
	{ FAULT_SKIPS_LEADER, .case_name = "broadcast-only", .quick = true },
	{ FAULT_SKIPS_SYSMON, .case_name = "broadcast-only", .quick = true },
	{ FAULT_SKIPS_TEMPLATE, .case_name = "broadcast-only", .quick = true },
	{ FAULT_SKIPS_RECEIVER, .case_name = "broadcast-only", .quick = true },
	{ FAULT_SKIPS_POLLERS, .case_name = "broadcast-only", .quick = true },
	{ FAULT_SKIPS_NEWBORNS, .case_name = "hup-broadcast", .quick = true },
	{ FAULT_SKIPS_SYSCALLS, .case_name = "blocked-read", .quick = true },
	/* Stops, slots, locks and births. */
	{ FAULT_TRACE_EMPTY, .case_name = "signal-trace", .quick = true },
	{ FAULT_LOST_RUNNABLE, .case_name = "hup-broadcast", .slots = 8,
		.noise = "slot-popped" },
	{ FAULT_LOCK_FORGETS_SLEEPERS, .case_name = "hup-trace-broadcast" },
	{ FAULT_SYSCALL_KEEPS_SLOT, .case_name = "relays", .noise = "in-syscall" },
	{ FAULT_START_FORGETS_RUNNABLE, .case_name = "hup-broadcast", .slots = 8,
		.quick = true },
	{ FAULT_STOP_RIGHT_SHARED, .case_name = "many-stoppers", .quick = true },
	{ FAULT_STOP_RIGHT_LIFO, .case_name = "many-stoppers" },
	{ FAULT_POLLER_LOWERS_FIRST, .case_name = "timers", .slots = 8,
		.noise = "break-taken" },
	{ FAULT_TEMPLATE_SLEEPS_ON_REQUEST, .case_name = "template-birth",
		.noise = "template-asked" },
	{ FAULT_TEMPLATE_PROMISED, .case_name = "cold-start", .cycles = 60,
		.noise = "template-promised" },
	{ FAULT_SYSMON_FORGETS_POST, .case_name = "timers", .noise = "sysmon-claimed" },
	{ FAULT_SAFEPOINT_IN_TRANSIT, .case_name = "hup-broadcast", .slots = 8,
		.noise = "slot-assigned" },
	{ FAULT_SLOT_PUT_BACK, .case_name = "hup-broadcast", .slots = 8,
		.noise = "slot-popped" },
	{ FAULT_RECORD_REUSED_EARLY, .case_name = "burst-birth" },
	{ FAULT_SYSCALL_ORDER, .case_name = "relays", .noise = "in-syscall" },
	{ FAULT_NUDGE_BLOCKED, .case_name = "blocked-read", .quick = true },
	/* Signals. */
	{ FAULT_SIGNAL_DROPPED, .case_name = "blocked-read", .cycles = 300,
		.noise = "aligned,receiver-woken" },
	{ FAULT_RECEIVER_SLEEPS_ON_NEWS, .case_name = "signal-trace", .cycles = 100000,
		.noise = "receiver-idle" },
	{ FAULT_HANDLER_LOCKS, .case_name = "services", .target = "receiver",
		.noise = "dispatch" },
	{ FAULT_SIGNALS_BLOCKED, .case_name = "signal-trace", .cycles = 100,
		.quick = true },
	{ FAULT_UNSUBSCRIBE_EARLY, .case_name = "signal-sequence", .quick = true },
	{ FAULT_ONE_OF_BATCH, .case_name = "signal-sequence", .cycles = 200,
		.quick = true },
	{ FAULT_UNSUBSCRIBED_IN_NAME, .case_name = "signal-sequence", .quick = true },
	{ FAULT_FULL_CHANNEL_ENDS_DISPATCH, .case_name = "signal-sequence",
		.quick = true },
	{ FAULT_DISPOSITION_FORGOTTEN, .case_name = "signal-sequence", .quick = true },
	{ FAULT_HANDLER_RUNS_LONG, .case_name = "signal-trace", .cycles = 1000000,
		.quick = true },
	{ FAULT_ERRNO_LOST, .case_name = "hup-broadcast", .target = "rotate",
		.quick = true },
	{ FAULT_NO_SIGNAL_STACK, .case_name = "hup-broadcast", .target = "rotate",
		.quick = true },
	{ FAULT_HANDLER_NESTS, .case_name = "hup-broadcast", .target = "rotate",
		.quick = true },
	/* The subject directed, and both. */
	{ FAULT_DIRECTED_QUOTA, .case_name = "broadcast-only", .quick = true },
	{ FAULT_DIRECTED_BLOCKED, .case_name = "broadcast-only", .quick = true },
	{ FAULT_DIRECTED_WAITS_MASKED, .case_name = "many-broadcasters" },
	{ FAULT_DIRECTED_INTERRUPTS, .case_name = "blocked-read", .quick = true },
	{ FAULT_DIRECTED_OFF_STACK, .case_name = "broadcast-only", .quick = true },
	{ FAULT_DIRECTED_UNDEFINED, .case_name = "broadcast-only", .quick = true },
	{ FAULT_DIRECTED_COLLISION, .case_name = "signal-trace", .cycles = 100,
		.quick = true },
	{ FAULT_DIRECTED_STALE_TID, .case_name = "hup-broadcast", .target = "rotate",
		.quick = true },
	{ FAULT_DIRECTED_SENDS_EARLY, .case_name = "hup-broadcast", .target = "rotate" },
	{ FAULT_DIRECTED_BIRTH_PARKS, .case_name = "hup-broadcast", .target = "rotate" },
	{ FAULT_DIRECTED_UNSTOPPED, .case_name = "hup-broadcast", .target = "rotate",
		.quick = true },
	{ FAULT_DIRECTED_ARGUMENTS_REUSED, .case_name = "hup-broadcast",
		.target = "rotate", .quick = true },
	{ FAULT_DIRECTED_KIND_UNHANDLED, .case_name = "broadcast-only", .quick = true },
	{ FAULT_EXIT_LEAVES_LIST_LATE, .subject = "directed",
		.case_name = "hup-broadcast", .target = "rotate" },
	/* The harness itself. */
	{ FAULT_NOISE_ZERO, .case_name = "hup-broadcast", .noise = "delays",
		.cycles = 300, .sign = "invalid: injected nothing", .quick = true },
	{ FAULT_NOISE_CONSTANT, .case_name = "hup-broadcast", .noise = "delays",
		.cycles = 300, .sign = "invalid: alike", .quick = true },
	{ FAULT_HALF_ROUNDS, .case_name = "broadcast-only", .cycles = 100,
		.sign = "invalid: fewer broadcasts", .quick = true },
	{ FAULT_WATCH_DISARMED, .case_name = "hup-broadcast", .sign = "slow" },
	{ FAULT_PROGRESS_RUNS_FREE, .case_name = "hup-broadcast", .sign = "slow" },
	{ FAULT_CHECKS_LEADER_ONLY, .case_name = "broadcast-only", .cycles = 10,
		.sign = "invalid", .quick = true },
	{ FAULT_AUDITS_LEADER_ONLY, .case_name = "broadcast-only", .cycles = 10,
		.sign = "invalid", .quick = true },
};

const struct recipe *recipe_at(size_t index)
{
	return index < sizeof recipes / sizeof recipes[0] ? &recipes[index] : NULL;
}

const struct recipe *recipe_of(enum fault fault)
{
	const struct recipe *recipe;

	for (size_t i = 0; (recipe = recipe_at(i)); i++)
		if (recipe->fault == fault)
			return recipe;
	return NULL;
}
