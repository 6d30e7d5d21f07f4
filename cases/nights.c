/* SPDX-License-Identifier: BSD-2-Clause */
#include "nights.h"

#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define SECOND	 INT64_C(1000000000)
#define HOUR	 (3600 * SECOND)
#define DAY	 (24 * HOUR)
#define NEW_YEAR (INT64_C(1767225600) * SECOND)

const struct nights nights_usual = {
	.nights = 80, .builders = 2, .cases = 10, .cells = 4, .cycles = 20000, .flaky = 3
};

static const char *const subjects[] = { "cooperative", "directed" };
static const char *const placements[] = { "unbound", "one-pu", "spread", "by-role:1" };
enum { SUBJECTS = 2, PLACEMENTS = 4 };

static double uniform(struct random *drawn)
{
	return ((double)(random_next(drawn) >> 11) + 0.5) * 0x1p-53;
}

static size_t row_of(const struct nights *n, size_t cell)
{
	return cell / (PLACEMENTS * n->cells);
}

static double rate_of_row(const struct nights *n, size_t row, uint64_t night)
{
	if (row < n->flaky)
		return n->planted[TRUTH_REGRESSION] && row == 0 &&
				       night >= NIGHT_REGRESSION
			       ? 10 * NIGHTS_RATE
			       : NIGHTS_RATE;
	if (row == n->flaky && n->planted[TRUTH_GONE] && night <= NIGHT_GONE)
		return 10 * NIGHTS_RATE;
	return 0;
}

static void draw_cell(struct nights *n, size_t number, struct cell *cell)
{
	size_t row = row_of(n, number);

	snprintf(cell->case_name, sizeof cell->case_name, "case-%zu", row / SUBJECTS);
	strcpy(cell->subject, subjects[row % SUBJECTS]);
	strcpy(cell->placement, placements[number / n->cells % PLACEMENTS]);
	strcpy(cell->target, number & 1 ? "rotate" : "process");
	cell->slots = 2;
	cell->seed = random_next(&n->drawn);
	cell->cycles = n->cycles;
	cell->expected = row < n->flaky ? EXPECT_NOTHING : EXPECT_GREEN;
}

/* A cell fails after a time that is exponential in cycles; the last cycle counts. */
static void draw_outcome(struct nights *n, const struct cell *cell, double rate,
	bool broken, struct outcome *outcome)
{
	double fails_at = rate > 0 ? -log(uniform(&n->drawn)) / rate : INFINITY;

	outcome->verdict = VERDICT_PASS;
	outcome->cycles = cell->cycles;
	if (broken && uniform(&n->drawn) < 0.9) {
		outcome->verdict = VERDICT_CRASH;
		outcome->cycles = 3;
		strcpy(outcome->reason, "SIGILL");
	} else if (fails_at < (double)cell->cycles) {
		outcome->verdict = VERDICT_DEADLOCK;
		outcome->cycles = (uint64_t)fails_at;
		snprintf(outcome->reason, sizeof outcome->reason,
			"everybody sleeps after cycle %" PRIu64
			" (coordinator: note_sleep); 3 threads",
			outcome->cycles);
	}
	outcome->sent = outcome->handled = outcome->received = outcome->cycles;
	outcome->overlaps[0] = outcome->cycles;
	outcome->wall = outcome->cycles * 50000;
	strcpy(outcome->achieved, cell->placement);
}

static void describe(
	struct nights *n, struct run_info *info, uint64_t night, uint64_t builder)
{
	info->started = NEW_YEAR + (int64_t)(night - 1) * DAY + (int64_t)builder * HOUR;
	info->finished = info->started + HOUR / 2;
	info->seed = random_next(&n->drawn);
	strcpy(info->version, "generated");
	strcpy(info->command, "make-history");
	snprintf(info->machine.builder, NAME_SIZE, "builder-%" PRIu64, builder);
	strcpy(info->machine.architecture, "x86_64");
	strcpy(info->machine.processor, "A processor");
	strcpy(info->machine.byte_order, "little-endian");
	info->machine.processing_units = info->machine.cores = 2;
	info->machine.emulated = builder > 1;
}

static struct run *new_run(size_t count)
{
	struct run *run = calloc(1, sizeof *run);

	if (!run)
		abort();
	run->count = count;
	run->cells = calloc(count, sizeof *run->cells);
	run->outcomes = calloc(count, sizeof *run->outcomes);
	if (!run->cells || !run->outcomes)
		abort();
	return run;
}

struct run *nights_draw(struct nights *n, uint64_t night, uint64_t builder)
{
	bool killed = n->planted[TRUTH_SHORT] && night == NIGHT_SHORT && builder == 1;
	bool broken = n->planted[TRUTH_BROKEN] && night >= NIGHT_BROKEN &&
		      night < NIGHT_MENDED && builder == n->builders;
	struct run *run;

	if (n->planted[TRUTH_MISSING] && night == NIGHT_MISSING)
		return NULL;
	run = new_run(n->cases * SUBJECTS * PLACEMENTS * n->cells);
	describe(n, &run->info, night, builder);
	for (size_t i = 0; i < run->count; i++) {
		draw_cell(n, i, &run->cells[i]);
		if (!killed || i < run->count / 2)
			draw_outcome(n, &run->cells[i],
				rate_of_row(n, row_of(n, i), night), broken,
				&run->outcomes[i]);
	}
	if (killed)
		run->info.finished = 0;
	return run;
}
