/* SPDX-License-Identifier: BSD-2-Clause */
/* The harness's own power: noise, the bandit, the score, and the known faults that must be
 * seen within seconds. */
#include "check_cell.h"
#include "check_suite.h"
#include "check_world.h"
#include "cases/recipes.h"
#include "results/score.h"
#include "runners/bandit.h"
#include "runners/power_plan.h"
#include "stress/runtime.h"

#include <errno.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* Noise */

START_TEST(noise_plans_are_read)
{
	struct noise_plan plan;
	const char *unknown;
	size_t length;

	ck_assert_int_eq(noise_parse("", &plan, &unknown, &length), 0);
	ck_assert(!plan.delays && !plan.yields && !plan.aligned);
	ck_assert_int_eq(noise_parse("mixed,aligned", &plan, &unknown, &length), 0);
	ck_assert(plan.delays && plan.yields && plan.aligned && !plan.alone);
	ck_assert_int_eq(noise_parse("yields", &plan, &unknown, &length), 0);
	ck_assert(plan.yields && !plan.delays);
	ck_assert_int_eq(noise_parse("fixup-set,polled", &plan, &unknown, &length), 0);
	ck_assert(plan.alone && plan.delays);
	ck_assert_uint_eq(plan.points, 1U << NOISE_FIXUP_SET | 1U << NOISE_POLLED);
	ck_assert_int_eq(
		noise_parse("mixed,nonsense", &plan, &unknown, &length), -EINVAL);
	ck_assert_int_eq(strncmp(unknown, "nonsense", length), 0);
	ck_assert_int_eq(noise_parse("mixed,", &plan, &unknown, &length), -EINVAL);
}
END_TEST

START_TEST(noise_points_have_names)
{
	for (int p = 0; p < NOISE_POINT_COUNT; p++) {
		ck_assert_ptr_nonnull(noise_point_name((enum noise_point)p));
		ck_assert_ptr_nonnull(noise_point_summary((enum noise_point)p));
		for (int q = 0; q < p; q++)
			ck_assert_str_ne(noise_point_name((enum noise_point)p),
				noise_point_name((enum noise_point)q));
	}
}
END_TEST

/* What a thread draws at so many points, with that seed: how often each length. */
static void draw_noise(uint64_t seed, uint64_t octaves[NOISE_OCTAVES])
{
	struct world_config config = test_config(1);

	config.noise = (struct noise_plan){ .delays = true,
		.alone = true,
		.points = 1U << NOISE_FIXUP_RUN,
		.seed = seed };
	config.without_sysmon = true;
	ck_assert_int_eq(world_start(&config), 0);
	for (int i = 0; i < 400; i++) {
		/* As if it had never been held up, so that no draw depends on the time. */
		os_counter_set(&os_self()->noise.spent, 0);
		noise_at(NOISE_FIXUP_RUN);
		noise_at(NOISE_FIXUP_SET);
	}
	for (size_t i = 0; i < NOISE_OCTAVES; i++)
		octaves[i] = os_counted(&world_counters()->noise_octaves[i]);
	world_end();
}

START_TEST(noise_is_drawn_from_the_seed)
{
	uint64_t one[NOISE_OCTAVES], same[NOISE_OCTAVES], other[NOISE_OCTAVES];
	uint64_t delays = 0;

	draw_noise(7, one);
	draw_noise(7, same);
	draw_noise(8, other);
	ck_assert_mem_eq(one, same, sizeof one);
	ck_assert_mem_ne(one, other, sizeof one);
	for (size_t i = 0; i < NOISE_OCTAVES; i++)
		delays += one[i];
	/* Half of them, and only at the point that is asked for. */
	ck_assert_uint_ge(delays, 150);
	ck_assert_uint_le(delays, 250);
	for (size_t i = 0; i < 14; i++)
		ck_assert_uint_ge(one[i], 1);
}
END_TEST

START_TEST(noise_is_bounded)
{
	struct world_config config = test_config(1);
	uint64_t began = os_now(), spent;

	config.noise = (struct noise_plan){
		.delays = true, .alone = true, .points = 1U << NOISE_FIXUP_RUN, .seed = 3
	};
	ck_assert_int_eq(world_start(&config), 0);
	while (os_now() - began < 300 * OS_MILLISECOND)
		noise_at(NOISE_FIXUP_RUN);
	spent = os_counted(&world_counters()->noise_time);
	/* A fifth, and what the last delay was too much. */
	ck_assert_uint_gt(spent, 0);
	ck_assert_uint_le(spent, (os_now() - began) / 5 + 33 * OS_MILLISECOND);
	world_end();
}
END_TEST

