/* SPDX-License-Identifier: BSD-2-Clause */
#include "score_groups.h"

#include "score.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

/* As many as the run has cells, or fewer. */
struct times {
	size_t count;
	struct lifetime *at;
};

bool is_of_score(const struct cell *cell)
{
	return *cell->sign;
}

bool score_is_control(const struct cell *cell)
{
	return cell->expected == EXPECT_NOTHING;
}

static bool same_group(const struct cell *a, const struct cell *b)
{
	return is_of_score(a) && is_of_score(b) && !strcmp(a->subject, b->subject) &&
	       !strcmp(a->faults, b->faults) && !strcmp(a->noise, b->noise) &&
	       !strcmp(a->perturbation, b->perturbation) &&
	       score_is_control(a) == score_is_control(b);
}

static bool is_first(const struct run *run, size_t i)
{
	if (!is_of_score(&run->cells[i]))
		return false;
	for (size_t k = 0; k < i; k++)
		if (same_group(&run->cells[k], &run->cells[i]))
			return false;
	return true;
}

static bool was_tried(const struct outcome *outcome)
{
	return outcome->verdict != VERDICT_MISSING && outcome->verdict != VERDICT_SKIPPED;
}

/* Round number i; of a run that is not folded, each cell is one. */
static struct round round_at(const struct run *run, size_t i)
{
	if (run->rounds)
		return run->rounds[i];
	return (struct round){ i, run->outcomes[i].wall, run->outcomes[i].cycles };
}

static size_t round_count(const struct run *run)
{
	return run->rounds ? run->round_count : run->count;
}

static bool times_begin(struct times *times, const struct run *run)
{
	*times = (struct times){ .at = malloc(
					 (round_count(run) + 1) * sizeof *times->at) };
	return times->at;
}

static void times_add(struct times *times, double time, bool seen, size_t group)
{
	times->at[times->count++] = (struct lifetime){ time, seen, group };
}

static double longest_of(const struct times *times)
{
	double longest = 0;

	for (size_t i = 0; i < times->count; i++)
		longest = fmax(longest, times->at[i].time);
	return longest;
}

/* One more round of the group. */
static void count_round(struct score_group *g, const struct run *run, struct round round,
	struct times *times)
{
	const struct cell *cell = &run->cells[round.at];
	const struct outcome *outcome = &run->outcomes[round.at];

	if (!was_tried(outcome))
		return;
	g->tried++;
	g->unseen += (double)round.wall / 1e9;
	if (!cell_shows_sign(cell, outcome))
		return;
	g->seen++;
	g->of[outcome->verdict]++;
	times_add(times, g->unseen, true, 0);
	g->unseen = 0;
}

/* All of the group; how long it has not been seen since is known too. */
static void count_group(const struct run *run, struct score_group *g, struct times *times)
{
	for (size_t i = 0; i < round_count(run); i++) {
		struct round round = round_at(run, i);

		if (same_group(&run->cells[round.at], g->cell))
			count_round(g, run, round, times);
	}
	if (g->unseen > 0)
		times_add(times, g->unseen, false, 0);
}

static void count_cycles(
	const struct run *run, const struct cell *of, struct times *cycles)
{
	for (size_t i = 0; i < round_count(run); i++) {
		struct round round = round_at(run, i);

		if (same_group(&run->cells[round.at], of) &&
			cell_shows_sign(&run->cells[round.at], &run->outcomes[round.at]))
			times_add(cycles, (double)round.cycles, true, 0);
	}
}

/* False without memory. */
static bool sum_up(const struct run *run, size_t first, struct score_group *g)
{
	struct times times, cycles;
	bool ok = times_begin(&times, run);

	ok &= times_begin(&cycles, run);
	*g = (struct score_group){ .cell = &run->cells[first],
		.outcome = &run->outcomes[first] };
	if (ok) {
		count_group(run, g, &times);
		count_cycles(run, g->cell, &cycles);
		g->median = survival_quantile(times.at, times.count, 0.5);
		g->worst = survival_quantile(times.at, times.count, 0.99);
		g->longest = longest_of(&times);
	}
	if (ok && g->seen)
		g->cycles = (uint64_t)survival_quantile(cycles.at, cycles.count, 0.5);
	free(times.at);
	free(cycles.at);
	return ok;
}

