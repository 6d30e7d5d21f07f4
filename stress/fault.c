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
		.seen_as = "nothing alone; makes handler-waits wait for the end of the broadcast",
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
