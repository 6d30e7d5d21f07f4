/* SPDX-License-Identifier: BSD-2-Clause */
#include "bandit.h"

#include <math.h>

/* Before anything is known: half a failure in a second, and not at all sure of it. */
#define PRIOR_FOUND   0.5
#define PRIOR_SECONDS 1.0

void bandit_add_axis(struct bandit *bandit, size_t values)
{
	struct bandit_axis *axis = &bandit->at[bandit->axes++];

	axis->values = values;
	for (size_t v = 0; v < values; v++) {
		axis->found[v] = PRIOR_FOUND;
		axis->seconds[v] = PRIOR_SECONDS;
	}
}

/* In (0, 1). */
static double uniform(struct random *random)
{
	return ((double)(random_next(random) >> 11) + 0.5) * 0x1p-53;
}

static double normal(struct random *random)
{
	return sqrt(-2 * log(uniform(random))) * cos(2 * M_PI * uniform(random));
}

/* A Gamma variate of shape at least 1 and scale 1 (Marsaglia and Tsang, 2000). */
static double large_gamma(struct random *random, double shape)
{
	double d = shape - 1.0 / 3, c = 1 / sqrt(9 * d);

	for (;;) {
		double x = normal(random), v = 1 + c * x;

		v = v * v * v;
		if (v > 0 && log(uniform(random)) < x * x / 2 + d - d * v + d * log(v))
			return d * v;
	}
}

/* A smaller shape is had from one that is larger by one (the same). */
static double gamma_variate(struct random *random, double shape)
{
	if (shape >= 1)
		return large_gamma(random, shape);
	return large_gamma(random, shape + 1) * pow(uniform(random), 1 / shape);
}

static size_t pick_on(struct bandit_axis *axis, struct random *random)
{
	double most = -1;
	size_t best = 0;

	for (size_t v = 0; v < axis->values; v++) {
		double rate = gamma_variate(random, axis->found[v]) / axis->seconds[v];

		if (rate <= most)
			continue;
		most = rate;
		best = v;
	}
	return best;
}

struct bandit_choice bandit_pick(struct bandit *bandit)
{
	struct bandit_choice choice = { { 0 } };

	for (size_t a = 0; a < bandit->axes; a++)
		choice.at[a] = pick_on(&bandit->at[a], &bandit->random);
	return choice;
}

void bandit_learn(struct bandit *bandit, const struct bandit_choice *choice, bool failed,
	double seconds)
{
	for (size_t a = 0; a < bandit->axes; a++) {
		bandit->at[a].found[choice->at[a]] += failed;
		bandit->at[a].seconds[choice->at[a]] += seconds;
	}
}

double bandit_rate(const struct bandit *bandit, size_t axis, size_t value)
{
	const struct bandit_axis *a = &bandit->at[axis];

	return (a->found[value] - PRIOR_FOUND) / a->seconds[value];
}
