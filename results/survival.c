/* SPDX-License-Identifier: BSD-2-Clause */
#include "survival.h"

#include "statistics.h"

#include <math.h>
#include <stdlib.h>

#define SHAPE_LEAST 0.02
#define SHAPE_MOST  50.0

static int by_time(const void *a, const void *b)
{
	const struct lifetime *x = a, *y = b;

	if (x->time != y->time)
		return x->time < y->time ? -1 : 1;
	return (int)y->seen - (int)x->seen;
}

double survival_quantile(struct lifetime *lifetimes, size_t count, double fraction)
{
	double unseen = 1;

	qsort(lifetimes, count, sizeof *lifetimes, by_time);
	for (size_t i = 0; i < count; i++) {
		if (lifetimes[i].seen)
			unseen *= 1 - 1 / (double)(count - i);
		/* The product may be off by a rounding or two. */
		if (lifetimes[i].seen && unseen <= 1 - fraction + 1e-12)
			return lifetimes[i].time;
	}
	return INFINITY;
}

/* log(-log) is about normal, which keeps the bounds between 0 and 1. */
static void bound(struct survival_step *step, double variance)
{
	double middle = log(-log(step->unseen));
	double width = 1.959964 * sqrt(variance) / fabs(log(step->unseen));

	step->low = exp(-exp(middle + width));
	step->high = exp(-exp(middle - width));
}

/* All of those at risk were seen: none is left of them, which has an exact bound. */
static void bound_at_end(struct survival_step *step, double before)
{
	step->unseen = 0;
	step->low = 0;
	step->high = before * binomial_upper(0, step->at_risk, 0.975);
}

size_t survival_curve(
	struct lifetime *lifetimes, size_t count, struct survival_step *steps)
{
	double unseen = 1, variance = 0;
	size_t number = 0;

	qsort(lifetimes, count, sizeof *lifetimes, by_time);
	for (size_t i = 0, seen; i < count; i += seen ? seen : 1) {
		struct survival_step *step = &steps[number];
		double at_risk = (double)(count - i);

		for (seen = 0; i + seen < count && lifetimes[i + seen].seen &&
			       lifetimes[i + seen].time == lifetimes[i].time;)
			seen++;
		if (!seen)
			continue;
		number++;
		unseen *= 1 - (double)seen / at_risk;
		*step = (struct survival_step){ lifetimes[i].time, unseen, 0, 1,
			count - i };
		if (seen == count - i) {
			bound_at_end(step, number > 1 ? step[-1].high : 1);
			continue;
		}
		variance += (double)seen / (at_risk * (at_risk - (double)seen));
		bound(step, variance);
	}
	return number;
}

struct sample {
	struct lifetime *lifetimes;
	size_t count;
	bool halved; /* only the earlier half of each group is looked at */
};

/* The first group, which is then taken off. */
static struct sample next_group(struct sample *rest)
{
	struct sample group = { rest->lifetimes, 0, rest->halved };

	while (group.count < rest->count &&
		group.lifetimes[group.count].group == group.lifetimes->group)
		group.count++;
	rest->lifetimes += group.count;
	rest->count -= group.count;
	return group;
}

/* Sorts each group. */
static struct sample sample_of(struct lifetime *lifetimes, size_t count)
{
	struct sample sample = { lifetimes, count, false }, rest = sample;

	for (size_t i = 0; i < count; i++)
		sample.halved |= !lifetimes[i].seen;
	while (rest.count) {
		struct sample group = next_group(&rest);

		qsort(group.lifetimes, group.count, sizeof *group.lifetimes, by_time);
	}
	return sample;
}

/* How many of the group are looked at, as long as they last; 0 if one of these was given
 * up. */
static size_t looked_at(struct sample group)
{
	size_t looked = group.halved ? (group.count + 1) / 2 : group.count;

	for (size_t i = 0; i < looked; i++)
		if (!group.lifetimes[i].seen)
			return 0;
	return looked;
}

/* A logarithm of the likelihood, and its derivative. */
struct slope {
	double value, derivative;
};

/*
 * Of one group of which d are looked at, until the last of these is seen, for the shape
 * k: k^(d - 1) times the product of their times to the k, over the sum of all times to
 * the k, to the d. Times are taken in units of the longest, which changes nothing and
 * keeps the powers small.
 */
static struct slope group_slope(struct sample group, double k)
{
	size_t looked = looked_at(group);
	double longest = looked ? group.lifetimes[looked - 1].time : 0,
	       seen = (double)looked;
	double logs = 0, powers = (double)(group.count - looked), powers_logs = 0;

	if (!looked)
		return (struct slope){ 0, 0 };
	for (size_t i = 0; i < looked; i++) {
		double logarithm = log(group.lifetimes[i].time / longest);
		double power = exp(k * logarithm);

		logs += logarithm;
		powers += power;
		powers_logs += power * logarithm;
	}
	return (struct slope){ (seen - 1) * log(k) + k * logs - seen * log(powers),
		(seen - 1) / k + logs - seen * powers_logs / powers };
}

static struct slope slope_at(struct sample sample, double k)
{
	struct slope sum = { 0, 0 };

	while (sample.count) {
		struct slope slope = group_slope(next_group(&sample), k);

		sum.value += slope.value;
		sum.derivative += slope.derivative;
	}
	return sum;
}

/* The likelihood is concave: its derivative falls. */
static double find_greatest(struct sample sample)
{
	double low = SHAPE_LEAST, high = SHAPE_MOST;

	while (high / low > 1 + 1e-7) {
		double middle = sqrt(low * high);

		if (slope_at(sample, middle).derivative > 0)
			low = middle;
		else
			high = middle;
	}
	return sqrt(low * high);
}

/* Where it has fallen to `value`, on the way from `inside` to `outside`; `outside` if
 * nowhere. */
static double find_bound(
	struct sample sample, double inside, double outside, double value)
{
	while (fabs(log(outside / inside)) > 1e-7) {
		double middle = sqrt(inside * outside);

		if (slope_at(sample, middle).value > value)
			inside = middle;
		else
			outside = middle;
	}
	return outside;
}

bool weibull_shape(struct lifetime *lifetimes, size_t count, struct shape *shape)
{
	struct sample sample = sample_of(lifetimes, count);
	double value;

	shape->estimate = find_greatest(sample);
	if (shape->estimate < SHAPE_LEAST * 1.01 || shape->estimate > SHAPE_MOST / 1.01)
		return false;
	value = slope_at(sample, shape->estimate).value - 3.841459 / 2;
	shape->low = find_bound(sample, shape->estimate, SHAPE_LEAST, value);
	shape->high = find_bound(sample, shape->estimate, SHAPE_MOST, value);
	return true;
}
