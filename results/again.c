/* SPDX-License-Identifier: BSD-2-Clause */
#include "again.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

static size_t add(
	char *text, size_t size, size_t used, const char *option, const char *value)
{
	int more = snprintf(text + used, size - used, " --%s %s", option, value);

	return more < 0 || used + (size_t)more >= size ? size - 1 : used + (size_t)more;
}

static size_t add_number(
	char *text, size_t size, size_t used, const char *option, uint64_t value)
{
	char number[32];

	snprintf(number, sizeof number, "%" PRIu64, value);
	return add(text, size, used, option, number);
}

/* What every cell has; what is explored has a world in place of a case. */
static size_t add_subject(
	const struct cell *cell, const char *command, char *text, size_t size)
{
	size_t used = (size_t)snprintf(text, size, "hupstorm %s", command);

	if (cell->engine == ENGINE_STORM)
		used = add(text, size, used, "case", cell->case_name);
	used = add(text, size, used, "subject", cell->subject);
	return add(text, size, used, "fault", *cell->faults ? cell->faults : "none");
}

/* The words of the world are options. */
static void explore_command(
	const struct cell *cell, const struct outcome *outcome, char *text, size_t size)
{
	char world[WORLD_SIZE], *rest, *word;
	size_t used;

	if (*outcome->schedule) {
		snprintf(text, size, "hupstorm replay '%s'", outcome->schedule);
		return;
	}
	used = add_subject(cell, "explore", text, size);
	used = add_number(text, size, used, "slots", cell->slots);
	memcpy(world, cell->world, sizeof world);
	for (word = strtok_r(world, " ", &rest); word && used < size;
		word = strtok_r(NULL, " ", &rest))
		used += (size_t)snprintf(text + used, size - used, " --%s", word);
	if (used < size)
		add_number(text, size, used, "seed", cell->seed);
}

static void storm_command(const struct cell *cell, char *text, size_t size)
{
	char number[64];
	size_t used = add_subject(cell, "run", text, size);

	used = add(text, size, used, "placement", cell->placement);
	used = add_number(text, size, used, "slots", cell->slots);
	used = add(text, size, used, "coordinator",
		cell->coordinator_on_leader ? "leader" : "thread");
	used = add(text, size, used, "target", cell->target);
	if (cell->nudge && used + sizeof " --nudge" < size)
		used += (size_t)snprintf(text + used, size - used, " --nudge");
	if (*cell->noise)
		used = add(text, size, used, "noise", cell->noise);
	if (*cell->perturbation)
		used = add(text, size, used, "perturb", cell->perturbation);
	if (cell->workers)
		used = add_number(text, size, used, "workers", cell->workers);
	/* A known-red cell runs until it is red. */
	if (cell->expected != EXPECT_RED && cell->cycles != CYCLES_NO_END)
		used = add_number(text, size, used, "cycles", cell->cycles);
	if (cell->expected != EXPECT_RED && cell->time_limit) {
		snprintf(number, sizeof number, "%.3fs", (double)cell->time_limit / 1e9);
		used = add(text, size, used, "budget", number);
	}
	snprintf(number, sizeof number, "%#" PRIx64, cell->seed);
	add(text, size, used, "seed", number);
}

void cell_command(
	const struct cell *cell, const struct outcome *outcome, char *text, size_t size)
{
	switch (cell->engine) {
	case ENGINE_EXPLORED:
		explore_command(cell, outcome, text, size);
		return;
	case ENGINE_EXECUTED:
		snprintf(text, size, "hupstorm exec --runs 1 --seed %#" PRIx64 "%s%s%s",
			cell->seed, *cell->perturbation ? " --perturb " : "",
			cell->perturbation, cell->world);
		return;
	default:
		storm_command(cell, text, size);
	}
}
