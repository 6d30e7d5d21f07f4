/* SPDX-License-Identifier: BSD-2-Clause */
#include "results.h"

#include <stdlib.h>
#include <string.h>

const char *engine_name(enum engine engine)
{
	static const char *const names[ENGINE_COUNT] = { "storm", "explored",
		"executed" };

	return names[engine];
}

enum engine engine_named(const char *name)
{
	enum engine e = ENGINE_COUNT - 1;

	while (e > ENGINE_STORM && strcmp(engine_name(e), name))
		e--;
	return e;
}

static const char *const names[VERDICT_COUNT] = {
	[VERDICT_MISSING] = "missing",
	[VERDICT_PASS] = "pass",
	[VERDICT_DEADLOCK] = "deadlock",
	[VERDICT_LIVELOCK] = "livelock",
	[VERDICT_LOST_SIGNAL] = "lost-signal",
	[VERDICT_ORACLE] = "oracle",
	[VERDICT_CRASH] = "crash",
	[VERDICT_SLOW] = "slow",
	[VERDICT_STARVED] = "starved",
	[VERDICT_INVALID] = "invalid",
	[VERDICT_SKIPPED] = "skipped",
};

const char *verdict_name(enum verdict verdict)
{
	return names[verdict];
}

enum verdict verdict_named(const char *name)
{
	enum verdict v = 0;

	while (v < VERDICT_COUNT && strcmp(names[v], name))
		v++;
	return v;
}

bool verdict_is_red(enum verdict verdict)
{
	return verdict >= VERDICT_DEADLOCK && verdict <= VERDICT_CRASH;
}

bool verdict_is_unsure(enum verdict verdict)
{
	return verdict == VERDICT_SLOW || verdict == VERDICT_STARVED ||
	       verdict == VERDICT_INVALID;
}

bool cell_shows_sign(const struct cell *cell, const struct outcome *outcome)
{
	const char *verdict = verdict_name(outcome->verdict);
	size_t length = strcspn(cell->sign, "?:");
	const char *words = strstr(cell->sign, ": ");
	bool any = !length || !strncmp(cell->sign, "red", length);

	if (any ? !verdict_is_red(outcome->verdict)
		: strlen(verdict) != length || strncmp(verdict, cell->sign, length) != 0)
		return false;
	return !words || strstr(outcome->reason, words + 2);
}

static enum standing standing_by_sign(
	const struct cell *cell, const struct outcome *outcome)
{
	if (cell_shows_sign(cell, outcome))
		return STANDING_AS_EXPECTED;
	return outcome->verdict == VERDICT_PASS ? STANDING_UNEXPECTED
						: STANDING_NOT_JUDGED;
}

enum standing cell_standing(const struct cell *cell, const struct outcome *outcome)
{
	bool red = verdict_is_red(outcome->verdict);

	if (cell->expected == EXPECT_NOTHING)
		return STANDING_NOT_JUDGED;
	if (*cell->sign)
		return standing_by_sign(cell, outcome);
	if (!red && outcome->verdict != VERDICT_PASS)
		return STANDING_NOT_JUDGED;
	return red == (cell->expected == EXPECT_RED) ? STANDING_AS_EXPECTED
						     : STANDING_UNEXPECTED;
}

bool same_hardware(const struct machine *a, const struct machine *b)
{
	return !strcmp(a->architecture, b->architecture) &&
	       !strcmp(a->processor, b->processor) &&
	       a->processing_units == b->processing_units && a->cores == b->cores &&
	       a->emulated == b->emulated;
}

size_t run_standing(const struct run *run, enum standing standing)
{
	size_t cells = 0;

	for (size_t i = 0; i < run->count; i++)
		cells += cell_standing(&run->cells[i], &run->outcomes[i]) == standing;
	return cells;
}

void run_free(struct run *run)
{
	if (!run)
		return;
	free(run->cells);
	free(run->outcomes);
	free(run);
}
