/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * A store of nights that never were, with truths planted in it, for the tests of what the reports say.
 *
 *	make-history STORE [NAME=NUMBER ...] [TRUTH ...]
 *
 * Each night each builder runs the same plan: some cases on two subjects in some placements. Most rows never
 * fail; FLAKY of them, of which nothing is expected, fail at a rate that does not change. The truths:
 *
 *	regression	from night 37 on a flaky row fails ten times as often
 *	gone		the failures of a green row end with night 20
 *	broken		from night 50 to 54 nearly everything crashes on the last builder
 *	missing		there is no night 60
 *	short		night 45 was killed halfway, on the first builder
 *
 * Nights and builders count from 1.
 */
#include "results/store_inside.h"
#include "stress/random.h"

#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { REGRESSION = 37, GONE = 20, BROKEN = 50, MENDED = 55, MISSING = 60, SHORT = 45 };

#define BASE_RATE 2e-6
#define DAY	  (INT64_C(86400) * 1000000000)

static struct {
	const char *name;
	uint64_t value;
} numbers[] = {
	{ "seed", 1 },
	{ "nights", 80 },
	{ "builders", 2 },
	{ "cases", 10 },
	{ "cells", 4 }, /* of a row, in each placement */
	{ "cycles", 20000 },
	{ "flaky", 3 },
};
enum number { SEED, NIGHTS, BUILDERS, CASES, CELLS, CYCLES, FLAKY, NUMBERS };

static const char *const truths[] = { "regression", "gone", "broken", "missing",
	"short" };
enum truth { IS_REGRESSION, IS_GONE, IS_BROKEN, IS_MISSING, IS_SHORT, TRUTHS };
static bool planted[TRUTHS];

static const char *const subjects[] = { "cooperative", "directed" };
static const char *const placements[] = { "unbound", "one-pu", "spread", "by-role:1" };
enum { SUBJECTS = 2, PLACEMENTS = 4 };

static struct random drawn;

static uint64_t number(enum number which)
{
	return numbers[which].value;
}

static double uniform(void)
{
	return ((double)(random_next(&drawn) >> 11) + 0.5) * 0x1p-53;
}

/* The first rows are the flaky ones; the one behind them is green, and fails where `gone` is planted. */
static size_t row_of(size_t c)
{
	return c / (PLACEMENTS * number(CELLS));
}

static double rate_of_row(size_t row, uint64_t night)
{
	if (row < number(FLAKY))
		return planted[IS_REGRESSION] && row == 0 && night >= REGRESSION
			       ? 10 * BASE_RATE
			       : BASE_RATE;
	if (row == number(FLAKY) && planted[IS_GONE] && night <= GONE)
		return 10 * BASE_RATE;
	return 0;
}

static size_t plan(struct cell **cells)
{
	size_t rows = number(CASES) * SUBJECTS, count = rows * PLACEMENTS * number(CELLS);

	*cells = calloc(count, sizeof **cells);
	if (!*cells)
		exit(2);
	for (size_t c = 0; c < count; c++) {
		struct cell *cell = &(*cells)[c];
		size_t row = row_of(c);

		snprintf(cell->case_name, sizeof cell->case_name, "case-%zu",
			row / SUBJECTS);
		strcpy(cell->subject, subjects[row % SUBJECTS]);
		strcpy(cell->placement, placements[c / number(CELLS) % PLACEMENTS]);
		strcpy(cell->target, c & 1 ? "rotate" : "process");
		cell->slots = 2;
		cell->seed = random_next(&drawn);
		cell->cycles = number(CYCLES);
		cell->expected = row < number(FLAKY) ? EXPECT_NOTHING : EXPECT_GREEN;
	}
	return count;
}

static void describe(struct run_info *info, uint64_t night, uint64_t builder)
{
	memset(info, 0, sizeof *info);
	info->started = INT64_C(1767225600) * 1000000000 + (int64_t)(night - 1) * DAY +
			(int64_t)builder * 3600 * 1000000000;
	info->finished = info->started + INT64_C(1800) * 1000000000;
	info->seed = random_next(&drawn);
	strcpy(info->version, "generated");
	strcpy(info->command, "make-history");
	snprintf(info->machine.builder, NAME_SIZE, "builder-%" PRIu64, builder);
	strcpy(info->machine.architecture, "x86_64");
	strcpy(info->machine.processor, "A processor");
	strcpy(info->machine.byte_order, "little-endian");
	info->machine.processing_units = info->machine.cores = 2;
	info->machine.emulated = builder > 1;
}

