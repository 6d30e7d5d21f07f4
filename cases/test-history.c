/* SPDX-License-Identifier: BSD-2-Clause */
/* What many nights say: each truth that was planted, and nothing else. */
#include "check_suite.h"
#include "nights.h"
#include "results/clusters.h"
#include "results/findings.h"

#include <string.h>

static struct history history;
static struct findings findings;

static void teardown(void)
{
	findings_free(&findings);
	history_free(&history);
	history = (struct history){ 0 };
}

static void look_at(struct nights *nights)
{
	teardown();
	for (uint64_t night = 1; night <= nights->nights; night++)
		for (uint64_t b = 1; b <= nights->builders; b++) {
			struct run *run = nights_draw(nights, night, b);

			if (!run)
				continue;
			run->info.id = (int64_t)(100 * night + b);
			ck_assert_int_eq(history_add(&history, run), 0);
			run_free(run);
		}
	ck_assert_int_eq(findings_of(&history, &findings), 0);
}

static struct nights planted(uint64_t seed, enum truth truth)
{
	struct nights nights = nights_usual;

	nights.drawn.state = seed;
	if (truth < TRUTHS)
		nights.planted[truth] = true;
	return nights;
}

static int64_t night_of(size_t n)
{
	return history.nights[n].id / 100;
}

/* Each of them, on each builder, and of no other row. */
static size_t findings_of_kind(enum finding_kind kind)
{
	size_t count = 0;

	for (size_t i = 0; i < findings.count; i++)
		count += findings.at[i].kind == kind;
	return count;
}

static bool is_of_row(const struct finding *f, const char *case_name, const char *subject)
{
	return !strcmp(history.rows[f->row].case_name, case_name) &&
	       !strcmp(history.rows[f->row].subject, subject);
}

static bool holds(const struct rate *rate, double truth)
{
	struct bounds bounds = rate_bounds(rate);

	return bounds.low <= truth && truth <= bounds.high;
}

/* The night of the change is among the two likeliest in most of them; rates are within their bounds in all but
 * as many as may be outside. */
START_TEST(regression_is_found_where_it_is)
{
	size_t placed = 0, held = 0, all = 0;

	for (uint64_t seed = 1; seed <= 20; seed++) {
		struct nights nights = planted(seed, TRUTH_REGRESSION);

		look_at(&nights);
		for (size_t i = 0; i < findings.count; i++) {
			const struct finding *f = &findings.at[i];

			if (f->kind != FINDING_MORE ||
				!is_of_row(f, "case-0", "cooperative"))
				continue;
			all++;
			ck_assert_double_le(f->p, 1e-6);
			placed += night_of(f->first) == NIGHT_REGRESSION ||
				  night_of(f->last) == NIGHT_REGRESSION;
			held += holds(&f->before, NIGHTS_RATE);
			held += holds(&f->now, 10 * NIGHTS_RATE);
			ck_assert_double_ge(f->likely, f->second);
			ck_assert_double_le(f->likely + f->second, 1 + 1e-9);
		}
	}
	ck_assert_uint_eq(all, 40);
	ck_assert_uint_ge(placed, 32);
	ck_assert_uint_ge(held, 72);
}
END_TEST

START_TEST(old_flake_is_known_to_be_gone)
{
	struct nights nights = planted(7, TRUTH_GONE);

	look_at(&nights);
	ck_assert_uint_eq(findings_of_kind(FINDING_FORBIDDEN), 2);
	ck_assert_uint_eq(findings_of_kind(FINDING_LESS), 2);
	ck_assert_uint_eq(findings.count, 4);
	for (size_t i = 0; i < 4; i++) {
		const struct finding *f = &findings.at[i];

		ck_assert(is_of_row(f, "case-1", "directed"));
		ck_assert_double_lt(f->still, 1e-6);
		ck_assert_double_gt(f->still, 0);
		if (f->kind == FINDING_FORBIDDEN) {
			ck_assert_int_le(night_of(f->first), 5);
			ck_assert_int_le(night_of(f->last), NIGHT_GONE);
			ck_assert_int_ge(night_of(f->last), NIGHT_GONE - 5);
			ck_assert_uint_eq(f->before.failures, f->count);
			ck_assert_uint_eq(f->now.failures, 0);
		}
	}
}
END_TEST

START_TEST(failure_of_the_last_night_is_there)
{
	struct nights nights = planted(7, TRUTH_GONE);

	nights.nights = NIGHT_GONE;
	look_at(&nights);
	ck_assert_uint_eq(findings_of_kind(FINDING_FORBIDDEN), 2);
	for (size_t i = 0; i < 2; i++)
		ck_assert_double_gt(findings.at[i].still, 0.05);
}
END_TEST

