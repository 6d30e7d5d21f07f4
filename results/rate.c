/* SPDX-License-Identifier: BSD-2-Clause */
#include "rate.h"

#include "statistics.h"
#include "tally.h"

#include <inttypes.h>
#include <math.h>
#include <stdlib.h>

#define ONE_SIDED 0.95
#define TWO_SIDED 0.975

void rate_add(struct rate *rate, const struct cell *cell, const struct outcome *outcome)
{
	bool red = verdict_is_red(outcome->verdict);
	uint64_t cells = 1 + outcome->more, failures = red ? cells : 0;

	if (!red && outcome->verdict != VERDICT_PASS)
		return;
	rate->failures += failures;
	rate->runs |= cell->engine == ENGINE_EXECUTED;
	if (cell->engine == ENGINE_EXECUTED)
		rate->exposure += cells;
	else if (cell->engine == ENGINE_STORM)
		rate->exposure += outcome->cycles + failures;
}

struct rate rate_of(const struct run *run, const struct cell *row, const char *placement)
{
	struct rate rate = { 0 };

	for (size_t i = 0; i < run->count; i++)
		if (same_row(&run->cells[i], row) &&
			(!placement || same_family(run->cells[i].placement, placement)))
			rate_add(&rate, &run->cells[i], &run->outcomes[i]);
	return rate;
}

static double upper(const struct rate *rate, double confidence)
{
	return rate->runs ? binomial_upper(rate->failures, rate->exposure, confidence)
			  : poisson_upper(
				    rate->failures, (double)rate->exposure, confidence);
}

static double lower(const struct rate *rate, double confidence)
{
	return rate->runs ? binomial_lower(rate->failures, rate->exposure, confidence)
			  : poisson_lower(
				    rate->failures, (double)rate->exposure, confidence);
}

struct bounds rate_bounds(const struct rate *rate)
{
	double confidence = rate->failures ? TWO_SIDED : ONE_SIDED;

	if (!rate->exposure)
		return (struct bounds){ 0, 1 };
	return (struct bounds){ lower(rate, confidence),
		fmin(1, upper(rate, confidence)) };
}

/* With two digits, none the nearer to the truth by rounding: up with 1, down with -1. */
static void write_rounded(FILE *out, double value, int up)
{
	double last = value > 0 ? pow(10, floor(log10(value)) - 1) : 0;
	char text[32];

	snprintf(text, sizeof text, "%.1e", value);
	if (up * (strtod(text, NULL) - value) < -1e-9 * value)
		snprintf(text, sizeof text, "%.1e", value + up * last / 2);
	fputs(text, out);
}

void rate_write(FILE *out, const struct rate *rate)
{
	struct bounds bounds = rate_bounds(rate);

	if (!rate->exposure) {
		fprintf(out, "%" PRIu64 " failures", rate->failures);
		return;
	}
	fprintf(out, "%" PRIu64 " / %" PRIu64 " %s, ", rate->failures, rate->exposure,
		rate->runs ? "runs" : "cycles");
	if (rate->failures) {
		write_rounded(out, bounds.low, -1);
		fputs(" to ", out);
	} else {
		fputs("< ", out);
	}
	write_rounded(out, bounds.high, 1);
}
