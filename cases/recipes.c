/* SPDX-License-Identifier: BSD-2-Clause */
/* The table of recipes. A fault without one is hunted for (runners/power.c). */
#include "recipes.h"

static const struct recipe recipes[] = {
	/* The mechanism as the seed has it, piece by piece. */
	{ FAULT_PARK_SPURIOUS, .case_name = "hup-broadcast", .quick = true },
	{ FAULT_NOTE_SHARED, .case_name = "hup-broadcast", .quick = true },
	{ FAULT_HANDLER_WAITS, .case_name = "hup-broadcast", .slots = 1,
		.target = "rotate", .quick = true },
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
