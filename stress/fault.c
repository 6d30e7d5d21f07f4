/* SPDX-License-Identifier: BSD-2-Clause */
/* The table of faults and presets. The branches themselves are where the correctness was.
 */
#include "fault.h"

#include <errno.h>
#include <string.h>

static const struct fault_info faults[FAULT_COUNT] = {
	[FAULT_PARK_SPURIOUS] = {
		.name = "park-spurious",
		.reference = "7e97e4e8 B2",
		.taken_out = "a park returns only for a real wake; without it, whenever no fixup ran now",
		.seen_as = "crash: a thread goes on without a slot",
	},
	[FAULT_NOTE_SHARED] = {
		.name = "note-shared",
		.reference = "7e97e4e8 B1",
		.taken_out = "a fixup wake and a real wake are different events on the park note",
		.seen_as = "crash: double wakeup",
	},
	[FAULT_HANDLER_WAITS] = {
		.name = "handler-waits",
		.reference = "7e97e4e8 B3 B4 B5",
		.taken_out = "a handler never waits; it spins until the receiver has run",
		.seen_as = "livelock, when the handler sits on what the receiver needs",
	},
	[FAULT_RECEIVER_NEEDS_SLOT] = {
		.name = "receiver-needs-slot",
		.reference = "7e97e4e8 B3 B4 B5",
		.taken_out = "the receiver answers a fixup wake without a slot; it queues for one",
		.seen_as = "oracle: signal-queue; makes handler-waits wait for the end of the broadcast",
	},
	[FAULT_POLLER_BROKEN_ONCE] = {
		.name = "poller-broken-once",
		.reference = "go#44193 B6",
		.taken_out = "the poller is broken out again while the coordinator waits",
		.seen_as = "livelock of the coordinator, with no signal involved",
	},
	[FAULT_BLOCKED_UNREACHED] = {
		.name = "blocked-unreached",
		.reference = "go#50113",
		.taken_out = "a thread blocked in a system call is reached by a directed signal",
		.seen_as = "livelock of the coordinator",
	},
	[FAULT_FIXUP_LOCKED] = {
		.name = "fixup-locked",
		.reference = "7e97e4e8",
		.taken_out = "a fixup is claimed by one atomic exchange; it is run under a lock",
		.seen_as = "nothing alone; deadlock with fixup-unmasked",
	},
	[FAULT_COORDINATOR_UNMASKED] = {
		.name = "coordinator-unmasked",
		.reference = "go#44193 hunk 1",
		.taken_out = "the coordinator blocks all signals during the broadcast",
		.seen_as = "livelock of the coordinator in its own handler, with handler-waits",
	},
	[FAULT_SEND_ONLY_YIELDS] = {
		.name = "send-only-yields",
		.reference = "go#44193 hunk 2",
		.taken_out = "a handler that waits runs the fixup of its own thread meanwhile",
		.seen_as = "livelock, with handler-waits",
	},
	[FAULT_FIXUP_UNMASKED] = {
		.name = "fixup-unmasked",
		.reference = "go#44193 hunk 3",
		.taken_out = "a fixup runs with all signals blocked, and no fixup costs nothing",
		.seen_as = "deadlock on the own fixup lock, with fixup-locked and handler-waits",
	},
	[FAULT_COMPLETION_UNDER_LOCK] = {
		.name = "completion-under-lock",
		.reference = "go#44193 hunk 4",
		.taken_out = "the coordinator polls for completion without taking the fixup locks",
		.seen_as = "contention; the coordinator may sleep on a stuck thread's lock",
	},
	[FAULT_FIXUP_CLEARED_EARLY] = {
		.name = "fixup-cleared-early",
		.reference = "go#44193 hunk 5",
		.taken_out = "a fixup is marked done only after its function has run",
		.seen_as = "oracle: user code runs before every thread has changed",
	},
	[FAULT_RECEIVER_UNREACHED] = {
		.name = "receiver-unreached",
		.reference = "go#43149",
		.taken_out = "the coordinator wakes a receiver that sleeps on its note",
		.seen_as = "livelock of the coordinator",
	},
	[FAULT_BIRTH_UNSERIALISED] = {
		.name = "birth-unserialised",
		.reference = "go 1.16 syscall_runtime_doAllThreadsSyscall",
		.taken_out = "the coordinator waits until the template thread has made who was asked for",
		.seen_as = "oracle: state: a newborn inherits what its maker has changed, and changes it again",
	},
	[FAULT_RESULTS_IGNORED] = {
		.name = "results-ignored",
		.reference = "go#42178",
		.taken_out = "the results of the function are compared",
		.seen_as = "oracle: a thread differs and nobody is told",
	},
	[FAULT_MASK_NOT_RESTORED] = {
		.name = "mask-not-restored",
		.reference = "go#44193 hunk 1",
		.taken_out = "the coordinator restores its signal mask when the broadcast has failed too",
		.seen_as = "oracle: masks",
	},
	[FAULT_LOST_WAKE] = {
		.name = "lost-wake",
		.reference = "Drepper 2011",
		.taken_out = "a post to a note wakes who sleeps on it; without it, not if the post is a fixup",
		.seen_as = "livelock of the coordinator",
	},
	[FAULT_TRACE_EMPTY] = {
		.name = "trace-empty",
		.reference = "go#38794",
		.taken_out = "a trace is written before it is switched off",
		.seen_as = "oracle: an empty trace",
	},
	[FAULT_LOST_RUNNABLE] = {
		.name = "lost-runnable",
		.reference = "runtime/proc.go, handoffp",
		.taken_out = "a slot becomes idle under the same lock under which nobody was found to want it",
		.seen_as = "livelock: a runnable thread and an idle slot",
	},
	[FAULT_LOCK_FORGETS_SLEEPERS] = {
		.name = "lock-forgets-sleepers",
		.reference = "Drepper 2011",
		.taken_out = "a thread that slept on a lock says that there may be others",
		.seen_as = "deadlock: a sleeper that nobody wakes",
	},
	[FAULT_NOTE_BEFORE_FIXUP] = {
		.name = "note-before-fixup",
		.reference = "runtime/proc.go, doAllThreadsSyscall",
		.taken_out = "a fixup is there before its thread is woken for it",
		.seen_as = "livelock of the coordinator",
	},
	[FAULT_NOTE_WAKES_FIRST] = {
		.name = "note-wakes-first",
		.reference = "runtime/lock_futex.go",
		.taken_out = "a note is up before its sleeper is woken; without it, a fixup note is not",
		.seen_as = "livelock of the coordinator",
	},
	[FAULT_SIGNAL_DROPPED] = {
		.name = "signal-dropped",
		.reference = "go#44193",
		.taken_out = "a signal is queued in every state of the receiver; without it, not in state fixup",
		.seen_as = "oracle: a lost signal",
	},
	[FAULT_RECEIVER_SLEEPS_ON_NEWS] = {
		.name = "receiver-sleeps-on-news",
		.reference = "runtime/sigqueue.go",
		.taken_out = "the receiver goes to sleep by a compare-and-swap, which fails if there is news",
		.seen_as = "oracle: a lost signal",
	},
	[FAULT_SYSCALL_KEEPS_SLOT] = {
		.name = "syscall-keeps-slot",
		.reference = "runtime/proc.go, entersyscall",
		.taken_out = "a thread that enters a system call looks whether the world is being stopped",
		.seen_as = "livelock of the stop",
	},
	[FAULT_START_FORGETS_RUNNABLE] = {
		.name = "start-forgets-runnable",
		.reference = "runtime/proc.go, startTheWorld",
		.taken_out = "the start of the world gives slots to those who are runnable",
		.seen_as = "livelock: a runnable thread and an idle slot",
	},
	[FAULT_STOP_RIGHT_SHARED] = {
		.name = "stop-right-shared",
		.reference = "go#40459",
		.taken_out = "the right to stop the world is handed to the first who waits for it",
		.seen_as = "crash: two stop at once",
	},
	[FAULT_POLLER_LOWERS_FIRST] = {
		.name = "poller-lowers-first",
		.reference = "runtime/netpoll_epoll.go",
		.taken_out = "a poller takes the break before it says that there is none",
		.seen_as = "livelock: the poller cannot be broken any more",
	},
	[FAULT_TEMPLATE_SLEEPS_ON_REQUEST] = {
		.name = "template-sleeps-on-request",
		.reference = "runtime/proc.go, templateThread",
		.taken_out = "the template thread says that it waits under the lock under which it found nothing",
		.seen_as = "livelock: a newborn that is never made",
	},
	[FAULT_SYSMON_FORGETS_POST] = {
		.name = "sysmon-forgets-post",
		.reference = "runtime/proc.go, sysmon",
		.taken_out = "sysmon waits for a post that it is owed",
		.seen_as = "crash: double wakeup",
	},
	[FAULT_SKIPS_OTHERS] = {
		.name = "skips-others",
		.reference = "A1",
		.taken_out = "the function runs on every other thread",
		.seen_as = "oracle: exactly-once, or atomicity",
	},
	[FAULT_SKIPS_LEADER] = {
		.name = "skips-leader",
		.reference = "A1",
		.taken_out = "the function runs on the leader of the thread group",
		.seen_as = "oracle: exactly-once, or atomicity",
	},
	[FAULT_SKIPS_SYSMON] = {
		.name = "skips-sysmon",
		.reference = "A1",
		.taken_out = "the function runs on sysmon",
		.seen_as = "oracle: exactly-once, or atomicity",
	},
	[FAULT_SKIPS_TEMPLATE] = {
		.name = "skips-template",
		.reference = "A1",
		.taken_out = "the function runs on the template thread",
		.seen_as = "oracle: exactly-once, or atomicity",
	},
	[FAULT_SKIPS_RECEIVER] = {
		.name = "skips-receiver",
		.reference = "A1, go#43149",
		.taken_out = "the function runs on the receiver of signals",
		.seen_as = "oracle: exactly-once, or atomicity",
	},
	[FAULT_SKIPS_POLLERS] = {
		.name = "skips-pollers",
		.reference = "A1",
		.taken_out = "the function runs on the pollers",
		.seen_as = "oracle: exactly-once, or atomicity",
	},
	[FAULT_SKIPS_NEWBORNS] = {
		.name = "skips-newborns",
		.reference = "A1",
		.taken_out = "the function runs on threads that are being born",
		.seen_as = "oracle: exactly-once, or atomicity",
	},
	[FAULT_SKIPS_SYSCALLS] = {
		.name = "skips-syscalls",
		.reference = "A1, go#50113",
		.taken_out = "the function runs on threads that are in a system call",
		.seen_as = "oracle: exactly-once, or atomicity",
	},
	[FAULT_FIXUP_RUN_TWICE] = {
		.name = "fixup-run-twice",
		.reference = "A5",
		.taken_out = "a fixup runs its function once",
		.seen_as = "oracle: exactly-once",
	},
	[FAULT_FIRST_FAILURE_IGNORED] = {
		.name = "first-failure-ignored",
		.reference = "A16",
		.taken_out = "a broadcast whose first call fails ends there",
		.seen_as = "oracle: refusal",
	},
	[FAULT_ARGUMENT_STALE] = {
		.name = "argument-stale",
		.reference = "runtime/proc.go, doAllThreadsSyscall",
		.taken_out = "the function gets the argument of its own broadcast; without it, of the one before",
		.seen_as = "oracle: order, if two broadcast",
	},
	[FAULT_STOP_RIGHT_LIFO] = {
		.name = "stop-right-lifo",
		.reference = "go#40459",
		.taken_out = "the right to stop goes to who has waited longest; without it, to who came last",
		.seen_as = "oracle: fairness, if three stop or more",
	},
	[FAULT_ONE_OF_BATCH] = {
		.name = "one-of-batch",
		.reference = "runtime/sigqueue.go, signal_recv",
		.taken_out = "the receiver hands on every signal that it took; without it, the lowest alone",
		.seen_as = "lost signal, where several numbers are sent",
	},
	[FAULT_UNSUBSCRIBED_IN_NAME] = {
		.name = "unsubscribed-in-name",
		.reference = "os/signal, TestStop",
		.taken_out = "unsubscribing takes the channel off the list",
		.seen_as = "oracle: not-invented",
	},
	[FAULT_FULL_CHANNEL_ENDS_DISPATCH] = {
		.name = "full-channel-ends-dispatch",
		.reference = "os/signal, process",
		.taken_out = "a full channel drops the signal, and the others still get it",
		.seen_as = "oracle: full-channel",
	},
	[FAULT_DISPOSITION_FORGOTTEN] = {
		.name = "disposition-forgotten",
		.reference = "os/signal, TestNohup",
		.taken_out = "a signal that nobody wants any more gets its disposition back; without it, it is ignored",
		.seen_as = "SIGHUP no longer ends the process",
	},
	[FAULT_SERVICE_MASK_NOT_RESTORED] = {
		.name = "service-mask-not-restored",
		.reference = "go#44193 hunk 3",
		.taken_out = "a service thread restores its mask after a fixup",
		.seen_as = "oracle: masks, seen from outside alone",
	},
	[FAULT_HANDLER_RUNS_LONG] = {
		.name = "handler-runs-long",
		.reference = "7e97e4e8 B3",
		.taken_out = "a handler ends; without it, not on the leader",
		.seen_as = "oracle: handler",
	},
	[FAULT_ERRNO_LOST] = {
		.name = "errno-lost",
		.reference = "runtime/signal_unix.go",
		.taken_out = "a handler leaves errno as it found it",
		.seen_as = "oracle: handler-context",
	},
	[FAULT_NO_SIGNAL_STACK] = {
		.name = "no-signal-stack",
		.reference = "runtime/signal_unix.go, sigNotOnStack",
		.taken_out = "a thread has a stack for its handlers",
		.seen_as = "oracle: handler-context",
	},
	[FAULT_HANDLER_NESTS] = {
		.name = "handler-nests",
		.reference = "runtime/os_linux.go, setsig",
		.taken_out = "all signals are blocked while a handler runs",
		.seen_as = "oracle: handler-context",
	},
	[FAULT_CALL_NOT_MADE] = {
		.name = "call-not-made",
		.reference = "A8",
		.taken_out = "the function makes its system call on every thread; without it, where it is called first",
		.seen_as = "oracle: state",
	},
	[FAULT_CHECKS_LEADER_ONLY] = {
		.name = "checks-leader-only",
		.reference = "A3",
		.taken_out = "the oracle inside looks at every thread; without it, at the leader",
		.seen_as = "invalid: not every thread was checked",
	},
	[FAULT_AUDITS_LEADER_ONLY] = {
		.name = "audits-leader-only",
		.reference = "A3",
		.taken_out = "the audit from outside looks at every thread; without it, at the leader",
		.seen_as = "invalid: not every thread was checked",
	},
};

