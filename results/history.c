/* SPDX-License-Identifier: BSD-2-Clause */
#include "history.h"

#include "rate.h"
#include "score.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

static bool is_row(const struct history_row *row, const struct cell *cell)
{
	return !strcmp(row->case_name, cell->case_name) &&
	       !strcmp(row->subject, cell->subject) && !strcmp(row->faults, cell->faults);
}

size_t history_row(const struct history *h, const struct cell *cell)
{
	size_t row = 0;

	while (row < h->row_count && !is_row(&h->rows[row], cell))
		row++;
	return is_of_score(cell) ? h->row_count : row;
}

/* The number of the cell's row, which is made if there is none; SIZE_MAX without memory. */
static size_t row_of(struct history *h, const struct cell *cell)
{
	struct history_row *rows;

	for (size_t r = h->row_count; r-- > 0;)
		if (is_row(&h->rows[r], cell))
			return r;
	rows = realloc(h->rows, (h->row_count + 1) * sizeof *rows);
	if (!rows)
		return SIZE_MAX;
	h->rows = rows;
	memcpy(rows[h->row_count].case_name, cell->case_name, NAME_SIZE);
	memcpy(rows[h->row_count].subject, cell->subject, NAME_SIZE);
	memcpy(rows[h->row_count].faults, cell->faults, FAULTS_SIZE);
	return h->row_count++;
}

static size_t builder_of(struct history *h, const struct machine *machine)
{
	struct machine *builders;

	for (size_t b = 0; b < h->builder_count; b++)
		if (!strcmp(h->builders[b].builder, machine->builder) &&
			same_hardware(&h->builders[b], machine))
			return b;
	builders = realloc(h->builders, (h->builder_count + 1) * sizeof *builders);
	if (!builders)
		return SIZE_MAX;
	h->builders = builders;
	builders[h->builder_count] = *machine;
	return h->builder_count++;
}

/* Room for the cells of that row. */
static struct history_cells *cells_of(struct history_night *night, size_t row)
{
	if (row >= night->row_count) {
		struct history_cells *rows =
			realloc(night->rows, (row + 1) * sizeof *rows);

		if (!rows)
			return NULL;
		memset(rows + night->row_count, 0,
			(row + 1 - night->row_count) * sizeof *rows);
		night->rows = rows;
		night->row_count = row + 1;
	}
	return &night->rows[row];
}

static void add_cell(
	struct history_cells *sum, const struct cell *cell, const struct outcome *outcome)
{
	size_t cells = 1 + outcome->more;
	bool red = verdict_is_red(outcome->verdict);
	struct rate rate = { 0 };

	sum->cells += cells;
	if (cell->expected != EXPECT_NOTHING)
		sum->asked += cells;
	if (verdict_is_unsure(outcome->verdict))
		sum->unsure += cells;
	sum->red += red ? cells : 0;
	if (red || outcome->verdict == VERDICT_PASS)
		sum->judged += cells;
	if (cell_standing(cell, outcome) == STANDING_UNEXPECTED)
		sum->unexpected += cells;
	if (red && cell->expected == EXPECT_GREEN)
		sum->forbidden += cells;
	if (cell->expected == EXPECT_RED)
		return;
	rate_add(&rate, cell, outcome);
	sum->failures += rate.failures;
	sum->exposure += rate.exposure;
	sum->runs |= rate.runs;
}

static int add_cells(
	struct history *h, struct history_night *night, const struct run *run)
{
	for (size_t i = 0; i < run->count; i++) {
		const struct outcome *outcome = &run->outcomes[i];
		size_t cells = 1 + outcome->more, row;
		struct history_cells *sum;

		night->cells += cells;
		if (outcome->verdict == VERDICT_MISSING)
			night->missing += cells;
		if (verdict_is_unsure(outcome->verdict))
			night->unsure += cells;
		if (is_of_score(&run->cells[i]))
			continue;
		row = row_of(h, &run->cells[i]);
		sum = row == SIZE_MAX ? NULL : cells_of(night, row);
		if (!sum)
			return -ENOMEM;
		add_cell(sum, &run->cells[i], outcome);
	}
	return 0;
}

int history_add(struct history *h, const struct run *run)
{
	struct history_night *nights =
		realloc(h->nights, (h->count + 1) * sizeof *nights);
	struct history_night night = { .id = run->info.id,
		.started = run->info.started,
		.builder = builder_of(h, &run->info.machine) };

	if (nights)
		h->nights = nights;
	if (!nights || night.builder == SIZE_MAX || add_cells(h, &night, run)) {
		free(night.rows);
		return -ENOMEM;
	}
	nights[h->count++] = night;
	return 0;
}

struct history_cells history_at(const struct history *h, size_t night, size_t row)
{
	const struct history_night *n = &h->nights[night];

	return row < n->row_count ? n->rows[row] : (struct history_cells){ 0 };
}

void history_free(struct history *h)
{
	for (size_t n = 0; n < h->count; n++)
		free(h->nights[n].rows);
	free(h->nights);
	free(h->rows);
	free(h->builders);
}
