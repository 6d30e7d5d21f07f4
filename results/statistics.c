/* SPDX-License-Identifier: BSD-2-Clause */
#include "statistics.h"

/* -ln(0.05) is 2.9957; three is its customary and slightly cautious rounding. */
double excluded_rate(uint64_t cycles)
{
	double rate = 3.0 / (double)cycles;

	return rate < 1 ? rate : 1;
}