START_TEST(broken_builder_is_told_and_not_counted)
{
	struct nights nights = planted(3, TRUTH_BROKEN);

	look_at(&nights);
	ck_assert_uint_eq(findings.count, 1);
	ck_assert_int_eq(findings.at[0].kind, FINDING_BROKEN);
	ck_assert_str_eq(history.builders[findings.at[0].builder].builder, "builder-2");
	ck_assert_int_eq(night_of(findings.at[0].first), NIGHT_BROKEN);
	ck_assert_int_eq(night_of(findings.at[0].last), NIGHT_MENDED - 1);
	/* Where no other builder is well, it may be the code. */
	nights = planted(3, TRUTH_BROKEN);
	nights.builders = 1;
	look_at(&nights);
	ck_assert_uint_eq(findings_of_kind(FINDING_BROKEN), 0);
	ck_assert_uint_eq(findings_of_kind(FINDING_FORBIDDEN), 17);
}
END_TEST

START_TEST(missing_and_short_nights_are_seen)
{
	struct nights nights = planted(4, TRUTH_MISSING);

	look_at(&nights);
	ck_assert_uint_eq(findings.count, 2);
	for (size_t i = 0; i < 2; i++) {
		ck_assert_int_eq(findings.at[i].kind, FINDING_GAP);
		ck_assert_uint_eq(findings.at[i].count, 1);
		ck_assert_int_eq(night_of(findings.at[i].first), NIGHT_MISSING - 1);
		ck_assert_int_eq(night_of(findings.at[i].last), NIGHT_MISSING + 1);
	}
	nights = planted(4, TRUTH_SHORT);
	look_at(&nights);
	ck_assert_uint_eq(findings.count, 1);
	ck_assert_int_eq(findings.at[0].kind, FINDING_SHORT);
	ck_assert_int_eq(night_of(findings.at[0].first), NIGHT_SHORT);
	ck_assert_uint_eq(findings.at[0].count, 160);
	ck_assert_uint_eq(findings.at[0].of, 320);
}
END_TEST

/* What is said to be wrong in 5 % of histories at the most: with three standard errors of 200 of them. The
 * bounds of the rates, which are exact, hold the truth in 95 % of cases or more. */
START_TEST(clean_histories_say_nothing)
{
	size_t wrong = 0, held = 0, rates = 0;

	for (uint64_t seed = 1; seed <= 200; seed++) {
		struct nights nights = planted(1000 + seed, TRUTHS);

		look_at(&nights);
		wrong += findings.count != 0;
		for (size_t r = 0; r < nights.flaky; r++) {
			struct rate rate = { 0 };

			for (size_t n = 0; n < history.count; n++) {
				struct history_cells cells = history_at(&history, n, r);

				rate.failures += cells.failures;
				rate.exposure += cells.exposure;
			}
			rates++;
			held += holds(&rate, NIGHTS_RATE);
		}
	}
	ck_assert_uint_le(wrong, 19);
	ck_assert_uint_eq(rates, 600);
	ck_assert_uint_ge(held, 554);
	printf("# %zu of 200 clean histories with a finding; %zu of %zu rates within "
	       "their bounds\n",
		wrong, held, rates);
}
END_TEST

/* With many rows that fail at their rates there are many tests, of which none may be wrong either. */
START_TEST(many_tests_are_one_error)
{
	size_t wrong = 0;

	for (uint64_t seed = 1; seed <= 200; seed++) {
		struct nights nights = planted(5000 + seed, TRUTHS);

		nights.nights = 6;
		nights.builders = 1;
		nights.cases = 50;
		nights.flaky = 100;
		nights.cycles = 200000;
		look_at(&nights);
		wrong += findings.count != 0;
	}
	ck_assert_uint_le(wrong, 19);
	printf("# %zu of 200 clean histories of 100 tests with a finding\n", wrong);
}
END_TEST

static void add_run(struct machine machine, const struct cell *cells,
	const struct outcome *outcomes, size_t count)
{
	struct run run = { .count = count,
		.cells = (struct cell *)cells,
		.outcomes = (struct outcome *)outcomes };

	run.info.machine = machine;
	ck_assert_int_eq(history_add(&history, &run), 0);
}

