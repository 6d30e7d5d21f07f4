/* SPDX-License-Identifier: BSD-2-Clause */
#include "select.h"

#include "tally.h"

#include <errno.h>
#include <fnmatch.h>
#include <stdio.h>
#include <stdlib.h>

static bool fits(const char *pattern, const char *text)
{
	return !pattern || fnmatch(pattern, text, 0) == 0;
}

static bool fits_placement(const char *pattern, const char *placement)
{
	char family[PLACEMENT_SIZE];

	snprintf(family, sizeof family, "%.*s", (int)family_length(placement), placement);
	return fits(pattern, placement) || fits(pattern, family);
}

bool selection_has_cell(const struct selection *s, const struct cell *cell)
{
	return fits(s->case_name, cell->case_name) && fits(s->subject, cell->subject) &&
	       fits(s->fault, *cell->faults ? cell->faults : "none") &&
	       fits_placement(s->placement, cell->placement);
}

bool selection_has_run(const struct selection *s, const struct run_info *info)
{
	const struct machine *machine = &info->machine;

	return fits(s->builder,
		       *machine->builder ? machine->builder : machine->processor) &&
	       (!s->since || info->started >= s->since) &&
	       (!s->until || info->started < s->until);
}

bool selection_is_of_cells(const struct selection *s)
{
	return s->case_name || s->subject || s->fault || s->placement;
}

/* Where each of the cells that stay goes; SIZE_MAX for the others. */
static size_t *plan_places(const struct run *run, const struct selection *s)
{
	size_t *places = malloc((run->count + 1) * sizeof *places), kept = 0;

	for (size_t i = 0; places && i < run->count; i++)
		places[i] = selection_has_cell(s, &run->cells[i]) ? kept++ : SIZE_MAX;
	return places;
}

static void narrow_cells(struct run *run, const size_t *places)
{
	size_t kept = 0;

	for (size_t i = 0; i < run->count; i++) {
		if (places[i] == SIZE_MAX)
			continue;
		run->cells[kept] = run->cells[i];
		run->outcomes[kept] = run->outcomes[i];
		run->numbers[kept++] = run->numbers[i];
	}
	run->count = kept;
}

static void narrow_rounds(struct run *run, const size_t *places)
{
	size_t kept = 0;

	for (size_t i = 0; i < run->round_count; i++) {
		if (places[run->rounds[i].at] == SIZE_MAX)
			continue;
		run->rounds[kept] = run->rounds[i];
		run->rounds[kept].at = places[run->rounds[i].at];
		kept++;
	}
	run->round_count = kept;
}

static bool number_cells(struct run *run)
{
	if (run->numbers)
		return true;
	run->numbers = malloc((run->count + 1) * sizeof *run->numbers);
	for (size_t i = 0; run->numbers && i < run->count; i++)
		run->numbers[i] = i;
	return run->numbers;
}

int run_narrow(struct run *run, const struct selection *s)
{
	size_t *places = plan_places(run, s);

	if (!places || !number_cells(run)) {
		free(places);
		return -ENOMEM;
	}
	narrow_rounds(run, places);
	narrow_cells(run, places);
	free(places);
	return 0;
}
