/* SPDX-License-Identifier: BSD-2-Clause */
#include "statistics.h"

#include "special.h"

#include <errno.h>
#include <math.h>
#include <stdbool.h>
#include <stdlib.h>

/* A tail, of one of the functions in special.h, as a function of what is looked for. */
struct tail {
	double (*at)(const struct tail *tail, double x);
	double a, b;
};

static double gamma_lower_tail(const struct tail *tail, double x)
{
	return gamma_below(tail->a, x);
}

static double gamma_upper_tail(const struct tail *tail, double x)
{
	return gamma_above(tail->a, x);
}

static double beta_lower_tail(const struct tail *tail, double x)
{
	return beta_below(tail->a, tail->b, x);
}

/* Of two ends halve until nothing is between them: no better a double exists. The tail
 * grows or falls from `low` to `high`, as `grows` says. */
static double find(
	const struct tail *tail, double probability, bool grows, double low, double high)
{
	for (;;) {
		double middle = low + (high - low) / 2;

		if (middle <= low || middle >= high)
			return middle;
		if ((tail->at(tail, middle) < probability) == grows)
			low = middle;
		else
			high = middle;
	}
}

/* Beyond it no count is to be expected that is so far below. */
static double far_beyond(double count)
{
	return count + 50 * sqrt(count) + 1000;
}

double poisson_upper(uint64_t failures, double exposure, double confidence)
{
	struct tail tail = { gamma_upper_tail, (double)failures + 1, 0 };

	if (exposure <= 0)
		return INFINITY;
	if (!failures)
		return -log1p(-confidence) / exposure;
	return find(&tail, 1 - confidence, false, 0, far_beyond(tail.a)) / exposure;
}

double poisson_lower(uint64_t failures, double exposure, double confidence)
{
	struct tail tail = { gamma_lower_tail, (double)failures, 0 };

	if (exposure <= 0 || !failures)
		return 0;
	return find(&tail, 1 - confidence, true, 0, far_beyond(tail.a)) / exposure;
}

double binomial_lower(uint64_t failures, uint64_t trials, double confidence)
{
	struct tail tail = { beta_lower_tail, (double)failures,
		(double)(trials - failures) + 1 };

	if (!failures)
		return 0;
	if (failures == trials)
		return pow(1 - confidence, 1 / (double)trials);
	return find(&tail, 1 - confidence, true, 0, 1);
}

double binomial_upper(uint64_t failures, uint64_t trials, double confidence)
{
	struct tail tail = { beta_lower_tail, (double)failures + 1,
		(double)(trials - failures) };

	if (failures == trials)
		return 1;
	if (!failures)
		return -expm1(log1p(-confidence) / (double)trials);
	return find(&tail, confidence, true, 0, 1);
}

/* P(X <= count) of `all` trials with that probability, count < all. */
static double at_most(uint64_t count, uint64_t all, double probability)
{
	return beta_below((double)(all - count), (double)count + 1, 1 - probability);
}

struct wilson wilson(uint64_t failures, uint64_t trials)
{
	const double z = 1.959963984540054, n = (double)trials;
	double p = (double)failures / n, scale = 1 + z * z / n;
	double middle = (p + z * z / (2 * n)) / scale;
	double half = z * sqrt(p * (1 - p) / n + z * z / (4 * n * n)) / scale;

	return (struct wilson){ failures ? middle - half : 0, middle + half };
}

double rates_equal(
	uint64_t failures, double exposure, uint64_t others, double other_exposure)
{
	double share = exposure / (exposure + other_exposure), few, many;
	uint64_t all = failures + others;

	if (!all || !(exposure > 0) || !(other_exposure > 0))
		return 1;
	/* At least `failures` of the one is at most `others` of the other. */
	few = others ? at_most(failures, all, share) : 1;
	many = failures ? at_most(others, all, 1 - share) : 1;
	return fmin(1, 2 * fmin(few, many));
}

static int by_probability(const void *a, const void *b)
{
	double x = **(double *const *)a, y = **(double *const *)b;

	return x < y ? -1 : x > y;
}

int adjust_false_discoveries(double *probabilities, size_t count)
{
	double **sorted = malloc((count + 1) * sizeof *sorted), least = 1;

	if (!sorted)
		return -ENOMEM;
	for (size_t i = 0; i < count; i++)
		sorted[i] = &probabilities[i];
	qsort(sorted, count, sizeof *sorted, by_probability);
	for (size_t rank = count; rank > 0; rank--) {
		least = fmin(least, *sorted[rank - 1] * (double)count / (double)rank);
		*sorted[rank - 1] = least;
	}
	free(sorted);
	return 0;
}

double still_there(uint64_t failures, double exposure, double clean)
{
	double silent = exp(-(double)failures * log1p(clean / exposure));

	return silent / (1 + silent);
}

double clean_enough(uint64_t failures, double exposure, double confidence)
{
	return exposure * expm1(log(confidence / (1 - confidence)) / (double)failures);
}