/* The bandit */

START_TEST(bandit_comes_to_pick_what_finds_most)
{
	static const double rates[2][4] = { { 0.01, 2, 0.01, 0.01 },
		{ 0.01, 0.01, 0.01, 2 } };
	struct bandit bandit = { .random = { 11 } };
	struct random random = { 5 };
	unsigned best = 0;

	bandit_add_axis(&bandit, 4);
	bandit_add_axis(&bandit, 4);
	for (int i = 0; i < 1000; i++) {
		struct bandit_choice choice = bandit_pick(&bandit);
		double rate = rates[0][choice.at[0]] * rates[1][choice.at[1]];
		bool failed = random_below(&random, 1000) < 1000 * rate / 5;

		bandit_learn(&bandit, &choice, failed, 0.5);
		if (i >= 500)
			best += choice.at[0] == 1 && choice.at[1] == 3;
	}
	ck_assert_uint_ge(best, 400);
	ck_assert(bandit_rate(&bandit, 0, 1) > bandit_rate(&bandit, 0, 0));
}
END_TEST

/* The score */

static void expect_in(const char *text, const char *words)
{
	ck_assert_msg(strstr(text, words), "'%s' is not in:\n%s", words, text);
}

START_TEST(score_tells_what_was_seen)
{
	enum { CELLS = 8 };
	struct cell cells[CELLS];
	struct outcome outcomes[CELLS] = { 0 };
	struct run run = { .count = CELLS, .cells = cells, .outcomes = outcomes };
	char *text = NULL;
	size_t size;
	FILE *out = open_memstream(&text, &size);

	for (size_t i = 0; i < CELLS; i++) {
		power_cell(i < 5 ? FAULT_NOTE_SHARED : FAULT_LOST_WAKE, i, &cells[i]);
		strcpy(cells[i].sign, i < 5 ? "crash: double" : "red");
		outcomes[i].verdict = i < 4 ? VERDICT_CRASH : VERDICT_PASS;
		outcomes[i].wall = (i + 1) * OS_SECOND;
		strcpy(outcomes[i].reason, i == 3 ? "another" : "note: double wakeup");
	}
	outcomes[7].verdict = VERDICT_SKIPPED;
	ck_assert(!score_is_full(&run));
	score_write(out, &run, false);
	fclose(out);
	expect_in(text, "1 of 2 seen");
	expect_in(text, "3/5      2.00 s >  9.00 s");
	expect_in(text, "! lost-wake                                  0/2   SURVIVED");
	expect_in(text, "SURVIVED; ");
	expect_in(text, "; seen in < 78 % of such cells (95 %)");
	expect_in(text, "all others           3 times, median 2.00 s, 99 % not within "
			"9.00 s; 2 times in vain");
	/* Of so few cycles nothing can be said. */
	ck_assert_ptr_null(strstr(text, "hazard"));
	ck_assert(strstr(text, "! lost-wake") < strstr(text, "note-shared"));
	free(text);
	strcpy(outcomes[5].reason, "x");
	outcomes[5].verdict = VERDICT_LIVELOCK;
	ck_assert(score_is_full(&run));
	for (size_t i = 5; i < CELLS; i++)
		outcomes[i].verdict = VERDICT_SKIPPED;
	ck_assert(!score_is_full(&run));
}
END_TEST

START_TEST(score_takes_the_nearest_rank)
{
	struct cell cells[2];
	struct outcome outcomes[2] = { 0 };
	struct run run = { .count = 2, .cells = cells, .outcomes = outcomes };
	char *text = NULL;
	size_t size;
	FILE *out = open_memstream(&text, &size);

	for (size_t i = 0; i < 2; i++) {
		power_cell(FAULT_LOST_WAKE, i, &cells[i]);
		strcpy(cells[i].sign, "red");
		outcomes[i].verdict = VERDICT_LIVELOCK;
		outcomes[i].wall = (i + 1) * OS_SECOND;
	}
	score_write(out, &run, false);
	fclose(out);
	expect_in(text, "2 times, median 1.00 s, 99 % within 2.00 s; 0 times in vain");
	free(text);
}
END_TEST

/* Cycles of 40 rounds of one fault, at the middles of their fortieths of a Weibull
 * distribution. */
