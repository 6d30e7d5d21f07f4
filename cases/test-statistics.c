/* SPDX-License-Identifier: BSD-2-Clause */
/* Statistics: against published tables, at the edges, and by how often they are wrong. */
#include "check_suite.h"
#include "results/changepoint.h"
#include "results/special.h"
#include "results/statistics.h"
#include "results/survival.h"
#include "stress/random.h"

#include <math.h>
#include <stdlib.h>

#define expect_near(x, y, tolerance) ck_assert_double_eq_tol(x, y, tolerance)

static double uniform(struct random *random)
{
	return ((double)random_below(random, 1 << 30) + 0.5) / (1 << 30);
}

static double exponential(struct random *random)
{
	return -log(uniform(random));
}

/* How many of a Poisson process come in that time, the rate being 1. */
static uint64_t poisson(struct random *random, double time)
{
	uint64_t count = 0;

	while ((time -= exponential(random)) > 0)
		count++;
	return count;
}

/*
 * Special functions: reference values by mpmath 1.3 at 40 digits
 */
START_TEST(special_functions)
{
	expect_near(gamma_below(9.5, 9.5) / 0.543163874408037617, 1, 1e-9);
	expect_near(
		gamma_above(50, 78.28427124746190) / 0.000259196678905896795, 1, 1e-9);
	expect_near(gamma_below(0.5, 0.05) / 0.248170365954150718, 1, 1e-9);
	expect_near(beta_below(5, 1000, 0.01) / 0.972051441580568805, 1, 1e-9);
	expect_near(beta_below(200, 300, 0.4) / 0.502428616319931592, 1, 1e-9);
	expect_near(beta_below(1, 1e12, 1e-12) / (1 - exp(-1)), 1, 1e-9);
	expect_near(log_beta(3, 4), log(1 / 60.0), 1e-12);
	expect_near(log_beta(1, 1e12), -log(1e12), 1e-9);
	expect_near(log_beta(1e12, 2), -log(1e12) - log1p(1e12), 1e-9);
}
END_TEST

/*
 * Bounds
 */

/* Garwood's table 1, and Pearson and Hartley, Biometrika Tables (1966), table 40. */
static const double garwood[][2] = { { 0, 3.689 }, { 0.0253, 5.572 }, { 0.2422, 7.225 },
	{ 0.6187, 8.767 }, { 1.0899, 10.242 }, { 1.6235, 11.668 }, { 2.2019, 13.059 },
	{ 2.8144, 14.423 }, { 3.4538, 15.763 }, { 4.1154, 17.085 }, { 4.7954, 18.390 } };

START_TEST(garwood_table)
{
	for (uint64_t n = 0; n <= 10; n++) {
		expect_near(poisson_lower(n, 1, 0.975), garwood[n][0], 6e-5);
		expect_near(poisson_upper(n, 1, 0.975), garwood[n][1], 6e-4);
		expect_near(poisson_upper(n, 4, 0.975), garwood[n][1] / 4, 6e-4);
	}
	/* Chi-square with 8 degrees of freedom, 5 %: 2.73264; with 10, 95 %: 18.3070. */
	expect_near(2 * poisson_lower(4, 1, 0.95), 2.73264, 6e-6);
	expect_near(2 * poisson_upper(4, 1, 0.95), 18.3070, 6e-5);
}
END_TEST

START_TEST(poisson_edges)
{
	ck_assert(isinf(poisson_upper(0, 0, 0.95)));
	ck_assert(isinf(poisson_upper(5, 0, 0.95)));
	ck_assert_double_eq(poisson_lower(5, 0, 0.95), 0);
	ck_assert_double_eq(poisson_lower(0, 7, 0.95), 0);
	/* The rule of three, which it is close to and below. */
	expect_near(poisson_upper(0, 200000, 0.95) * 200000, 2.995732, 1e-6);
	expect_near(poisson_upper(1, 1e6, 0.975) * 1e6, 5.57164, 1e-5);
	/* Cornish and Fisher: a + z sqrt(a) + (z^2 - 1) / 3, for a of 1000001 and
	 * 1000000. */
	expect_near(poisson_upper(1000000, 1, 0.975), 1001961.912, 0.002);
	expect_near(poisson_lower(1000000, 1, 0.975), 998040.983, 0.002);
	ck_assert(poisson_upper(1000000000000, 1, 0.975) < 1.00001e12);
}
END_TEST

