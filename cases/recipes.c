/* SPDX-License-Identifier: BSD-2-Clause */
/* The table of recipes. A fault without one is hunted for (runners/power.c). */
#include "recipes.h"

static const struct recipe recipes[] = {
	/* The mechanism as the seed has it, piece by piece. */
	{ FAULT_PARK_SPURIOUS, .case_name = "hup-broadcast", .quick = true },
	{ FAULT_NOTE_SHARED, .case_name = "hup-broadcast", .quick = true },
	{ FAULT_HANDLER_WAITS, .case_name = "hup-broadcast", .slots = 1,
		.target = "rotate", .quick = true },
	/* The subject directed, and both. */
	{ FAULT_DIRECTED_QUOTA, .case_name = "broadcast-only" },
	{ FAULT_DIRECTED_BLOCKED, .case_name = "broadcast-only" },
	{ FAULT_DIRECTED_INTERRUPTS, .case_name = "blocked-read", .quick = true },
	{ FAULT_DIRECTED_OFF_STACK, .case_name = "broadcast-only", .quick = true },
	{ FAULT_DIRECTED_UNDEFINED, .case_name = "broadcast-only", .quick = true },
	{ FAULT_DIRECTED_COLLISION, .case_name = "signal-trace", .cycles = 100 },
	{ FAULT_DIRECTED_STALE_TID, .case_name = "hup-broadcast", .target = "rotate",
		.quick = true },
	{ FAULT_DIRECTED_SENDS_EARLY, .case_name = "hup-broadcast", .target = "rotate" },
	{ FAULT_DIRECTED_BIRTH_PARKS, .case_name = "hup-broadcast", .target = "rotate" },
	{ FAULT_DIRECTED_UNSTOPPED, .case_name = "hup-broadcast", .target = "rotate",
		.quick = true },
	{ FAULT_DIRECTED_ARGUMENTS_REUSED, .case_name = "hup-broadcast",
		.target = "rotate", .quick = true },
	{ FAULT_DIRECTED_KIND_UNHANDLED, .case_name = "broadcast-only" },
	{ FAULT_EXIT_LEAVES_LIST_LATE, .subject = "directed",
		.case_name = "hup-broadcast", .target = "rotate" },
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
