/* SPDX-License-Identifier: BSD-2-Clause */
/* Nights: turns of the plan, slices of it, and budgets by what was measured. */
#include "check_suite.h"
#include "results/score.h"
#include "runners/lookback.h"
#include "runners/plan.h"
#include "runners/rota.h"

#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static struct placements placements;
static struct run_options options;

static const char *const machines[] = { "pack:1 core:2 pu:1",
	"pack:2 [numa] core:2 pu:2" };

enum { MACHINES = sizeof machines / sizeof machines[0] };

static void setup(void)
{
	options_set_defaults(&options);
	options.budget = 60 * UINT64_C(1000000000);
}

static void teardown(void)
{
	placements_free(&placements);
}

static struct plan plan_of_machine(int machine)
{
	struct plan plan;

	if (!placements.topology)
		ck_assert_int_eq(placements_load(&placements, machines[machine]), 0);
	ck_assert_int_eq(plan_make(&options, &placements, &plan), 0);
	return plan;
}

/*
 * Sets of cells, by name
 */
struct names {
	size_t count;
	char **at;
};

static int by_name(const void *a, const void *b)
{
	return strcmp(*(char *const *)a, *(char *const *)b);
}

static void make_set(struct names *names)
{
	size_t kept = 0;

	qsort(names->at, names->count, sizeof *names->at, by_name);
	for (size_t i = 0; i < names->count; i++) {
		if (kept && !strcmp(names->at[kept - 1], names->at[i]))
			free(names->at[i]);
		else
			names->at[kept++] = names->at[i];
	}
	names->count = kept;
}

__attribute__((format(printf, 2, 3))) static void add_name(
	struct names *names, const char *format, ...)
{
	va_list arguments;
	char *name;

	va_start(arguments, format);
	ck_assert_int_ge(vasprintf(&name, format, arguments), 0);
	va_end(arguments);
	names->at = realloc(names->at, (names->count + 1) * sizeof *names->at);
	names->at[names->count++] = name;
}

/* The combination in each placement, and apart from those the class by role; seeds are of no account. */
static void add_cell(struct names *names, const struct cell *cell)
{
	const char *by_role = placement_is_by_role(cell->placement) ? "by-role" : NULL;

	if (is_of_score(cell))
		return;
	add_name(names, "%s %s %s %s %u %d %s", cell->case_name, cell->subject,
		cell->faults, by_role ? by_role : cell->placement, cell->slots,
		cell->coordinator_on_leader, cell->target);
	if (by_role)
		add_name(names, "%s %s %s %s", cell->case_name, cell->subject,
			cell->faults, cell->placement);
}

static struct names seen_with_seeds(int machine, uint64_t first, unsigned count)
{
	struct names names = { 0 };

	for (uint64_t seed = first; seed < first + count; seed++) {
		struct plan plan;

		options.seed = seed;
		plan = plan_of_machine(machine);
		for (size_t i = 0; i < plan.count; i++)
			add_cell(&names, &plan.cells[i]);
		free(plan.cells);
	}
	make_set(&names);
	return names;
}

START_TEST(all_comes_within_so_many_seeds)
{
	struct names all, some;
	unsigned seeds;

	free(plan_of_machine(_i).cells);
	seeds = plan_seeds(&options, &placements);
	all = seen_with_seeds(_i, 1, 3 * seeds + 5);
	for (uint64_t first = 1; first <= 9; first += 4) {
		some = seen_with_seeds(_i, first, seeds);
		ck_assert_uint_eq(some.count, all.count);
	}
	/* And not with one alone. */
	some = seen_with_seeds(_i, 1, 1);
	ck_assert_uint_lt(some.count, all.count);
}
END_TEST

/* With all that is its own. */
static void add_whole(struct names *names, const struct plan *plan)
{
	for (size_t i = 0; i < plan->count; i++) {
		const struct cell *cell = &plan->cells[i];

		add_name(names, "%s %s %s %s %u %d %s %s %s %" PRIu64 " %d",
			cell->case_name, cell->subject, cell->faults, cell->placement,
			cell->slots, cell->coordinator_on_leader, cell->target,
			cell->noise, cell->sign, cell->seed, cell->nudge);
	}
}

static void take_turn(uint64_t night, const struct plan *whole)
{
	options.slice = (struct part){ 0 };
	options.night = night;
	rota_take_turn(&options, whole->cells, whole->count);
}

/* With a budget that is too short the nights share the plan of one seed, each cell in one of them; then comes the next. */
START_TEST(all_of_a_seed_is_run_in_so_many_nights)
{
	struct plan any = plan_of_machine(_i), whole, slice;
	struct names all = { 0 }, nights = { 0 };
	unsigned count;

	options.pace = 250;
	take_turn(0, &any);
	count = options.slice.count;
	ck_assert_uint_ge(count, 2);
	for (uint64_t night = 5 * count; night < 6 * count; night++) {
		take_turn(night, &any);
		ck_assert_uint_eq(options.seed, 6);
		ck_assert_uint_eq(options.slice.number, night - 5 * count + 1);
		slice = plan_of_machine(_i);
		ck_assert_uint_gt(slice.count, any.count / count / 2);
		ck_assert_uint_lt(slice.count, 2 * any.count / count);
		add_whole(&nights, &slice);
		free(slice.cells);
	}
	take_turn(6 * count, &any);
	ck_assert_uint_eq(options.seed, 7);
	options.slice = (struct part){ 0 };
	options.seed = 6;
	whole = plan_of_machine(_i);
	add_whole(&all, &whole);
	ck_assert_uint_eq(nights.count, whole.count);
	make_set(&nights);
	make_set(&all);
	ck_assert_uint_eq(nights.count, all.count);
	for (size_t i = 0; i < all.count; i++)
		ck_assert_str_eq(nights.at[i], all.at[i]);
	free(whole.cells);
	free(any.cells);
}
END_TEST