/* Newcombe, Statistics in Medicine 1998, table I, method 5; and 1, 2 and 5 of 10. */
static const struct {
	uint64_t failures, trials;
	double low, high;
} clopper_pearson[] = { { 81, 263, 0.2527, 0.3676 }, { 15, 148, 0.0578, 0.1617 },
	{ 0, 20, 0, 0.1684 }, { 1, 29, 0.0009, 0.1776 }, { 1, 10, 0.0025, 0.4450 },
	{ 2, 10, 0.0252, 0.5561 }, { 5, 10, 0.1871, 0.8129 }, { 10, 10, 0.6915, 1 } };

START_TEST(clopper_pearson_values)
{
	uint64_t failures = clopper_pearson[_i].failures;
	uint64_t trials = clopper_pearson[_i].trials;

	expect_near(
		binomial_lower(failures, trials, 0.975), clopper_pearson[_i].low, 5.1e-5);
	expect_near(binomial_upper(failures, trials, 0.975), clopper_pearson[_i].high,
		5.1e-5);
}
END_TEST

START_TEST(binomial_edges)
{
	ck_assert_double_eq(binomial_lower(0, 0, 0.95), 0);
	ck_assert_double_eq(binomial_upper(0, 0, 0.95), 1);
	expect_near(binomial_upper(0, 1, 0.95), 0.95, 1e-12);
	expect_near(binomial_lower(1, 1, 0.95), 0.05, 1e-12);
	/* One in a million, and counts that are huge: Poisson's. */
	expect_near(binomial_upper(3, 3000000, 0.975) / poisson_upper(3, 3e6, 0.975), 1,
		1e-5);
	expect_near(
		binomial_lower(3, 1000000000000, 0.975) / poisson_lower(3, 1e12, 0.975),
		1, 1e-9);
}
END_TEST

/* Exactly, by adding up what is observed how often: never less than nominal. */
START_TEST(poisson_bounds_cover)
{
	double worst = 1;

	for (double mean = 0.02; mean < 30; mean *= 1.11) {
		double probability = exp(-mean), covered = 0;

		for (uint64_t n = 0; n < 120; n++) {
			if (poisson_lower(n, 1, 0.975) <= mean &&
				mean <= poisson_upper(n, 1, 0.975))
				covered += probability;
			probability *= mean / (double)(n + 1);
		}
		worst = fmin(worst, covered);
	}
	ck_assert_double_ge(worst, 0.95);
	ck_assert_double_le(worst, 0.96);
}
END_TEST

START_TEST(binomial_bounds_cover)
{
	enum { TRIALS = 25 };
	double worst = 1;

	for (double p = 0.005; p < 1; p += 0.0099) {
		double probability = pow(1 - p, TRIALS), covered = 0;

		for (uint64_t n = 0; n <= TRIALS; n++) {
			if (binomial_lower(n, TRIALS, 0.975) <= p &&
				p <= binomial_upper(n, TRIALS, 0.975))
				covered += probability;
			probability *=
				p / (1 - p) * (double)(TRIALS - n) / (double)(n + 1);
		}
		worst = fmin(worst, covered);
	}
	ck_assert_double_ge(worst, 0.95);
	ck_assert_double_le(worst, 0.97);
}
END_TEST

/* Cells end with their first failure, so that the exposure is not known before. */
START_TEST(bounds_cover_where_cells_end_with_a_failure)
{
	enum { CELLS = 12, CYCLES = 1000, TRIES = 1500 };
	static const double rates[] = { 1e-5, 1e-4, 1e-3, 1e-2 };
	struct random random = { 1 };
	unsigned above = 0, below = 0;

	for (int i = 0; i < TRIES; i++) {
		uint64_t failures = 0;
		double exposure = 0;

		for (int k = 0; k < CELLS; k++) {
			double until = ceil(exponential(&random) / rates[_i]);

			failures += until <= CYCLES;
			exposure += fmin(until, CYCLES);
		}
		above += poisson_lower(failures, exposure, 0.975) > rates[_i];
		below += poisson_upper(failures, exposure, 0.975) < rates[_i];
	}
	/* 2.5 %, and three standard deviations. */
	ck_assert_uint_le(above, 55);
	ck_assert_uint_le(below, 55);
}
END_TEST