/* The committed fix, and the code before it: its five hunks taken out again. */
#define SEED_FAULTS                                                                      \
	[FAULT_PARK_SPURIOUS] = true, [FAULT_NOTE_SHARED] = true,                        \
	[FAULT_HANDLER_WAITS] = true, [FAULT_RECEIVER_NEEDS_SLOT] = true,                \
	[FAULT_POLLER_BROKEN_ONCE] = true, [FAULT_BLOCKED_UNREACHED] = true,             \
	[FAULT_FIXUP_LOCKED] = true

static const struct fault_preset presets[] = {
	{
		.name = "seed",
		.summary = "Go 7e97e4e8, the committed fix of go#44193",
		.faults.on = { SEED_FAULTS },
	},
	{
		.name = "pre-seed",
		.summary =
			"the parent of Go 7e97e4e8: the five hunks of the fix taken out",
		.faults.on = { SEED_FAULTS, [FAULT_COORDINATOR_UNMASKED] = true,
			[FAULT_SEND_ONLY_YIELDS] = true, [FAULT_FIXUP_UNMASKED] = true,
			[FAULT_COMPLETION_UNDER_LOCK] = true,
			[FAULT_FIXUP_CLEARED_EARLY] = true },
	},
};

enum { PRESET_COUNT = sizeof presets / sizeof presets[0] };

