/* SPDX-License-Identifier: BSD-2-Clause */
#include "compare_rows.h"

#include "statistics.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

struct item {
	const struct cell *cell;
	const struct outcome *outcome;
	bool now;
};

/* A control is the same cell without its noise, and not the same row. */
static int control_of(const struct cell *cell)
{
	return *cell->sign ? 1 + (cell->expected == EXPECT_NOTHING) : 0;
}

static int by_row(const struct cell *a, const struct cell *b)
{
	const char *const texts[][2] = { { a->case_name, b->case_name },
		{ a->subject, b->subject }, { a->faults, b->faults },
		{ a->noise, b->noise }, { a->perturbation, b->perturbation },
		{ a->world, b->world } };

	if (a->engine != b->engine)
		return a->engine < b->engine ? -1 : 1;
	if (control_of(a) != control_of(b))
		return control_of(a) - control_of(b);
	for (size_t i = 0; i < sizeof texts / sizeof texts[0]; i++) {
		int order = strcmp(texts[i][0], texts[i][1]);

		if (order)
			return order;
	}
	return 0;
}

/* By row, by placement, and those of the later run first. */
static int by_place(const void *a, const void *b)
{
	const struct item *x = a, *y = b;
	int order = by_row(x->cell, y->cell);

	if (!order)
		order = strcmp(x->cell->placement, y->cell->placement);
	return order ? order : (int)y->now - (int)x->now;
}

static struct item *sort_items(
	const struct run *before, const struct run *now, size_t *count)
{
	struct item *items = malloc((before->count + now->count + 1) * sizeof *items);

	*count = 0;
	if (!items)
		return NULL;
	for (size_t i = 0; i < before->count; i++)
		items[(*count)++] =
			(struct item){ &before->cells[i], &before->outcomes[i], false };
	for (size_t i = 0; i < now->count; i++)
		items[(*count)++] =
			(struct item){ &now->cells[i], &now->outcomes[i], true };
	qsort(items, *count, sizeof *items, by_place);
	return items;
}

static bool is_judged(const struct item *item)
{
	return item->outcome->verdict == VERDICT_PASS ||
	       verdict_is_red(item->outcome->verdict);
}

static void count_item(struct counted *counted, const struct item *item)
{
	size_t cells = 1 + item->outcome->more;

	counted->cells += cells;
	rate_add(&counted->rate, item->cell, item->outcome);
	counted->of[item->outcome->verdict] += cells;
}

static void add_item(struct side *side, const struct item *item, bool both)
{
	size_t cells = 1 + item->outcome->more, forbidden = 0;

	if (verdict_is_red(item->outcome->verdict) &&
		item->cell->expected == EXPECT_GREEN)
		forbidden = cells;
	side->cells += cells;
	if (!is_judged(item))
		return;
	side->forbidden += forbidden;
	side->tried += both ? forbidden : 0;
	side->apart += both ? 0 : cells;
	count_item(&side->all, item);
	if (both)
		count_item(&side->pooled, item);
}

/* The cells of one row in one placement. */
static void add_place(struct compared *row, const struct item *items, size_t count)
{
	bool judged[2] = { false, false };

	for (size_t i = 0; i < count; i++)
		judged[items[i].now] |= is_judged(&items[i]);
	for (size_t i = 0; i < count; i++)
		add_item(items[i].now ? &row->now : &row->before, &items[i],
			judged[0] && judged[1]);
}

/* Of those at the front, how many belong to one row and placement. */
static size_t place_size(const struct item *items, size_t count)
{
	size_t size = 1;

	while (size < count && !by_row(items[size].cell, items->cell) &&
		!strcmp(items[size].cell->placement, items->cell->placement))
		size++;
	return size;
}

struct compared *compare_rows(
	const struct run *before, const struct run *now, size_t *count)
{
	size_t items_count, size;
	struct item *items = sort_items(before, now, &items_count);
	struct compared *rows = calloc(items_count + 1, sizeof *rows), *row = NULL;

	*count = 0;
	for (size_t i = 0; items && rows && i < items_count; i += size) {
		size = place_size(&items[i], items_count - i);
		if (!row || by_row(row->cell, items[i].cell)) {
			row = &rows[(*count)++];
			row->cell = items[i].cell;
		} else if (items[i].now && !row->now.cells) {
			row->cell = items[i].cell;
		}
		add_place(row, &items[i], size);
	}
	if (!items) {
		free(rows);
		rows = NULL;
	}
	free(items);
	return rows;
}

static int by_cell(const void *key, const void *row)
{
	return by_row(key, ((const struct compared *)row)->cell);
}

struct compared *compared_find(
	struct compared *rows, size_t count, const struct cell *cell)
{
	return bsearch(cell, rows, count, sizeof *rows, by_cell);
}

/* What needs no test; CHANGE_NONE if that is none of it. */
static enum change change_without_test(const struct compared *row)
{
	const struct side *before = &row->before, *now = &row->now;

	if (now->forbidden)
		return before->forbidden ? CHANGE_STILL : CHANGE_NEW;
	if (before->forbidden)
		return before->tried == before->forbidden ? CHANGE_GONE : CHANGE_UNTRIED;
	if (!before->pooled.cells || !now->pooled.cells)
		return CHANGE_UNTESTED;
	return CHANGE_NONE;
}

/* A row without any failure can never differ, and is not counted as a test; nor is one
 * without a rate. */
static bool is_tested(const struct compared *row)
{
	const struct rate *before = &row->before.pooled.rate;
	const struct rate *now = &row->now.pooled.rate;

	return row->change == CHANGE_NONE && before->exposure && now->exposure &&
	       before->failures + now->failures > 0;
}

static enum change direction(const struct rate *before, const struct rate *now)
{
	return (double)now->failures * (double)before->exposure >
			       (double)before->failures * (double)now->exposure
		       ? CHANGE_MORE
		       : CHANGE_LESS;
}

static double probability(const struct compared *row)
{
	const struct rate *before = &row->before.pooled.rate;
	const struct rate *now = &row->now.pooled.rate;

	return rates_equal(before->failures, (double)before->exposure, now->failures,
		(double)now->exposure);
}

int compared_judge(struct compared *rows, size_t count, double false_discoveries)
{
	double *p = malloc((count + 1) * sizeof *p);
	size_t tests = 0;
	int error;

	if (!p)
		return -ENOMEM;
	for (size_t i = 0; i < count; i++)
		rows[i].change = change_without_test(&rows[i]);
	for (size_t i = 0; i < count; i++)
		if (is_tested(&rows[i]))
			p[tests++] = probability(&rows[i]);
	error = adjust_false_discoveries(p, tests);
	for (size_t i = 0, k = 0; i < count && !error; i++) {
		if (!is_tested(&rows[i]))
			continue;
		rows[i].p = p[k++];
		if (rows[i].p <= false_discoveries)
			rows[i].change = direction(
				&rows[i].before.pooled.rate, &rows[i].now.pooled.rate);
	}
	free(p);
	return error;
}