/*
 * Tests
 */
START_TEST(conditional_test)
{
	/* Ten against two: (66 + 12 + 1) / 2^12 on one side. */
	expect_near(rates_equal(10, 5, 2, 5), 2 * 79 / 4096.0, 1e-12);
	expect_near(rates_equal(2, 5, 10, 5), 2 * 79 / 4096.0, 1e-12);
	/* Three of three, in a quarter of the exposure; and in the rest. */
	expect_near(rates_equal(3, 100, 0, 300), 2 / 64.0, 1e-12);
	expect_near(rates_equal(0, 100, 3, 300), 2 * 27 / 64.0, 1e-12);
	ck_assert_double_eq(rates_equal(5, 10, 5, 10), 1);
	ck_assert_double_eq(rates_equal(0, 10, 0, 10), 1);
	ck_assert_double_eq(rates_equal(5, 0, 5, 10), 1);
	ck_assert_double_eq(rates_equal(5, 10, 5, 0), 1);
	expect_near(rates_equal(10, 1e12, 2, 1e12), 2 * 79 / 4096.0, 1e-9);
	ck_assert_double_lt(rates_equal(1000000, 1e9, 1010000, 1e9), 1e-11);
	ck_assert_double_gt(rates_equal(1000000, 1e9, 1001000, 1e9), 0.4);
}
END_TEST

/* It agrees with the bounds: one failure more than what they allow is significant. */
START_TEST(conditional_test_is_wrong_as_rarely_as_it_says)
{
	struct random random = { 2 };
	unsigned wrong = 0;

	for (int i = 0; i < 4000; i++)
		wrong += rates_equal(poisson(&random, 4), 4, poisson(&random, 12), 12) <=
			 0.05;
	/* 5 %, and three standard deviations. */
	ck_assert_uint_le(wrong, 200 + 42);
	ck_assert_uint_ge(wrong, 40);
}
END_TEST

/* The 15 comparisons of Benjamini and Hochberg (1995), section 3.1: four at q = 0.05. */
START_TEST(false_discoveries)
{
	double p[] = { 0.5719, 0.0001, 0.0004, 0.0019, 0.0095, 0.0201, 0.0278, 0.0298,
		0.0344, 0.0459, 0.3240, 0.4262, 0.6528, 0.7590, 1.0000 };
	unsigned called = 0;

	ck_assert_int_eq(adjust_false_discoveries(p, 15), 0);
	for (size_t i = 0; i < 15; i++)
		called += p[i] <= 0.05;
	ck_assert_uint_eq(called, 4);
	expect_near(p[0], 0.5719 * 15 / 12, 1e-12);
	expect_near(p[1], 0.0015, 1e-12);
	expect_near(p[4], 0.035625, 1e-12);
	expect_near(p[5], 0.0201 * 15 / 5, 1e-12);
	/* No less sure than the next one, 0.0298 at rank 7. */
	expect_near(p[6], 0.0298 * 15 / 7, 1e-12);
	expect_near(p[14], 1, 1e-12);
	ck_assert_int_eq(adjust_false_discoveries(p, 0), 0);
}
END_TEST

START_TEST(fixed_or_lucky)
{
	expect_near(still_there(3, 5000, 5000), 1 / 9.0, 1e-12);
	expect_near(still_there(3, 5000, 0), 0.5, 1e-12);
	expect_near(still_there(1, 1, 1e12), 1e-12, 1e-15);
	expect_near(clean_enough(3, 5000, 0.95), 5000 * (cbrt(19) - 1), 1e-6);
	expect_near(still_there(7, 1e9, clean_enough(7, 1e9, 0.99)), 0.01, 1e-9);
	/* Half of it is the one tail of the test. */
	expect_near(rates_equal(3, 5000, 0, 7000) / 2,
		1 / (1 / still_there(3, 5000, 7000) - 1), 1e-12);
}
END_TEST