const struct fault_info *fault_info(enum fault fault)
{
	return &faults[fault];
}

const struct fault_preset *fault_preset(size_t index)
{
	return index < PRESET_COUNT ? &presets[index] : NULL;
}

static bool is_name(const char *text, size_t length, const char *name)
{
	return strlen(name) == length && !memcmp(text, name, length);
}

static void add(struct fault_set *set, const struct fault_set *more)
{
	for (size_t f = 0; f < FAULT_COUNT; f++)
		set->on[f] |= more->on[f];
}

static bool add_named(struct fault_set *set, const char *text, size_t length)
{
	for (size_t p = 0; p < PRESET_COUNT; p++) {
		if (is_name(text, length, presets[p].name)) {
			add(set, &presets[p].faults);
			return true;
		}
	}
	for (size_t f = 0; f < FAULT_COUNT; f++) {
		if (is_name(text, length, faults[f].name)) {
			set->on[f] = true;
			return true;
		}
	}
	return is_name(text, length, "none");
}

int fault_parse(
	const char *names, struct fault_set *set, const char **unknown, size_t *length)
{
	if (!*names)
		return 0;
	for (;;) {
		size_t here = strcspn(names, ",");

		if (!add_named(set, names, here)) {
			*unknown = names;
			*length = here;
			return -EINVAL;
		}
		if (!names[here])
			return 0;
		names += here + 1;
	}
}

