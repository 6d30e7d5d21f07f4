/* SPDX-License-Identifier: BSD-2-Clause */
/* A run against another: what was planted is found, and nothing else. */
#include "check_suite.h"
#include "results/compare.h"
#include "results/rate.h"
#include "results/text_report.h"
#include "stress/random.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { ROWS = 20, PLACEMENTS = 3, CELLS = ROWS * PLACEMENTS, CYCLES = 10000 };

/* Three runs of the same plan; the rows of odd number may fail, the others must not. */
static struct cell cells[3][CELLS];
static struct outcome outcomes[3][CELLS];
static struct run runs[3];
static char *text;

static void setup(void)
{
	static const char *const placements[] = { "one-pu", "spread-core", "unbound" };

	for (size_t r = 0; r < 3; r++) {
		runs[r] = (struct run){
			.count = CELLS, .cells = cells[r], .outcomes = outcomes[r]
		};
		runs[r].info.id = (int64_t)r + 3;
		strcpy(runs[r].info.machine.processor, "A processor");
		for (size_t i = 0; i < CELLS; i++) {
			struct cell *cell = &cells[r][i];

			*cell = (struct cell){ .expected = i / PLACEMENTS % 2
								   ? EXPECT_NOTHING
								   : EXPECT_GREEN };
			snprintf(cell->case_name, NAME_SIZE, "case-%zu", i / PLACEMENTS);
			strcpy(cell->subject, "cooperative");
			strcpy(cell->placement, placements[i % PLACEMENTS]);
			outcomes[r][i] = (struct outcome){ .verdict = VERDICT_PASS,
				.cycles = CYCLES };
		}
	}
}

static void teardown(void)
{
	free(text);
	text = NULL;
}

static void break_cell(size_t run, size_t cell, uint64_t cycles)
{
	outcomes[run][cell].verdict = VERDICT_DEADLOCK;
	outcomes[run][cell].cycles = cycles;
}

/* Of the first and the last run, and with the one between if there is to be one. */
static void compare(bool between)
{
	struct comparison *comparison = comparison_new(&runs[0], &runs[2]);
	size_t size;
	FILE *out;

	free(text);
	out = open_memstream(&text, &size);
	ck_assert_ptr_nonnull(comparison);
	if (between)
		ck_assert_int_eq(comparison_add(comparison, &runs[1]), 0);
	ck_assert_int_eq(comparison_write(comparison, out), 0);
	comparison_free(comparison);
	fclose(out);
}

static void expect(const char *words)
{
	ck_assert_msg(strstr(text, words), "'%s' is not in:\n%s", words, text);
}

static void expect_not(const char *words)
{
	ck_assert_msg(!strstr(text, words), "'%s' is in:\n%s", words, text);
}

START_TEST(nothing_has_changed)
{
	compare(true);
	ck_assert_str_eq(text,
		"Run 5 against run 3: 0 new, 0 still, 0 gone, 0 not tried again;\n"
		"0 more often, 0 less often (false discoveries: 5 %), 20 as before, "
		"0 untested\n");
}
END_TEST

START_TEST(new_needs_no_test)
{
	break_cell(2, 0, 99);
	compare(false);
	expect("1 new, 0 still, 0 gone");
	expect("! NEW  case-0, cooperative\n"
	       "    before  0 / 30000 cycles, < 1.0e-04\n"
	       "    now     1 / 20100 cycles, 1.2e-06 to 2.8e-04: 1 deadlock\n");
	expect_not("p =");
	/* Nor must it have been tried before. */
	for (size_t i = 0; i < PLACEMENTS; i++)
		outcomes[0][i].verdict = VERDICT_SKIPPED;
	compare(false);
	expect("1 new");
	expect("Not counted before: 3 skipped\n");
}
END_TEST

START_TEST(still_is_told)
{
	break_cell(0, 0, 99);
	break_cell(2, 1, 99);
	compare(false);
	expect("0 new, 1 still, 0 gone");
	expect("! STILL  case-0, cooperative\n");
	expect_not("p =");
}
END_TEST

START_TEST(gone_may_be_luck)
{
	break_cell(0, 0, 9999);
	break_cell(0, 1, 9999);
	compare(false);
	expect("0 new, 0 still, 1 gone");
	expect("  GONE  case-0, cooperative\n"
	       "    before  2 / 30000 cycles, 8.0e-06 to 2.5e-04: 2 deadlock\n"
	       "    now     0 / 30000 cycles, < 1.0e-04\n");
	/* 1/4 against 1; 19 to 1 takes 30000 (sqrt(19) - 1). */
	expect("still there with a probability of 20 %; fixed (95 %) after 70767 cycles "
	       "more without\n");
	expect_not("p =");
	for (size_t i = 0; i < PLACEMENTS; i++)
		outcomes[2][i].cycles = 40000;
	compare(false);
	expect("fixed (95 %)\n");
}
END_TEST