/*
 * Change points
 */
enum { NIGHTS = 60, TRIALS = 1000000 };

static double history_of(struct random *random, double before, double after,
	size_t change, double since[NIGHTS])
{
	struct night nights[NIGHTS];

	for (size_t k = 0; k < NIGHTS; k++)
		nights[k] = (struct night){ poisson(random, k < change ? before : after),
			TRIALS };
	return change_point(nights, NIGHTS, since);
}

START_TEST(change_is_rarely_seen_where_there_is_none)
{
	static const double rates[] = { 0, 0.02, 0.2, 1, 5 };
	struct random random = { 3 };
	double since[NIGHTS];
	unsigned wrong = 0;

	for (int i = 0; i < 200; i++)
		wrong += history_of(&random, rates[_i], 0, NIGHTS, since) < 0.05;
	ck_assert_uint_le(wrong, 10);
}
END_TEST

static double sum(const double *since, size_t from, size_t to)
{
	double result = 0;

	for (size_t k = from; k <= to; k++)
		result += since[k];
	return result;
}

START_TEST(change_is_found_where_it_is)
{
	enum { HISTORIES = 50 };
	struct random random = { 4 };
	double since[NIGHTS], regression = 0, gone = 0;

	for (int i = 0; i < HISTORIES; i++) {
		/* One in five million, then one in half a million. */
		double same = history_of(&random, 0.2, 2, 37, since);

		ck_assert_double_lt(same, 0.05);
		expect_near(same + sum(since, 0, NIGHTS - 1), 1, 1e-9);
		regression += sum(since, 32, 42) / HISTORIES;
		/* A flake that is gone. */
		ck_assert_double_lt(history_of(&random, 1, 0, 20, since), 0.05);
		gone += sum(since, 14, 23) / HISTORIES;
	}
	ck_assert_double_gt(regression, 0.9);
	ck_assert_double_gt(gone, 0.9);
}
END_TEST

START_TEST(change_by_hand)
{
	/* With a mean of one half the prior is Jeffreys': B(1/2, 1/2) is pi, B(5/2, 1/2)
	 * is 3 pi / 8, and B(5/2, 5/2) is 3 pi / 128. */
	struct night nights[] = { { 0, 2 }, { 2, 2 } };
	double since[4], odds = 3 / 8.0 * 3 / 8.0 / (3 / 128.0);

	expect_near(change_point(nights, 2, since), 1 / (1 + odds), 1e-12);
	expect_near(since[1], odds / (1 + odds), 1e-12);
	ck_assert_double_eq(since[0], 0);
	ck_assert_double_eq(change_point(nights, 1, since), 1);
	ck_assert_double_eq(change_point(nights, 0, since), 1);
	/* A night on which nothing was tried may be on either side. */
	struct night gap[] = { { 0, 50 }, { 0, 0 }, { 50, 50 }, { 50, 50 } };

	ck_assert_double_lt(change_point(gap, 4, since), 1e-6);
	expect_near(since[1], since[2], 1e-12);
}
END_TEST

/*
 * Survival
 */

/* Remission on 6-mercaptopurine and on placebo, in weeks: Freireich et al., Blood 1963,
 * as in Kalbfleisch and Prentice. */
static const struct lifetime remissions[] = { { 6, true, 0 }, { 6, true, 0 },
	{ 6, true, 0 }, { 6, false, 0 }, { 7, true, 0 }, { 9, false, 0 }, { 10, true, 0 },
	{ 10, false, 0 }, { 11, false, 0 }, { 13, true, 0 }, { 16, true, 0 },
	{ 17, false, 0 }, { 19, false, 0 }, { 20, false, 0 }, { 22, true, 0 },
	{ 23, true, 0 }, { 25, false, 0 }, { 32, false, 0 }, { 32, false, 0 },
	{ 34, false, 0 }, { 35, false, 0 }, { 1, true, 1 }, { 1, true, 1 },
	{ 2, true, 1 }, { 2, true, 1 }, { 3, true, 1 }, { 4, true, 1 }, { 4, true, 1 },
	{ 5, true, 1 }, { 5, true, 1 }, { 8, true, 1 }, { 8, true, 1 }, { 8, true, 1 },
	{ 8, true, 1 }, { 11, true, 1 }, { 11, true, 1 }, { 12, true, 1 },
	{ 12, true, 1 }, { 15, true, 1 }, { 17, true, 1 }, { 22, true, 1 },
	{ 23, true, 1 } };