/* A cell fails after a time that is exponential in cycles; the last cycle counts. */
static struct outcome draw(const struct cell *cell, double rate, bool broken)
{
	struct outcome outcome = { .verdict = VERDICT_PASS, .cycles = cell->cycles };
	double fails_at = rate > 0 ? -log(uniform()) / rate : INFINITY;

	if (broken && uniform() < 0.9) {
		outcome.verdict = VERDICT_CRASH;
		outcome.cycles = 3;
		strcpy(outcome.reason, "SIGILL");
	} else if (fails_at < (double)cell->cycles) {
		outcome.verdict = VERDICT_DEADLOCK;
		outcome.cycles = (uint64_t)fails_at;
		snprintf(outcome.reason, sizeof outcome.reason,
			"everybody sleeps after cycle %" PRIu64
			" (coordinator: note_sleep); 3 threads",
			outcome.cycles);
	}
	outcome.sent = outcome.handled = outcome.received = outcome.cycles;
	outcome.overlaps[0] = outcome.cycles;
	outcome.wall = outcome.cycles * 50000;
	strcpy(outcome.achieved, cell->placement);
	return outcome;
}

static int write_night(
	struct store *store, uint64_t night, uint64_t builder, char *complaint)
{
	struct run_info info;
	struct cell *cells;
	size_t count = plan(&cells);
	size_t got =
		planted[IS_SHORT] && night == SHORT && builder == 1 ? count / 2 : count;
	bool broken = planted[IS_BROKEN] && night >= BROKEN && night < MENDED &&
		      builder == number(BUILDERS);
	int error;

	describe(&info, night, builder);
	error = store_begin(store, &info, cells, count, complaint);
	if (!error)
		error = store_execute(store, "BEGIN", "write to it", complaint);
	for (size_t c = 0; c < got && !error; c++) {
		struct outcome outcome =
			draw(&cells[c], rate_of_row(row_of(c), night), broken);

		error = store_add(store, info.id, c, &outcome, complaint);
	}
	if (!error && got == count)
		error = store_finish(store, info.id, info.finished, complaint);
	if (!error)
		error = store_execute(store, "COMMIT", "write to it", complaint);
	free(cells);
	return error;
}

static int write_all(struct store *store, char *complaint)
{
	int error = store_execute(
		store, "PRAGMA synchronous = OFF", "write to it", complaint);

	for (uint64_t night = 1; night <= number(NIGHTS) && !error; night++) {
		if (planted[IS_MISSING] && night == MISSING)
			continue;
		for (uint64_t b = 1; b <= number(BUILDERS) && !error; b++)
			error = write_night(store, night, b, complaint);
	}
	return error;
}

static bool take_argument(const char *argument)
{
	size_t length = strcspn(argument, "=");

	for (size_t i = 0; i < NUMBERS && argument[length]; i++)
		if (strlen(numbers[i].name) == length &&
			!strncmp(numbers[i].name, argument, length)) {
			numbers[i].value = strtoull(argument + length + 1, NULL, 10);
			return true;
		}
	for (size_t i = 0; i < TRUTHS; i++)
		if (!strcmp(truths[i], argument)) {
			planted[i] = true;
			return true;
		}
	return false;
}

int main(int argc, char **argv)
{
	char complaint[COMPLAINT_SIZE];
	struct store *store;
	int error;

	for (int i = 2; i < argc; i++) {
		if (take_argument(argv[i]))
			continue;
		fprintf(stderr, "make-history: unknown argument '%s'\n", argv[i]);
		return 2;
	}
	drawn.state = number(SEED);
	error = argc < 2 ? -1 : store_open(&store, argv[1], STORE_WRITE, complaint);
	if (!error) {
		error = write_all(store, complaint);
		store_close(store);
	}
	if (error)
		fprintf(stderr, "make-history: %s\n",
			argc < 2 ? "expected a store to write" : complaint);
	return error ? 2 : 0;
}
