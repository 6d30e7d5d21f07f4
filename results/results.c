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

bool verdict_is_hang(enum verdict verdict)
{
	return verdict == VERDICT_DEADLOCK || verdict == VERDICT_LIVELOCK ||
	       verdict == VERDICT_LOST_SIGNAL;
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

bool sign_is_shown(const char *sign, enum verdict verdict, const char *reason)
{
	const char *name = verdict_name(verdict);
	size_t length = strcspn(sign, "?:");
	const char *words = strstr(sign, ": ");
	bool any = !length || !strncmp(sign, "red", length);

	if (any ? !verdict_is_red(verdict)
		: strlen(name) != length || strncmp(name, sign, length) != 0)
		return false;
	return !words || strstr(reason, words + 2);
}

bool cell_shows_sign(const struct cell *cell, const struct outcome *outcome)
{
	return sign_is_shown(cell->sign, outcome->verdict, outcome->reason);
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

size_t run_number(const struct run *run, size_t i)
{
	return 1 + (run->numbers ? run->numbers[i] : i);
}

size_t run_standing(const struct run *run, enum standing standing)
{
	size_t cells = 0;

	for (size_t i = 0; i < run->count; i++)
		if (cell_standing(&run->cells[i], &run->outcomes[i]) == standing)
			cells += 1 + run->outcomes[i].more;
	return cells;
}

void run_free(struct run *run)
{
	if (!run)
		return;
	free(run->cells);
	free(run->outcomes);
	free(run->numbers);
	free(run->rounds);
	free(run);
}