enum { TREATED = 21, REMISSIONS = 42 };

START_TEST(product_limit)
{
	/* The published estimate: 0.857, 0.807, 0.753, 0.690, 0.627, 0.538, 0.448. */
	static const double steps[][2] = { { 0.857, 6 }, { 0.807, 7 }, { 0.753, 10 },
		{ 0.690, 13 }, { 0.627, 16 }, { 0.538, 22 }, { 0.448, 23 } };
	struct lifetime times[TREATED];

	/* In another order. */
	for (size_t i = 0; i < TREATED; i++)
		times[i] = remissions[i * 8 % TREATED];
	for (size_t i = 0; i < 7; i++) {
		double next = i < 6 ? steps[i + 1][1] : INFINITY;

		ck_assert_double_eq(
			survival_quantile(times, TREATED, 1 - steps[i][0] - 0.0006),
			steps[i][1]);
		ck_assert_double_eq(
			survival_quantile(times, TREATED, 1 - steps[i][0] + 0.0006),
			next);
	}
	/* 23 weeks against 8. */
	ck_assert_double_eq(survival_quantile(times, TREATED, 0.5), 23);
	for (size_t i = 0; i < TREATED; i++)
		times[i] = remissions[TREATED + i];
	ck_assert_double_eq(survival_quantile(times, TREATED, 0.5), 8);
	ck_assert_double_eq(survival_quantile(times, TREATED, 1), 23);
	ck_assert(isinf(survival_quantile(times, 0, 0.5)));
}
END_TEST

/* The same with its bounds, as Stata and R (conf.type = "log-log") have them. */
START_TEST(curve_of_remissions)
{
	static const double table[][4] = { { 6, 0.8571, 0.6197, 0.9516 },
		{ 7, 0.8067, 0.5631, 0.9228 }, { 10, 0.7529, 0.5032, 0.8894 },
		{ 13, 0.6902, 0.4316, 0.8491 }, { 16, 0.6275, 0.3675, 0.8049 },
		{ 22, 0.5378, 0.2678, 0.7468 }, { 23, 0.4482, 0.1881, 0.6801 } };
	struct survival_step steps[TREATED];
	struct lifetime times[TREATED];

	for (size_t i = 0; i < TREATED; i++)
		times[i] = remissions[i * 8 % TREATED];
	ck_assert_uint_eq(survival_curve(times, TREATED, steps), 7);
	for (size_t i = 0; i < 7; i++) {
		ck_assert_double_eq(steps[i].time, table[i][0]);
		ck_assert_double_eq_tol(steps[i].unseen, table[i][1], 6e-5);
		ck_assert_double_eq_tol(steps[i].low, table[i][2], 6e-5);
		ck_assert_double_eq_tol(steps[i].high, table[i][3], 6e-5);
	}
	ck_assert_uint_eq(steps[0].at_risk, 21);
	ck_assert_uint_eq(steps[6].at_risk, 6);
	ck_assert_uint_eq(survival_curve(times, 0, steps), 0);
}
END_TEST

