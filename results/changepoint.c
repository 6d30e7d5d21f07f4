/* SPDX-License-Identifier: BSD-2-Clause */
#include "changepoint.h"

#include "special.h"

#include <math.h>

struct prior {
	double failed, passed;
};

/* The logarithm of the probability of these nights under one rate, drawn from the prior. */
static double evidence_of(const struct prior *prior, struct night sum)
{
	return log_beta(prior->failed + (double)sum.failures,
		       prior->passed + (double)(sum.trials - sum.failures)) -
	       log_beta(prior->failed, prior->passed);
}

static struct night sum_of(const struct night *nights, size_t count)
{
	struct night sum = { 0, 0 };

	for (size_t i = 0; i < count; i++) {
		sum.failures += nights[i].failures;
		sum.trials += nights[i].trials;
	}
	return sum;
}

double change_point(const struct night *nights, size_t count, double *since)
{
	struct night all = sum_of(nights, count), old = { 0, 0 };
	double mean = ((double)all.failures + 0.5) / ((double)all.trials + 1);
	struct prior prior = { 0.5, 0.5 * (1 - mean) / mean };
	double whole = evidence_of(&prior, all), sum = 1;

	if (!count)
		return 1;
	since[0] = 0;
	for (size_t k = 1; k < count; k++) {
		struct night new;

		old.failures += nights[k - 1].failures;
		old.trials += nights[k - 1].trials;
		new = (struct night){ all.failures - old.failures,
			all.trials - old.trials };
		since[k] =
			exp(evidence_of(&prior, old) + evidence_of(&prior, new) - whole) /
			(double)(count - 1);
		sum += since[k];
	}
	for (size_t k = 1; k < count; k++)
		since[k] /= sum;
	return count < 2 ? 1 : 1 / sum;
}