/* What was red in a placement that is not in the plan any more, or was skipped. */
START_TEST(not_tried_again_is_not_gone)
{
	break_cell(0, 0, 99);
	outcomes[2][0].verdict = VERDICT_INVALID;
	compare(false);
	expect("0 gone, 1 not tried again");
	expect("  NOT TRIED AGAIN  case-0, cooperative\n");
	expect("Not counted now: 1 invalid\n");
	expect("Not in a test: 1 cells");
	strcpy(cells[2][0].placement, "same-core");
	outcomes[2][0].verdict = VERDICT_PASS;
	compare(false);
	expect("0 gone, 1 not tried again");
	expect("Not in a test: 2 cells, in placements in which the other run has none");
}
END_TEST

/* Case 1 may fail: the test decides. */
START_TEST(rates_are_tested)
{
	size_t row = PLACEMENTS;

	break_cell(2, row, 5000);
	compare(false);
	expect("0 more often, 0 less often");
	expect("20 as before");
	for (size_t i = 0; i < PLACEMENTS; i++)
		break_cell(2, row + i, 49);
	compare(false);
	/* 3 of 3 in 150 of 30150 cycles. */
	expect("1 more often, 0 less often");
	expect("  MORE OFTEN  case-1, cooperative\n"
	       "    before  0 / 30000 cycles, < 1.0e-04\n"
	       "    now     3 / 150 cycles, 4.1e-03 to 5.9e-02: 3 deadlock\n"
	       "    p = 2.5e-07, adjusted\n");
	for (size_t i = 0; i < CELLS; i++)
		outcomes[2][i].cycles = CYCLES;
	for (size_t i = 0; i < PLACEMENTS; i++) {
		outcomes[2][row + i].verdict = VERDICT_PASS;
		break_cell(0, row + i, 49);
	}
	compare(false);
	expect("0 more often, 1 less often");
	expect("  LESS OFTEN  case-1");
	expect("fixed (95 %)\n");
}
END_TEST

/* Starved, slow, invalid and skipped cells have no part in it, whatever their cycles. */
START_TEST(others_are_never_pooled)
{
	static const enum verdict others[] = { VERDICT_SLOW, VERDICT_STARVED,
		VERDICT_INVALID, VERDICT_SKIPPED, VERDICT_MISSING };

	for (size_t i = 0; i < PLACEMENTS; i++)
		break_cell(2, PLACEMENTS + i, 49);
	for (size_t v = 0; v < 5; v++) {
		outcomes[0][PLACEMENTS].verdict = others[v];
		outcomes[0][PLACEMENTS].cycles = 1000000000;
		compare(false);
		expect("before  0 / 20000 cycles");
		/* Its placement is not, on the other side. */
		expect("now     2 / 100 cycles");
		expect("Not counted before: 1 ");
	}
}
END_TEST

START_TEST(plans_differ)
{
	strcpy(cells[2][0].noise, "mixed");
	for (size_t i = 0; i < PLACEMENTS; i++)
		strcpy(cells[2][PLACEMENTS + i].faults, "seed");
	compare(false);
	expect("In one of the two plans only (- before, + now)\n"
	       "  + case-0, cooperative, noise mixed\n"
	       "  - case-1, cooperative\n"
	       "  + case-1, cooperative + seed\n");
	expect("3 untested");
}
END_TEST

/* What was explored has no rate, and changes all the same. */
START_TEST(explored_worlds_are_compared)
{
	for (size_t r = 0; r < 3; r++)
		for (size_t i = 0; i < 2 * PLACEMENTS; i++) {
			cells[r][i].engine = ENGINE_EXPLORED;
			outcomes[r][i].cycles = 0;
		}
	compare(false);
	expect("20 as before, 0 untested");
	break_cell(2, 0, 0);
	compare(false);
	expect("! NEW  case-0, cooperative\n    before  0 failures\n"
	       "    now     1 failures: 1 deadlock\n");
	break_cell(2, PLACEMENTS, 0);
	compare(false);
	expect("1 new, 0 still");
	expect("19 as before");
}
END_TEST

START_TEST(machines_differ)
{
	strcpy(runs[2].info.machine.architecture, "riscv64");
	compare(false);
	expect("The machines differ: before A processor, ");
}
END_TEST

START_TEST(since_when_is_told)
{
	for (size_t i = 0; i < PLACEMENTS; i++) {
		break_cell(1, i, 10);
		break_cell(2, i, 10);
	}
	compare(true);
	expect("! NEW  case-0");
	expect("    since   run 4 (");
	/* It was clean, as far as the first. */
	for (size_t i = 0; i < PLACEMENTS; i++)
		outcomes[1][i] = outcomes[0][i];
	compare(true);
	expect("    since   run 5 (99 %)");
	/* Or was not tried, so that it may have been there. */
	for (size_t i = 0; i < PLACEMENTS; i++)
		outcomes[1][i].verdict = VERDICT_SLOW;
	compare(true);
	expect("    since   run 4 (50 %), or run 5 (50 %)");
	/* A run of another machine says nothing. */
	strcpy(runs[1].info.machine.processor, "Another");
	compare(true);
	expect_not("since");
}
END_TEST