/* All are seen in the end; of that there is no variance. */
START_TEST(curve_to_the_end)
{
	struct survival_step steps[TREATED];
	struct lifetime times[TREATED];
	size_t count;

	for (size_t i = 0; i < TREATED; i++)
		times[i] = remissions[TREATED + i];
	count = survival_curve(times, TREATED, steps);
	ck_assert_uint_eq(count, 12);
	ck_assert_double_eq(steps[11].unseen, 0);
	ck_assert_double_eq(steps[11].low, 0);
	for (size_t i = 1; i < count; i++) {
		ck_assert_double_lt(steps[i].unseen, steps[i - 1].unseen);
		ck_assert_double_le(steps[i].high, steps[i - 1].high);
		ck_assert_double_ge(steps[i].high, steps[i].unseen);
		ck_assert_double_le(steps[i].low, steps[i].unseen);
	}
	ck_assert_double_gt(steps[11].high, 0.1);
	count = survival_curve(times, 1, steps);
	ck_assert_uint_eq(count, 1);
	ck_assert_double_eq_tol(steps[0].high, 0.975, 1e-6);
}
END_TEST

/* At that time, from which on there may be no step yet. */
static struct survival_step step_at(
	const struct survival_step *steps, size_t count, double time)
{
	struct survival_step at = { 0, 1, 0, 1, 0 };

	for (size_t i = 0; i < count && steps[i].time <= time; i++)
		at = steps[i];
	return at;
}

/* Exponential times, some of which are given up. */
START_TEST(curve_bounds_cover)
{
	enum { TIMES = 40, DRAWS = 2000 };
	static const double parts[] = { 0.75, 0.5, 0.25 };
	struct random random = { 7 };
	unsigned missed[3] = { 0 };

	for (int i = 0; i < DRAWS; i++) {
		struct survival_step steps[TIMES];
		struct lifetime times[TIMES];
		size_t count;

		for (size_t k = 0; k < TIMES; k++) {
			double time = exponential(&random),
			       end = 4 * exponential(&random);

			times[k] = (struct lifetime){ fmin(time, end), time < end, 0 };
		}
		count = survival_curve(times, TIMES, steps);
		for (size_t k = 0; k < 3; k++) {
			struct survival_step at = step_at(steps, count, -log(parts[k]));

			missed[k] += at.low > parts[k] || at.high < parts[k];
		}
	}
	/* 5 % are meant; it is approximate. */
	for (size_t k = 0; k < 3; k++)
		ck_assert_uint_le(missed[k], DRAWS * 65 / 1000);
}
END_TEST

/* On placebo, where all were seen, the usual maximum is 1.370, and with the standard
 * error of its logarithm, 0.16, from 1.0 to 1.9; that of the marginal likelihood is a
 * little below. */
START_TEST(shape_of_remissions)
{
	struct lifetime times[REMISSIONS];
	struct shape shape, both;

	for (size_t i = 0; i < REMISSIONS; i++)
		times[i] = remissions[i];
	ck_assert(weibull_shape(times + TREATED, REMISSIONS - TREATED, &shape));
	ck_assert_double_gt(shape.estimate, 1.25);
	ck_assert_double_lt(shape.estimate, 1.370);
	expect_near(shape.low, 0.93, 0.1);
	expect_near(shape.high, 1.8, 0.1);
	/* Some of the treated were given up before half was seen. */
	ck_assert(!weibull_shape(times, TREATED, &both));
	/* With them there, the earlier half of the others is looked at. */
	ck_assert(weibull_shape(times, REMISSIONS, &both));
	ck_assert_double_lt(both.low, shape.low);
	ck_assert_double_gt(both.high, shape.high);
}
END_TEST

static bool draw_shape(
	struct random *random, double shape, size_t groups, struct shape *result)
{
	struct lifetime times[600];
	size_t count = groups * 3;

	for (size_t i = 0; i < count; i++) {
		double scale = pow(10, (double)(i / 3 % 6));
		double time = pow(exponential(random), 1 / shape);

		times[i] = (struct lifetime){ scale * fmin(time, 2), time < 2, i / 3 };
	}
	return weibull_shape(times, count, result);
}

/* Three of each, of scales from 1 to 100000: neither does that look like a falling
 * hazard, nor is the shape too large, as the usual maximum would be by half. */
START_TEST(shape_of_many_small_groups)
{
	static const double shapes[] = { 0.5, 1, 2 };
	struct random random = { 5 };
	struct shape shape;

	ck_assert(draw_shape(&random, shapes[_i], 200, &shape));
	expect_near(shape.estimate / shapes[_i], 1, 0.15);
	ck_assert_double_lt(shape.low, shapes[_i]);
	ck_assert_double_gt(shape.high, shapes[_i]);
}
END_TEST

