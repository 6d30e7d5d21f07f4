/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The way of signals, from what the runtime tells of it.
 *
 * The state of the queue (sigqueue.c) changes in these ways and no others. A sender makes
 * `sending` of whatever it is. The receiver makes idle of whatever it may find, but never
 * of `receiving`, which only the one who wakes it may leave, and `receiving` of idle
 * alone. A coordinator makes fixup of `receiving`. What a sender does in the design of the
 * seed is not told.
 *
 * How long the state is fixup is counted in steps of the receiver: it leaves the state as
 * soon as it is awake and has run its fixup, before it asks for a slot. In the design of
 * the seed it does not; there the hang of a sender that waits for it is the evidence.
 */
#include "oracle.h"
#include "runtime.h"

static const bool allowed[SIGNAL_ROLES][SIGNAL_STATES][SIGNAL_STATES] = {
	[BY_SENDER] = {
		[SIGNAL_IDLE][SIGNAL_SENDING] = true,
		[SIGNAL_SENDING][SIGNAL_SENDING] = true,
		[SIGNAL_RECEIVING][SIGNAL_SENDING] = true,
		[SIGNAL_FIXUP][SIGNAL_SENDING] = true,
	},
	[BY_RECEIVER] = {
		[SIGNAL_IDLE][SIGNAL_IDLE] = true,
		[SIGNAL_SENDING][SIGNAL_IDLE] = true,
		[SIGNAL_FIXUP][SIGNAL_IDLE] = true,
		[SIGNAL_IDLE][SIGNAL_RECEIVING] = true,
	},
	[BY_COORDINATOR] = { [SIGNAL_RECEIVING][SIGNAL_FIXUP] = true },
};

static const char *const roles[SIGNAL_ROLES] = { "a sender", "the receiver",
	"a coordinator" };
static const char *const states[SIGNAL_STATES] = { "idle", "sending", "receiving",
	"fixup" };

static void check_transition(int role, int from, int to)
{
	if (allowed[role][from][to] ||
		!os_counted(&world->observed.transitions[role][from][to]))
		return;
	oracle_broken(ORACLE_SIGNAL_QUEUE, "%s has made %s of %s", roles[role],
		states[to], states[from]);
}

static void check_transitions(void)
{
	for (int role = 0; role < SIGNAL_ROLES; role++)
		for (int from = 0; from < SIGNAL_STATES; from++)
			for (int to = 0; to < SIGNAL_STATES; to++)
				check_transition(role, from, to);
}

/* The receiver hands on with a slot, so in a stopped world it is not in the middle of it.
 */
static void check_sums(void)
{
	const struct world_counters *counters = world_counters();
	uint64_t due = os_counted(&world->observed.due);
	uint64_t delivered = os_counted(&counters->delivered);
	uint64_t dropped = os_counted(&counters->dropped);

	if (due != delivered + dropped)
		oracle_broken(ORACLE_FULL_CHANNEL,
			"%lu were due to channels, %lu were delivered and %lu dropped",
			(unsigned long)due, (unsigned long)delivered,
			(unsigned long)dropped);
}

void oracle_check_signals(void)
{
	check_transitions();
	check_sums();
}

void oracle_check_receiver(void)
{
	uint64_t overstayed = os_counted(&world->observed.fixups_overstayed);

	if (overstayed)
		oracle_broken(ORACLE_SIGNAL_QUEUE,
			"the receiver asked for a slot in state fixup, %lu times",
			(unsigned long)overstayed);
}
