/* SPDX-License-Identifier: BSD-2-Clause */
#include "recipe.h"

#include "minimise.h"

#include "runners/commands.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const char *const tail_names[] = { "none", "still", "alone", "never" };

char *recipe_print(const struct program *program, const struct schedule *list,
	const struct attempt *failure)
{
	char name[PROGRAM_TEXT], *actions = schedule_print(list), *recipe = NULL;

	program_print(program, name);
	if (!actions || asprintf(&recipe, "%s:%s/%s", name, actions,
				tail_names[tail_of(failure)]) < 0)
		abort();
	free(actions);
	return recipe;
}

static bool tail_of_name(const char *slash, enum tail *tail)
{
	for (*tail = TAIL_NONE; slash && *tail <= TAIL_NEVER; ++*tail)
		if (!strcmp(tail_names[*tail], slash + 1))
			return true;
	return false;
}

int recipe_parse(
	const char *text, struct program *program, struct schedule *list, enum tail *tail)
{
	char complaint[256];
	const char *actions, *where;

	if (program_parse(program, text, &actions, complaint, sizeof complaint))
		return complain("%s", complaint);
	if (!tail_of_name(strchr(actions, '/'), tail))
		return complain("schedule: it ends in /none, /still, /alone or /never");
	if (schedule_parse(list, actions, &where))
		return complain("schedule: not an action: '%.20s' (expected 3.12, 3!1 or "
				"3~)",
			where);
	return 0;
}
