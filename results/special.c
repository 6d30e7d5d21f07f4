/* SPDX-License-Identifier: BSD-2-Clause */
#include "special.h"

#include <math.h>
#include <stdbool.h>

static const double epsilon = 1e-15, tiny = 1e-300;

/* What Stirling's formula leaves of the logarithm of gamma(z). */
static double stirling_rest(double z)
{
	double square = z * z;

	if (z < 10)
		return lgamma(z) - ((z - 0.5) * log(z) - z + 0.5 * log(2 * M_PI));
	return (1 / 12.0 -
		       (1 / 360.0 -
			       (1 / 1260.0 - (1 / 1680.0 - (1 / 1188.0 - 691 / 360360.0 /
										 square) /
								   square) /
						     square) /
				       square) /
			       square) /
	       z;
}

/* log(1 + x) - x, where the two nearly cancel. */
static double log_rest(double x)
{
	double sum = 0, power = -x * x;

	for (int n = 2; n < 40; n++, power *= -x)
		sum += power / n;
	return sum;
}

/* log(value / mean) - off / mean, where `off` is value - mean. */
static double deviance(double value, double mean, double off)
{
	double x = off / mean;

	return fabs(x) < 0.1 ? log_rest(x) : log(value / mean) - x;
}

/* x^a e^-x / gamma(a) */
static double gamma_factor(double a, double x)
{
	return exp(a * deviance(x, a, x - a) - stirling_rest(a)) * sqrt(a / (2 * M_PI));
}

/* x^a y^b / B(a, b), with y = 1 - x: the logarithm is a sum of two deviances, whose
 * linear parts cancel. */
static double beta_factor(double a, double b, double x, double y)
{
	double n = a + b, off = x < y ? x * n - a : b - y * n;

	return exp(a * deviance(x * n, a, off) + b * deviance(y * n, b, -off) +
		       stirling_rest(n) - stirling_rest(a) - stirling_rest(b)) *
	       sqrt(a / n * b / (2 * M_PI));
}

static double gamma_series(double a, double x)
{
	double term = 1 / a, sum = term;

	for (double n = a + 1; term > sum * epsilon; n++) {
		term *= x / n;
		sum += term;
	}
	return sum * gamma_factor(a, x);
}

/* One step of Lentz's method; returns the factor by which the fraction has changed. */
static double lentz(double *c, double *d, double numerator, double denominator)
{
	*d = denominator + numerator * *d;
	*c = denominator + numerator / *c;
	*d = 1 / (fabs(*d) < tiny ? tiny : *d);
	*c = fabs(*c) < tiny ? tiny : *c;
	return *c * *d;
}

static double gamma_fraction(double a, double x)
{
	double b = x + 1 - a, c = 1 / tiny, d = 1 / b, fraction = d, change = 0;

	for (double n = 1; fabs(change - 1) > epsilon; n++) {
		b += 2;
		change = lentz(&c, &d, -n * (n - a), b);
		fraction *= change;
	}
	return fraction * gamma_factor(a, x);
}

double gamma_below(double a, double x)
{
	if (x <= 0)
		return 0;
	if (isinf(x))
		return 1;
	return x < a + 1 ? gamma_series(a, x) : 1 - gamma_fraction(a, x);
}

double gamma_above(double a, double x)
{
	if (x <= 0)
		return 1;
	if (isinf(x))
		return 0;
	return x < a + 1 ? 1 - gamma_series(a, x) : gamma_fraction(a, x);
}

/* For x not above the mean. */
static double beta_fraction(double a, double b, double x, double y)
{
	double c = 1, d = 1 - (a + b) * x / (a + 1), fraction, change = 0;

	d = 1 / (fabs(d) < tiny ? tiny : d);
	fraction = d;
	for (double m = 1; fabs(change - 1) > epsilon; m++) {
		double even = m * (b - m) * x / ((a + 2 * m - 1) * (a + 2 * m));
		double odd = -(a + m) * (a + b + m) * x / ((a + 2 * m) * (a + 2 * m + 1));

		fraction *= lentz(&c, &d, even, 1);
		change = lentz(&c, &d, odd, 1);
		fraction *= change;
	}
	return fraction * beta_factor(a, b, x, y) / a;
}

/* With b so much larger than a the fraction loses digits, and the beta variable is a
 * gamma variable but for (a / b)^2 (Wise, Biometrika 1950). */
static bool is_nearly_gamma(double a, double b)
{
	return b > 1e6 * a;
}

static double as_gamma(double a, double b, double x)
{
	return -(b + (a - 1) / 2) * log1p(-x);
}

double beta_below(double a, double b, double x)
{
	if (x <= 0)
		return 0;
	if (x >= 1)
		return 1;
	if (is_nearly_gamma(a, b))
		return gamma_below(a, as_gamma(a, b, x));
	if (is_nearly_gamma(b, a))
		return gamma_above(b, as_gamma(b, a, 1 - x));
	if (x < (a + 1) / (a + b + 2))
		return beta_fraction(a, b, x, 1 - x);
	return 1 - beta_fraction(b, a, 1 - x, x);
}

double log_beta(double a, double b)
{
	double n = a + b, p = a < b ? a : b, q = a < b ? b : a;
	double rest = stirling_rest(p) + stirling_rest(q) - stirling_rest(n);

	return (p - 0.5) * log(p / n) + q * log1p(-p / n) - 0.5 * log(q) +
	       0.5 * log(2 * M_PI) + rest;
}
