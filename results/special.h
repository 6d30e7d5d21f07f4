/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The functions behind exact bounds: regularised incomplete gamma and beta. Pure
 * functions.
 *
 * Relative error below 1e-9 of the smaller one of the two tails, for parameters from 0.5
 * to 1e12 (compared with mpmath 1.3); the time grows with the square root of the smaller
 * parameter. Continued fractions of Abramowitz and Stegun (1964), 6.5.31 and 26.5.8, by
 * Lentz's method (Lentz, Applied Optics 1976); the factor before them from Stirling's
 * series (A. and S. 6.1.42), so that nothing is lost where logarithms of huge factorials
 * would cancel.
 */
#ifndef HUPSTORM_RESULTS_SPECIAL_H
#define HUPSTORM_RESULTS_SPECIAL_H

/* P(a, x): the probability that a gamma variable of shape a > 0 is below x >= 0. */
double gamma_below(double a, double x);
/* Q(a, x) = 1 - P(a, x), exact in the tail. */
double gamma_above(double a, double x);

/* I_x(a, b): the probability that a beta variable with a, b > 0 is below x, in 0 to 1. */
double beta_below(double a, double b, double x);

/* The logarithm of B(a, b), for a, b > 0: absolute error below 1e-10 times the result,
 * and no more than 1e-9 beside it for b up to 1e12. */
double log_beta(double a, double b);

#endif