/* Cells that fail by chance, as often in both runs: hardly ever is anything called
 * changed. */
START_TEST(false_alarms_are_rare)
{
	struct random random = { (uint64_t)_i };
	unsigned alarms = 0;

	for (int n = 0; n < 200; n++) {
		setup();
		for (size_t r = 0; r < 3; r += 2)
			for (size_t i = 0; i < CELLS; i++) {
				double rate = pow(10, -3 - (double)(i / PLACEMENTS % 4));
				double until =
					-log((random_below(&random, 1 << 30) + 0.5) /
						(1 << 30)) /
					rate;

				if (i / PLACEMENTS % 2 && until < CYCLES)
					break_cell(r, i, (uint64_t)until);
			}
		compare(false);
		alarms += !strstr(text, "0 more often, 0 less often");
	}
	/* 5 %, exactly: the test is the more careful the fewer the failures. */
	ck_assert_uint_le(alarms, 10);
}
END_TEST

/*
 * The rates of the report
 */
static void expect_rate(struct rate rate, const char *words)
{
	size_t size;
	FILE *out;

	free(text);
	out = open_memstream(&text, &size);
	rate_write(out, &rate);
	fclose(out);
	ck_assert_str_eq(text, words);
}

START_TEST(rates_are_rounded_outwards)
{
	expect_rate((struct rate){ 0, 3600, false }, "0 / 3600 cycles, < 8.4e-04");
	expect_rate((struct rate){ 0, 1, false }, "0 / 1 cycles, < 1.0e+00");
	expect_rate((struct rate){ 0, 1000000000000, false },
		"0 / 1000000000000 cycles, < 3.0e-12");
	expect_rate((struct rate){ 1, 1000000, false },
		"1 / 1000000 cycles, 2.5e-08 to 5.6e-06");
	expect_rate((struct rate){ 5, 5, false }, "5 / 5 cycles, 3.2e-01 to 1.0e+00");
	expect_rate((struct rate){ 0, 20, true }, "0 / 20 runs, < 1.4e-01");
	expect_rate((struct rate){ 81, 263, true }, "81 / 263 runs, 2.5e-01 to 3.7e-01");
	expect_rate((struct rate){ 10, 10, true }, "10 / 10 runs, 6.9e-01 to 1.0e+00");
	expect_rate((struct rate){ 2, 0, false }, "2 failures");
}
END_TEST

/* Cells that must be red are not what may be said of the others; what must not is. */
START_TEST(report_shows_rates_of_what_need_not_fail)
{
	struct matrix_style plain = { 0 };

	for (size_t i = 0; i < 3 * PLACEMENTS; i++)
		break_cell(0, i, 99);
	for (size_t i = 0; i < PLACEMENTS; i++)
		cells[0][i].expected = EXPECT_RED;
	cells[0][6].expected = EXPECT_RED;
	text = report_text(&runs[0], &plain);
	expect("How often the others fail");
	expect("  case-1               cooperative            3 / 300 cycles, 2.0e-03 to "
	       "3.0e-02\n");
	expect("  case-2               cooperative            2 / 200 cycles, ");
	expect_not("  case-0               cooperative            ");
	expect("  case-3               cooperative            0 / 30000 cycles, < "
	       "1.0e-04\n");
	outcomes[0][9].verdict = VERDICT_SLOW;
	outcomes[0][10].verdict = VERDICT_STARVED;
	free(text);
	text = report_text(&runs[0], &plain);
	expect("  case-3               cooperative            0 / 10000 cycles, ");
}
END_TEST

static Suite *compare_suite(void)
{
	Suite *suite = suite_create("compare");
	TCase *tests = add_tests(suite, "compare");

	tcase_add_checked_fixture(tests, setup, teardown);
	tcase_add_test(tests, nothing_has_changed);
	tcase_add_test(tests, new_needs_no_test);
	tcase_add_test(tests, still_is_told);
	tcase_add_test(tests, gone_may_be_luck);
	tcase_add_test(tests, not_tried_again_is_not_gone);
	tcase_add_test(tests, rates_are_tested);
	tcase_add_test(tests, others_are_never_pooled);
	tcase_add_test(tests, plans_differ);
	tcase_add_test(tests, explored_worlds_are_compared);
	tcase_add_test(tests, machines_differ);
	tcase_add_test(tests, since_when_is_told);
	tcase_add_loop_test(tests, false_alarms_are_rare, 0, 3);
	tcase_add_test(tests, rates_are_rounded_outwards);
	tcase_add_test(tests, report_shows_rates_of_what_need_not_fail);
	return suite;
}

int main(void)
{
	return run_suite(compare_suite());
}