/* What cells take besides is taken off the budget, by the pace; and what is left is shared. */
START_TEST(budget_is_kept)
{
	for (options.pace = 50; options.pace <= 800; options.pace *= 2) {
		struct plan plan = plan_of_machine(0);
		double takes = 0, budget = (double)options.budget / 1e9;

		rota_take_turn(&options, plan.cells, plan.count);
		free(plan.cells);
		plan = plan_of_machine(0);
		for (size_t i = 0; i < plan.count; i++) {
			const struct cell *cell = &plan.cells[i];

			takes += rota_overhead(cell) * options.pace / 100;
			if (cell->expected != EXPECT_RED && !is_of_score(cell))
				takes += (double)cell->time_limit / 1e9;
		}
		ck_assert_double_le(takes, budget * 1.25);
		ck_assert_double_ge(takes, budget * 0.75);
		free(plan.cells);
		options.slice = (struct part){ 0 };
	}
}
END_TEST

START_TEST(nights_are_a_power_of_two)
{
	ck_assert_uint_eq(rota_nights(10, 10), 1);
	ck_assert_uint_eq(rota_nights(10.1, 10), 2);
	ck_assert_uint_eq(rota_nights(39, 10), 4);
	ck_assert_uint_eq(rota_nights(41, 10), 8);
	ck_assert_uint_eq(rota_nights(1e12, 1), PARTS_MAX);
}
END_TEST

/* Ten that storm for a second, ten that are red soon; and some of which nothing follows. */
START_TEST(pace_is_measured)
{
	enum { CELLS = 24 };
	struct cell cells[CELLS];
	struct outcome outcomes[CELLS];
	struct run run = { .count = CELLS, .cells = cells, .outcomes = outcomes };
	struct rota_times times = { 0 };

	for (size_t i = 0; i < CELLS; i++) {
		bool red = i % 2;

		cells[i] = (struct cell){ .expected = red ? EXPECT_RED : EXPECT_GREEN,
			.time_limit = 1000000000 };
		outcomes[i] = (struct outcome){ .verdict = red ? VERDICT_DEADLOCK
							       : VERDICT_PASS,
			.wall = red ? 1600000000 : 1200000000 };
	}
	for (size_t i = 20; i < CELLS; i++) {
		outcomes[i].verdict = i % 2 ? VERDICT_PASS : VERDICT_CRASH;
		outcomes[i].wall = 77000000000;
	}
	rota_measure(&times, &run);
	ck_assert_uint_eq(times.cells, 20);
	ck_assert_uint_eq(rota_pace(&times), 200);
	/* A few are too few, and those of several runs are enough. */
	for (size_t i = 5; i < CELLS; i++)
		outcomes[i].verdict = VERDICT_MISSING;
	times = (struct rota_times){ 0 };
	rota_measure(&times, &run);
	ck_assert_uint_eq(rota_pace(&times), 0);
	rota_measure(&times, &run);
	ck_assert_uint_eq(rota_pace(&times), 200);
}
END_TEST

START_TEST(builders_share_by_their_paces)
{
	static const struct builder builders[] = { { .name = "a" }, { .name = "b" },
		{ .name = "c", .emulated = true } };
	static const struct lookback lookbacks[] = { { 3, 200 }, { 0, 0 }, { 0, 0 } };

	ck_assert_uint_eq(share_of_first(builders, lookbacks, 3, 7000), 2000);
	ck_assert_uint_eq(share_of_first(builders + 1, lookbacks + 1, 2, 7000), 1400);
	ck_assert_uint_eq(share_of_first(builders + 2, lookbacks + 2, 1, 7000), 7000);
}
END_TEST

static Suite *rota_suite(void)
{
	Suite *suite = suite_create("rota");
	TCase *tests = add_tests(suite, "rota");

	tcase_add_checked_fixture(tests, setup, teardown);
	tcase_add_loop_test(tests, all_comes_within_so_many_seeds, 0, MACHINES);
	tcase_add_loop_test(tests, all_of_a_seed_is_run_in_so_many_nights, 0, MACHINES);
	tcase_add_test(tests, budget_is_kept);
	tests = add_tests(suite, "pace");
	tcase_add_test(tests, nights_are_a_power_of_two);
	tcase_add_test(tests, pace_is_measured);
	tcase_add_test(tests, builders_share_by_their_paces);
	return suite;
}

int main(void)
{
	return run_suite(rota_suite());
}
