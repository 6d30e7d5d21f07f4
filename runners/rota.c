/* SPDX-License-Identifier: BSD-2-Clause */
#include "rota.h"

#include <math.h>

/* To start a process and to end it; to judge a cell that is red soon. */
#define START_TIME 0.1
#define RED_TIME   0.7

/* Of fewer cells one that is odd would say too much. */
enum { CELLS_ENOUGH = 8 };

static bool is_red(const struct cell *cell)
{
	return cell->expected == EXPECT_RED;
}

double rota_overhead(const struct cell *cell)
{
	return START_TIME + (is_red(cell) ? RED_TIME : 0);
}

double rota_least(const struct cell *cell)
{
	return rota_overhead(cell) + (is_red(cell) ? 0 : ROTA_STORM_LEAST);
}

unsigned rota_nights(double least, double budget)
{
	unsigned nights = 1;

	while (nights < PARTS_MAX && least > budget * nights)
		nights *= 2;
	return nights;
}

/* Of cells that ended as they should. */
static bool has_pace(const struct cell *cell, const struct outcome *outcome)
{
	return cell->time_limit && cell_standing(cell, outcome) == STANDING_AS_EXPECTED &&
	       (is_red(cell) || outcome->verdict == VERDICT_PASS);
}

void rota_measure(struct rota_times *times, const struct run *run)
{
	for (size_t i = 0; i < run->count; i++) {
		const struct cell *cell = &run->cells[i];
		const struct outcome *outcome = &run->outcomes[i];
		double storm = is_red(cell) ? 0 : (double)cell->time_limit / 1e9;

		if (!has_pace(cell, outcome))
			continue;
		times->took += fmax((double)outcome->wall / 1e9 - storm, 0);
		times->expected += rota_overhead(cell);
		times->cells++;
	}
}

unsigned rota_pace(const struct rota_times *times)
{
	double pace;

	if (times->cells < CELLS_ENOUGH)
		return 0;
	pace = round(100 * times->took / times->expected);
	return (unsigned)fmin(fmax(pace, 1), PACE_MAX);
}

void rota_take_turn(struct run_options *o, const struct cell *cells, size_t count)
{
	double least = 0;
	unsigned nights;

	for (size_t i = 0; i < count; i++)
		least += rota_least(&cells[i]) * o->pace / 100;
	nights = rota_nights(least, (double)o->budget / 1e9);
	o->slice = (struct part){ (unsigned)(o->night % nights) + 1, nights, NULL };
	if (!o->seed_given)
		o->seed = o->night / nights + 1;
}