static bool covers(const struct fault_set *set, const struct fault_set *part)
{
	for (size_t f = 0; f < FAULT_COUNT; f++)
		if (part->on[f] && !set->on[f])
			return false;
	return true;
}

static int append(char *text, size_t size, const char *name)
{
	size_t used = strlen(text);

	if (used + 1 + strlen(name) + 1 > size)
		return -ENOSPC;
	if (used)
		text[used++] = ',';
	memcpy(text + used, name, strlen(name) + 1);
	return 0;
}

/* The last preset covers the most. */
static const struct fault_preset *largest_preset_in(const struct fault_set *set)
{
	for (size_t p = PRESET_COUNT; p-- > 0;)
		if (covers(set, &presets[p].faults))
			return &presets[p];
	return NULL;
}

int fault_print(const struct fault_set *set, char *text, size_t size)
{
	const struct fault_preset *preset = largest_preset_in(set);

	if (!size)
		return -ENOSPC;
	*text = '\0';
	if (preset && append(text, size, preset->name))
		return -ENOSPC;
	for (size_t f = 0; f < FAULT_COUNT; f++) {
		if (!set->on[f] || (preset && preset->faults.on[f]))
			continue;
		if (append(text, size, faults[f].name))
			return -ENOSPC;
	}
	return 0;
}