START_TEST(cells_are_counted_for_what_they_are)
{
	enum { KINDS = 6 };
	static const struct cell cells[KINDS] = { { .expected = EXPECT_GREEN },
		{ .expected = EXPECT_RED, .cycles = 1 }, { .expected = EXPECT_RED },
		{ .expected = EXPECT_GREEN }, { .expected = EXPECT_NOTHING },
		{ .expected = EXPECT_RED, .sign = "crash" } };
	static const struct outcome outcomes[KINDS] = {
		{ .verdict = VERDICT_PASS, .cycles = 1000, .more = 9 },
		{ .verdict = VERDICT_CRASH, .cycles = 5, .more = 1 },
		{ .verdict = VERDICT_PASS, .cycles = 7 },
		{ .verdict = VERDICT_STARVED, .cycles = 50, .more = 2 },
		{ .verdict = VERDICT_DEADLOCK, .cycles = 70, .more = 3 },
		{ .verdict = VERDICT_CRASH, .cycles = 5 }
	};
	struct machine one = { .builder = "one", .architecture = "x86_64" };
	struct machine other = { .builder = "one", .architecture = "ppc64" };
	struct machine two = { .builder = "two", .architecture = "x86_64" };
	struct machine emulated = one;
	struct history_cells sum;

	emulated.emulated = true;
	add_run(one, cells, outcomes, KINDS);
	add_run(other, cells, outcomes, 1);
	add_run(two, cells, outcomes, 1);
	add_run(emulated, cells, outcomes, 1);
	add_run(one, cells, outcomes, 1);
	ck_assert_uint_eq(history.builder_count, 4);
	ck_assert_uint_eq(history.nights[4].builder, history.nights[0].builder);
	ck_assert_uint_eq(history.row_count, 1);
	sum = history_at(&history, 0, 0);
	ck_assert_uint_eq(sum.cells, 10 + 2 + 1 + 3 + 4);
	ck_assert_uint_eq(sum.judged, 10 + 2 + 1 + 4);
	ck_assert_uint_eq(sum.red, 2 + 4);
	ck_assert_uint_eq(sum.unsure, 3);
	ck_assert_uint_eq(sum.asked, 10 + 2 + 1 + 3);
	ck_assert_uint_eq(sum.unexpected, 1);
	ck_assert_uint_eq(sum.forbidden, 0);
	ck_assert_uint_eq(sum.failures, 4);
	ck_assert_uint_eq(sum.exposure, 1000 + 70 + 4);
}
END_TEST

/* Those that are stuck in different places, or nobody knows where, are not one. */
START_TEST(failures_are_told_apart)
{
	enum { KINDS = 6 };
	static const struct cell cells[KINDS] = { 0 };
	static const struct outcome outcomes[KINDS] = {
		{ .verdict = VERDICT_DEADLOCK,
			.reason = "all 5 sleep",
			.anchor = "stop" },
		{ .verdict = VERDICT_DEADLOCK,
			.reason = "all 7 sleep",
			.anchor = "stop" },
		{ .verdict = VERDICT_DEADLOCK,
			.reason = "all 5 sleep",
			.anchor = "start" },
		{ .verdict = VERDICT_DEADLOCK, .reason = "all 5 sleep" },
		{ .verdict = VERDICT_LIVELOCK,
			.reason = "all 5 sleep",
			.anchor = "stop" },
		{ .verdict = VERDICT_DEADLOCK, .reason = "all sleep", .anchor = "stop" },
	};
	struct run run = { .count = KINDS,
		.cells = (struct cell *)cells,
		.outcomes = (struct outcome *)outcomes };
	char file[KINDS][CLUSTER_FILE_SIZE];
	struct clusters clusters = { 0 };

	ck_assert_int_eq(clusters_add(&clusters, &run), 0);
	ck_assert_uint_eq(clusters.count, KINDS - 1);
	ck_assert_uint_eq(clusters.at[0].seen[0].cells, 2);
	for (size_t i = 0; i < clusters.count; i++)
		for (size_t k = 0; k < i; k++)
			ck_assert_str_ne(cluster_file(&clusters.at[i], file[0]),
				cluster_file(&clusters.at[k], file[1]));
	clusters_free(&clusters);
}
END_TEST

static Suite *history_suite(void)
{
	Suite *suite = suite_create("history");
	TCase *tests = add_tests(suite, "history");

	tcase_add_checked_fixture(tests, NULL, teardown);
	tcase_add_test(tests, regression_is_found_where_it_is);
	tcase_add_test(tests, old_flake_is_known_to_be_gone);
	tcase_add_test(tests, failures_are_told_apart);
	tcase_add_test(tests, failure_of_the_last_night_is_there);
	tcase_add_test(tests, broken_builder_is_told_and_not_counted);
	tcase_add_test(tests, missing_and_short_nights_are_seen);
	tcase_add_test(tests, clean_histories_say_nothing);
	tcase_add_test(tests, many_tests_are_one_error);
	tcase_add_test(tests, cells_are_counted_for_what_they_are);
	return suite;
}

int main(void)
{
	return run_suite(history_suite());
}