/* Survivors first, then by the time that it took. */
static int by_time(const void *a, const void *b)
{
	const struct score_group *x = a, *y = b;

	if (!x->seen != !y->seen)
		return x->seen ? 1 : -1;
	if (x->median != y->median)
		return x->median < y->median ? -1 : 1;
	return strcmp(x->cell->faults, y->cell->faults);
}

struct score_group *score_groups(const struct run *run, size_t *count)
{
	struct score_group *groups = calloc(run->count + 1, sizeof *groups);

	*count = 0;
	for (size_t i = 0; groups && i < run->count; i++) {
		if (!is_first(run, i))
			continue;
		if (!sum_up(run, i, &groups[*count])) {
			free(groups);
			return NULL;
		}
		(*count)++;
	}
	if (groups)
		qsort(groups, *count, sizeof *groups, by_time);
	return groups;
}

enum verdict score_usual_verdict(const struct score_group *g)
{
	enum verdict usual = VERDICT_MISSING;

	for (enum verdict v = 0; v < VERDICT_COUNT; v++)
		if (g->of[v] > g->of[usual])
			usual = v;
	return usual;
}

bool score_resists(const struct score_group *g)
{
	return strchr(g->cell->sign, '?');
}

bool score_times(const struct run *run, const struct score_group *groups, size_t count,
	bool hanging, struct score_times *times)
{
	struct times all;

	*times = (struct score_times){ 0 };
	if (!times_begin(&all, run))
		return false;
	for (size_t g = 0; g < count; g++) {
		struct score_group again = { .cell = groups[g].cell };

		if (score_is_control(again.cell) || !groups[g].seen ||
			verdict_is_hang(score_usual_verdict(&groups[g])) != hanging)
			continue;
		count_group(run, &again, &all);
		times->seen += again.seen;
		times->in_vain += again.tried - again.seen;
	}
	times->at = all.at;
	times->count = all.count;
	times->longest = longest_of(&all);
	return true;
}

/* Of cells that are seen sooner the cycles are too few to be taken for a time. */
enum { CYCLES_ENOUGH = 10 };

static void add_hazard(const struct run *run, const struct score_group *g, size_t number,
	struct times *times)
{
	for (size_t i = 0; i < round_count(run); i++) {
		struct round round = round_at(run, i);
		const struct cell *cell = &run->cells[round.at];
		const struct outcome *outcome = &run->outcomes[round.at];
		bool seen = cell_shows_sign(cell, outcome);

		if (!same_group(cell, g->cell))
			continue;
		if (seen || outcome->verdict == VERDICT_PASS)
			times_add(times, (double)round.cycles + 0.5, seen, number);
	}
}

bool score_hazard(const struct run *run, const struct score_group *groups, size_t count,
	struct shape *shape)
{
	struct times times;
	bool found;

	if (!times_begin(&times, run))
		return false;
	for (size_t g = 0; g < count; g++)
		if (!score_is_control(groups[g].cell) && groups[g].seen > 1 &&
			groups[g].cycles >= CYCLES_ENOUGH)
			add_hazard(run, &groups[g], g, &times);
	found = weibull_shape(times.at, times.count, shape);
	free(times.at);
	return found;
}

struct score_sums score_sum(const struct score_group *groups, size_t count)
{
	struct score_sums sums = { 0 };

	for (size_t i = 0; i < count; i++) {
		const struct score_group *g = &groups[i];

		if (score_is_control(g->cell) || (score_resists(g) && !g->seen))
			continue;
		sums.seen += g->seen != 0;
		sums.survived += g->tried && !g->seen;
		sums.untried += !g->tried;
	}
	return sums;
}