START_TEST(shape_bounds_cover)
{
	struct random random = { 6 };
	unsigned falls = 0, rises = 0, none = 0;

	for (int i = 0; i < 150; i++) {
		struct shape shape;

		none += !draw_shape(&random, 1, 12, &shape);
		falls += shape.high < 1;
		rises += shape.low > 1;
	}
	ck_assert_uint_eq(none, 0);
	/* 2.5 % and 2.5 standard deviations, each. */
	ck_assert_uint_le(falls, 9);
	ck_assert_uint_le(rises, 9);
}
END_TEST

START_TEST(shape_of_too_little)
{
	struct lifetime tied[] = { { 5, true, 0 }, { 5, true, 0 } };
	struct lifetime single[] = { { 5, true, 0 }, { 7, true, 1 } };
	struct lifetime unseen[] = { { 5, false, 0 }, { 7, false, 0 } };
	struct shape shape;

	ck_assert(!weibull_shape(tied, 2, &shape));
	ck_assert(!weibull_shape(single, 2, &shape));
	ck_assert(!weibull_shape(unseen, 2, &shape));
	ck_assert(!weibull_shape(NULL, 0, &shape));
}
END_TEST

/* Newcombe, Statistics in Medicine 1998, table I, method 3. */
START_TEST(wilson_table)
{
	static const struct {
		uint64_t failures, trials;
		double low, high;
	} table[] = { { 81, 263, 0.2553, 0.3662 }, { 15, 148, 0.0624, 0.1605 },
		{ 0, 20, 0, 0.1611 }, { 1, 29, 0.0061, 0.1718 } };

	for (size_t i = 0; i < sizeof table / sizeof table[0]; i++) {
		struct wilson interval = wilson(table[i].failures, table[i].trials);

		ck_assert_double_le(fabs(interval.low - table[i].low), 5e-5);
		ck_assert_double_le(fabs(interval.high - table[i].high), 5e-5);
	}
}
END_TEST

static Suite *statistics_suite(void)
{
	Suite *suite = suite_create("statistics");
	TCase *tests = add_tests(suite, "bounds");

	tcase_add_test(tests, special_functions);
	tcase_add_test(tests, garwood_table);
	tcase_add_test(tests, poisson_edges);
	tcase_add_loop_test(tests, clopper_pearson_values, 0,
		(int)(sizeof clopper_pearson / sizeof clopper_pearson[0]));
	tcase_add_test(tests, binomial_edges);
	tcase_add_test(tests, wilson_table);
	tcase_add_test(tests, poisson_bounds_cover);
	tcase_add_test(tests, binomial_bounds_cover);
	tcase_add_loop_test(tests, bounds_cover_where_cells_end_with_a_failure, 0, 4);
	tests = add_tests(suite, "tests");
	tcase_add_test(tests, conditional_test);
	tcase_add_test(tests, conditional_test_is_wrong_as_rarely_as_it_says);
	tcase_add_test(tests, false_discoveries);
	tcase_add_test(tests, fixed_or_lucky);
	tests = add_tests(suite, "change");
	tcase_add_loop_test(tests, change_is_rarely_seen_where_there_is_none, 0, 5);
	tcase_add_test(tests, change_is_found_where_it_is);
	tcase_add_test(tests, change_by_hand);
	tests = add_tests(suite, "survival");
	tcase_add_test(tests, product_limit);
	tcase_add_test(tests, curve_of_remissions);
	tcase_add_test(tests, curve_to_the_end);
	tcase_add_test(tests, curve_bounds_cover);
	tcase_add_test(tests, shape_of_remissions);
	tcase_add_loop_test(tests, shape_of_many_small_groups, 0, 3);
	tcase_add_test(tests, shape_bounds_cover);
	tcase_add_test(tests, shape_of_too_little);
	return suite;
}

int main(void)
{
	return run_suite(statistics_suite());
}
