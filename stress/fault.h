/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Faults: named, revertible pieces of correctness.
 *
 * A fault is off unless a world is started with it. Each is one visible branch at the
 * place where the correctness was. A preset is a set of faults that together are a
 * program of the past.
 */
#ifndef HUPSTORM_STRESS_FAULT_H
#define HUPSTORM_STRESS_FAULT_H

#include <stdbool.h>
#include <stddef.h>

enum fault {
	FAULT_PARK_SPURIOUS,
	FAULT_NOTE_SHARED,
	FAULT_HANDLER_WAITS,
	FAULT_RECEIVER_NEEDS_SLOT,
	FAULT_POLLER_BROKEN_ONCE,
	FAULT_BLOCKED_UNREACHED,
	FAULT_FIXUP_LOCKED,
	FAULT_COORDINATOR_UNMASKED,
	FAULT_SEND_ONLY_YIELDS,
	FAULT_FIXUP_UNMASKED,
	FAULT_COMPLETION_UNDER_LOCK,
	FAULT_FIXUP_CLEARED_EARLY,
	FAULT_RECEIVER_UNREACHED,
	FAULT_BIRTH_UNSERIALISED,
	FAULT_RESULTS_IGNORED,
	FAULT_MASK_NOT_RESTORED,
	FAULT_LOST_WAKE,
	FAULT_TRACE_EMPTY,
	FAULT_LOST_RUNNABLE,
	FAULT_LOCK_FORGETS_SLEEPERS,
	FAULT_NOTE_BEFORE_FIXUP,
	FAULT_NOTE_WAKES_FIRST,
	FAULT_SIGNAL_DROPPED,
	FAULT_RECEIVER_SLEEPS_ON_NEWS,
	FAULT_SYSCALL_KEEPS_SLOT,
	FAULT_START_FORGETS_RUNNABLE,
	FAULT_STOP_RIGHT_SHARED,
	FAULT_POLLER_LOWERS_FIRST,
	FAULT_TEMPLATE_SLEEPS_ON_REQUEST,
	FAULT_SYSMON_FORGETS_POST,
	/* Of the runtime, more. */
	FAULT_COORDINATOR_MASKS_LATE,
	FAULT_COORDINATOR_OPENS_EARLY,
	FAULT_FIXUP_OPENS_EARLY,
	FAULT_HANDLER_LOCKS,
	FAULT_NUDGE_BLOCKED,
	FAULT_NUDGE_UNGATED,
	FAULT_TEMPLATE_PROMISED,
	FAULT_SAFEPOINT_IN_TRANSIT,
	FAULT_SLOT_PUT_BACK,
	FAULT_STOP_NOTE_SHARED,
	FAULT_UNSUBSCRIBE_EARLY,
	FAULT_SIGNALS_BLOCKED,
	FAULT_RECORD_REUSED_EARLY,
	FAULT_SYSCALL_ORDER,
	FAULT_DEATH_LOCKS,
	FAULT_POSTED_FIRST,
	FAULT_TRACE_BESIDE_SYSMON,
	FAULT_PLACE_LATE,
	/* Of the harness. */
	FAULT_NOISE_ZERO,
	FAULT_NOISE_CONSTANT,
	FAULT_HALF_ROUNDS,
	FAULT_WATCH_DISARMED,
	FAULT_PROGRESS_RUNS_FREE,
	/* Of the subject directed, and of both. */
	FAULT_DIRECTED_QUOTA,
	FAULT_DIRECTED_BLOCKED,
	FAULT_DIRECTED_WAITS_MASKED,
	FAULT_DIRECTED_INTERRUPTS,
	FAULT_DIRECTED_OFF_STACK,
	FAULT_DIRECTED_UNDEFINED,
	FAULT_DIRECTED_COLLISION,
	FAULT_DIRECTED_STALE_TID,
	FAULT_DIRECTED_SENDS_EARLY,
	FAULT_DIRECTED_BIRTH_PARKS,
	FAULT_DIRECTED_UNSTOPPED,
	FAULT_DIRECTED_ARGUMENTS_REUSED,
	FAULT_DIRECTED_KIND_UNHANDLED,
	FAULT_EXIT_LEAVES_LIST_LATE,
	/* That the oracles are tested by. */
	FAULT_SKIPS_OTHERS,
	FAULT_SKIPS_LEADER,
	FAULT_SKIPS_SYSMON,
	FAULT_SKIPS_TEMPLATE,
	FAULT_SKIPS_RECEIVER,
	FAULT_SKIPS_POLLERS,
	FAULT_SKIPS_NEWBORNS,
	FAULT_SKIPS_SYSCALLS,
	FAULT_FIXUP_RUN_TWICE,
	FAULT_FIRST_FAILURE_IGNORED,
	FAULT_ARGUMENT_STALE,
	FAULT_STOP_RIGHT_LIFO,
	FAULT_ONE_OF_BATCH,
	FAULT_UNSUBSCRIBED_IN_NAME,
	FAULT_FULL_CHANNEL_ENDS_DISPATCH,
	FAULT_DISPOSITION_FORGOTTEN,
	FAULT_SERVICE_MASK_NOT_RESTORED,
	FAULT_HANDLER_RUNS_LONG,
	FAULT_ERRNO_LOST,
	FAULT_NO_SIGNAL_STACK,
	FAULT_HANDLER_NESTS,
	FAULT_CALL_NOT_MADE,
	FAULT_CHECKS_LEADER_ONLY,
	FAULT_AUDITS_LEADER_ONLY,
	FAULT_COUNT
};

struct fault_set {
	bool on[FAULT_COUNT];
};

struct fault_info {
	const char *name;
	const char *reference; /* where the real bug was, "go#44193 hunk 1" */
	const char *taken_out; /* what the mechanism no longer does */
	const char *
		seen_as; /* what should be seen: a verdict and a colon, or "nothing: " and
				  why it can change nothing */
	const char *with;    /* the faults without which it shows nothing; NULL: none */
	bool harness;	     /* it is one of the harness, and none of a subject */
	const char *subject; /* whose correctness it was; NULL: of every subject */
};

struct fault_preset {
	const char *name;
	const char *summary;
	const char *subject; /* of which it is the past */
	struct fault_set faults;
};

/* `fault` below FAULT_COUNT. */
const struct fault_info *fault_info(enum fault fault);
/* The presets in order; NULL past the last one. */
const struct fault_preset *fault_preset(size_t index);

/*
 * Add the faults and presets that `names` lists, separated by commas; "" and "none" add
 * nothing. Returns 0, or -EINVAL with *unknown pointing at the first name that is neither
 * and *length its length.
 */
int fault_parse(
	const char *names, struct fault_set *set, const char **unknown, size_t *length);

/* The set of names that fault_parse takes; empty if it does not take them. */
struct fault_set fault_set_of(const char *names);

/* The name of a fault in the set that is none of that subject's; NULL if there is none. */
const char *fault_foreign_to(const struct fault_set *set, const char *subject);

/*
 * Write the shortest list of names for the set, presets first, "" for the empty set.
 * Returns 0, or -ENOSPC.
 */
int fault_print(const struct fault_set *set, char *text, size_t size);

#endif
