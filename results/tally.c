/* SPDX-License-Identifier: BSD-2-Clause */
#include "tally.h"

#include "score.h"

#include <string.h>

bool same_row(const struct cell *a, const struct cell *b)
{
	return !strcmp(a->case_name, b->case_name) && !strcmp(a->subject, b->subject) &&
	       !strcmp(a->faults, b->faults) && is_of_score(a) == is_of_score(b);
}

bool is_first_of_row(const struct run *run, size_t i)
{
	if (is_of_score(&run->cells[i]))
		return false;
	for (size_t k = 0; k < i; k++)
		if (same_row(&run->cells[k], &run->cells[i]))
			return false;
	return true;
}

static void count(
	struct tally *tally, const struct cell *cell, const struct outcome *outcome)
{
	size_t cells = 1 + outcome->more;

	tally->cells += cells;
	tally->of[outcome->verdict] += cells;
	tally->of_standing[cell_standing(cell, outcome)] += cells;
}

size_t family_length(const char *placement)
{
	return strcspn(placement, ":");
}

bool same_family(const char *placement, const char *other)
{
	size_t length = family_length(placement);

	return length == family_length(other) && !strncmp(placement, other, length);
}

struct tally tally_row(
	const struct run *run, const struct cell *row, const char *placement)
{
	struct tally tally = { 0 };

	for (size_t i = 0; i < run->count; i++) {
		const struct cell *cell = &run->cells[i];

		if (same_row(cell, row) &&
			(!placement || same_family(cell->placement, placement)))
			count(&tally, cell, &run->outcomes[i]);
	}
	return tally;
}

struct tally tally_run(const struct run *run)
{
	struct tally tally = { 0 };

	for (size_t i = 0; i < run->count; i++)
		count(&tally, &run->cells[i], &run->outcomes[i]);
	return tally;
}

size_t red_cells(const struct tally *tally)
{
	size_t red = 0;

	for (enum verdict v = 0; v < VERDICT_COUNT; v++)
		red += verdict_is_red(v) ? tally->of[v] : 0;
	return red;
}