START_TEST(score_tells_how_the_hazard_goes)
{
	enum { CELLS = 40 };
	static const struct {
		double shape;
		const char *words;
	} tries[] = {
		{ 0.5, ": it falls, so that\n                       shorter cells" },
		{ 1, ")\n" },
		{ 2, ": it rises, so that\n                       longer cells" }
	};
	static struct cell cells[CELLS];
	static struct outcome outcomes[CELLS];
	struct run run = { .count = CELLS, .cells = cells, .outcomes = outcomes };
	char *text = NULL, *line;
	size_t size;
	FILE *out = open_memstream(&text, &size);

	for (size_t i = 0; i < CELLS; i++) {
		double spent = -log(1 - ((double)i + 0.5) / CELLS);

		power_cell(FAULT_LOST_WAKE, i, &cells[i]);
		strcpy(cells[i].sign, "red");
		outcomes[i].verdict = VERDICT_LIVELOCK;
		outcomes[i].wall = OS_SECOND;
		outcomes[i].cycles = (uint64_t)(1e5 * pow(spent, 1 / tries[_i].shape));
	}
	score_write(out, &run, false);
	fclose(out);
	expect_in(text, "  hazard by cycles     Weibull shape ");
	line = strstr(text, "hazard by cycles");
	ck_assert_double_eq_tol(strtod(strstr(line, "shape ") + 6, NULL), tries[_i].shape,
		0.1 * tries[_i].shape);
	expect_in(line, tries[_i].words);
	free(text);
}
END_TEST

/* Plans */

START_TEST(same_seed_gives_same_plan)
{
	struct run_options options = { .patience = 1,
		.seed = 42,
		.repeat = 2,
		.budget = OS_SECOND,
		.noise = "",
		.perturbation = "" };
	struct plan one = { 0 }, two = { 0 };

	ck_assert_int_eq(power_plan(&options, 0, 3, false, &one), 0);
	ck_assert_int_eq(power_plan(&options, 0, 3, false, &two), 0);
	ck_assert_uint_eq(one.count, two.count);
	ck_assert_mem_eq(one.cells, two.cells, one.count * sizeof *one.cells);
	free(one.cells);
	free(two.cells);
	ck_assert_int_eq(plan_make(&options, &placements, &one), 0);
	ck_assert_int_eq(plan_make(&options, &placements, &two), 0);
	ck_assert_uint_eq(one.count, two.count);
	ck_assert_mem_eq(one.cells, two.cells, one.count * sizeof *one.cells);
	free(one.cells);
	free(two.cells);
}
END_TEST

START_TEST(every_fault_that_counts_has_a_recipe)
{
	for (int f = 0; f < FAULT_COUNT; f++) {
		const struct recipe *recipe = recipe_of((enum fault)f);

		if (!power_counts((enum fault)f))
			ck_assert_msg(!recipe, "%s", fault_info((enum fault)f)->name);
		else
			ck_assert_msg(recipe != NULL, "%s: no recipe",
				fault_info((enum fault)f)->name);
	}
}
END_TEST

/* The recipes that are quick, one after the other; a second try for those that need luck. */
START_TEST(quick_faults_are_seen)
{
	struct outcome outcome = { 0 };
	const struct recipe *recipe = recipe_at((size_t)_i);
	struct cell cell;

	if (!recipe || !recipe->quick)
		return;
	for (uint64_t seed = 1; seed <= 3; seed++) {
		power_cell(recipe->fault, seed, &cell);
		outcome = run_cell(&cell, &settings);
		if (cell_shows_sign(&cell, &outcome))
			return;
	}
	ck_abort_msg("%s: %s, and not %s: %s", cell.faults, verdict_name(outcome.verdict),
		cell.sign, outcome.reason);
}
END_TEST

static Suite *power_suite(void)
{
	Suite *suite = suite_create("power");
	TCase *tests = add_tests(suite, "power");

	tcase_add_checked_fixture(tests, load_placements, free_placements);
	tcase_add_test(tests, noise_plans_are_read);
	tcase_add_test(tests, noise_points_have_names);
	tcase_add_test(tests, noise_is_drawn_from_the_seed);
	tcase_add_test(tests, noise_is_bounded);
	tcase_add_test(tests, bandit_comes_to_pick_what_finds_most);
	tcase_add_test(tests, score_tells_what_was_seen);
	tcase_add_test(tests, score_takes_the_nearest_rank);
	tcase_add_loop_test(tests, score_tells_how_the_hazard_goes, 0, 3);
	tcase_add_test(tests, same_seed_gives_same_plan);
	tcase_add_test(tests, every_fault_that_counts_has_a_recipe);
	tcase_add_loop_test(tests, quick_faults_are_seen, 0, FAULT_COUNT);
	return suite;
}

int main(void)
{
	return run_suite(power_suite());
}
