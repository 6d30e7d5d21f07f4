/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Nights that never were, with truths planted in them, for the tests of what the reports say.
 *
 * Each night each builder runs the same plan: some cases on two subjects in four placements. Most rows never
 * fail; the first ones, of which nothing is expected, fail at a rate that does not change. The truths:
 *
 *	regression	from night 37 on the first of these rows fails ten times as often
 *	gone		the failures of the first green row end with night 20
 *	broken		from night 50 to 54 nearly everything crashes on the last builder
 *	missing		there is no night 60
 *	short		night 45 was killed halfway, on the first builder
 *
 * Nights and builders count from 1.
 */
#ifndef HUPSTORM_CASES_NIGHTS_H
#define HUPSTORM_CASES_NIGHTS_H

#include "results/results.h"
#include "stress/random.h"

enum {
	NIGHT_REGRESSION = 37,
	NIGHT_GONE = 20,
	NIGHT_BROKEN = 50,
	NIGHT_MENDED = 55,
	NIGHT_MISSING = 60,
	NIGHT_SHORT = 45
};

/* Per cycle. */
#define NIGHTS_RATE 2e-6

enum truth {
	TRUTH_REGRESSION,
	TRUTH_GONE,
	TRUTH_BROKEN,
	TRUTH_MISSING,
	TRUTH_SHORT,
	TRUTHS
};

struct nights {
	struct random drawn;
	uint64_t nights, builders, cases;
	uint64_t cells;	 /* of a row, in each placement */
	uint64_t cycles; /* of a cell */
	uint64_t flaky;	 /* rows */
	bool planted[TRUTHS];
};

extern const struct nights nights_usual;

/* Draw the run of that builder in that night, which the caller frees (run_free); it says of itself that it has
 * not finished if it was killed. NULL: there is none in that night. Without memory the program ends. */
struct run *nights_draw(struct nights *nights, uint64_t night, uint64_t builder);

#endif
