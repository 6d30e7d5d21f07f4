/* SPDX-License-Identifier: BSD-2-Clause */
#include "score.h"

#include "again.h"
#include "statistics.h"
#include "survival.h"

#include <inttypes.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

/* The cells of one fault under one noise: rounds of the same. */
struct group {
	const struct cell *cell; /* the first */
	const struct outcome *outcome;
	size_t tried, seen;
	size_t of[VERDICT_COUNT]; /* of those that were seen */
	double unseen;		  /* seconds since it was last seen */
	/* Seconds to be seen, with rounds in vain before; infinite: longer than
	 * `longest`. */
	double median, worst, longest;
	uint64_t cycles; /* median */
};

/* As many as the run has cells, or fewer. */
struct times {
	size_t count;
	struct lifetime *at;
};

bool is_of_score(const struct cell *cell)
{
	return *cell->sign;
}

/* A control is the same cell without its noise; nothing is expected of it. */
static bool is_control(const struct cell *cell)
{
	return cell->expected == EXPECT_NOTHING;
}

static bool same_group(const struct cell *a, const struct cell *b)
{
	return is_of_score(a) && is_of_score(b) && !strcmp(a->subject, b->subject) &&
	       !strcmp(a->faults, b->faults) && !strcmp(a->noise, b->noise) &&
	       !strcmp(a->perturbation, b->perturbation) &&
	       is_control(a) == is_control(b);
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
static void count_round(
	struct group *g, const struct run *run, struct round round, struct times *times)
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
static void count_group(const struct run *run, struct group *g, struct times *times)
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
static bool sum_up(const struct run *run, size_t first, struct group *g)
{
	struct times times, cycles;
	bool ok = times_begin(&times, run);

	ok &= times_begin(&cycles, run);
	*g = (struct group){ .cell = &run->cells[first],
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

/* The groups of the run, malloced; *count of them. NULL without memory. */
static struct group *make_groups(const struct run *run, size_t *count)
{
	struct group *groups = calloc(run->count + 1, sizeof *groups);

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
	return groups;
}

/* Survivors first, then by the time that it took. */
static int by_time(const void *a, const void *b)
{
	const struct group *x = a, *y = b;

	if (!x->seen != !y->seen)
		return x->seen ? 1 : -1;
	if (x->median != y->median)
		return x->median < y->median ? -1 : 1;
	return strcmp(x->cell->faults, y->cell->faults);
}

static enum verdict usual_verdict(const struct group *g)
{
	enum verdict usual = VERDICT_MISSING;

	for (enum verdict v = 0; v < VERDICT_COUNT; v++)
		if (g->of[v] > g->of[usual])
			usual = v;
	return usual;
}

/* Nobody has seen it yet. */
static bool resists(const struct group *g)
{
	return strchr(g->cell->sign, '?');
}

/* In nine columns: "   2.00 s", "> 10.00 s" if it was not seen in so long. */
static void write_time(FILE *out, double seconds, double longest)
{
	if (isinf(seconds))
		fprintf(out, " >%6.2f s", longest);
	else
		fprintf(out, " %7.2f s", seconds);
}

static void write_seen(FILE *out, const struct group *g)
{
	fprintf(out, "  %-40s %3zu/%-3zu", g->cell->faults, g->seen, g->tried);
	write_time(out, g->median, g->longest);
	write_time(out, g->worst, g->longest);
	fprintf(out, " %8" PRIu64 " cycles  %s, %s%s%s%s%s\n", g->cycles,
		verdict_name(usual_verdict(g)), g->cell->case_name,
		*g->cell->noise ? ", noise " : "", g->cell->noise,
		*g->cell->perturbation ? ", at system calls " : "",
		g->cell->perturbation);
}

/* With what is left to hope for: the one-sided bound on the share of cells that show it. */
static void write_unseen(FILE *out, const struct group *g)
{
	fprintf(out,
		"%c %-40s   0/%-3zu %s; %s; seen in < %.0f %% of such cells (95 %%)\n",
		resists(g) ? ' ' : '!', g->cell->faults, g->tried,
		resists(g) ? "resists" : "SURVIVED", g->cell->case_name,
		ceil(100 * binomial_upper(0, g->tried, 0.95)));
}

static void write_group(FILE *out, const struct group *g)
{
	char command[COMMAND_SIZE];

	cell_command(g->cell, g->outcome, command, sizeof command);
	if (g->seen)
		write_seen(out, g);
	else
		write_unseen(out, g);
	fprintf(out, "      %s\n", command);
}

static const struct group *control_of(
	const struct group *groups, size_t count, const struct group *g)
{
	for (size_t i = 0; i < count; i++)
		if (is_control(groups[i].cell) && groups[i].tried &&
			!strcmp(groups[i].cell->faults, g->cell->faults) &&
			!strcmp(groups[i].cell->subject, g->cell->subject))
			return &groups[i];
	return NULL;
}

static bool is_held_up(const struct cell *cell)
{
	return *cell->noise || *cell->perturbation;
}

/* What was seen with noise, or by what is done at system calls, beside the same without. */
static void write_noise(FILE *out, const struct group *groups, size_t count)
{
	bool headed = false;

	for (size_t i = 0; i < count; i++) {
		const struct group *g = &groups[i];
		const struct group *control = control_of(groups, count, g);

		if (is_control(g->cell) || !is_held_up(g->cell) || !control || !g->tried)
			continue;
		if (!headed)
			fputs("\nWhat noise was good for\n", out);
		headed = true;
		fprintf(out, "  %-40s %s%s%s: %zu/%zu, %.2f s; without: %zu/%zu",
			g->cell->faults, g->cell->noise,
			*g->cell->perturbation ? " and " : "", g->cell->perturbation,
			g->seen, g->tried, g->median, control->seen, control->tried);
		if (control->seen)
			fprintf(out, ", %.2f s", control->median);
		fputc('\n', out);
	}
}

static bool hangs(enum verdict verdict)
{
	return verdict == VERDICT_DEADLOCK || verdict == VERDICT_LIVELOCK ||
	       verdict == VERDICT_LOST_SIGNAL;
}

/* Of all faults that were seen to hang, or not to, together. */
static void write_times(FILE *out, const struct run *run, const struct group *groups,
	size_t count, bool hanging, const char *what)
{
	size_t in_vain = 0, seen = 0;
	struct times all;

	if (!times_begin(&all, run))
		return;
	for (size_t g = 0; g < count; g++) {
		struct group again = { .cell = groups[g].cell };

		if (is_control(again.cell) || !groups[g].seen ||
			hangs(usual_verdict(&groups[g])) != hanging)
			continue;
		count_group(run, &again, &all);
		seen += again.seen;
		in_vain += again.tried - again.seen;
	}
	if (seen) {
		double median = survival_quantile(all.at, all.count, 0.5);
		double worst = survival_quantile(all.at, all.count, 0.99);

		fprintf(out,
			"  %-20s %zu times, median %s%.2f s, 99 %% %swithin %.2f s; "
			"%zu times in vain\n",
			what, seen, isinf(median) ? "over " : "",
			fmin(median, longest_of(&all)), isinf(worst) ? "not " : "",
			fmin(worst, longest_of(&all)), in_vain);
	}
	free(all.at);
}

/* Of cells that are seen sooner the cycles are too few to be taken for a time. */
enum { CYCLES_ENOUGH = 10 };

static void add_hazard(
	const struct run *run, const struct group *g, size_t number, struct times *times)
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

/* How the hazard goes with the cycles of a cell: within each fault, over all of them. */
static void write_hazard(
	FILE *out, const struct run *run, const struct group *groups, size_t count)
{
	struct times times;
	struct shape shape;

	if (!times_begin(&times, run))
		return;
	for (size_t g = 0; g < count; g++)
		if (!is_control(groups[g].cell) && groups[g].seen > 1 &&
			groups[g].cycles >= CYCLES_ENOUGH)
			add_hazard(run, &groups[g], g, &times);
	if (weibull_shape(times.at, times.count, &shape)) {
		fprintf(out, "  %-20s Weibull shape %.2f (95 %%: %.2f to %.2f)",
			"hazard by cycles", shape.estimate, shape.low, shape.high);
		if (shape.high < 1)
			fputs(": it falls, so that\n  "
			      "                     shorter cells find more",
				out);
		else if (shape.low > 1)
			fputs(": it rises, so that\n  "
			      "                     longer cells find more",
				out);
		fputc('\n', out);
	}
	free(times.at);
}

/* Of those that do not resist, or are seen all the same. */
struct sums {
	size_t seen, survived, untried;
};

static struct sums sum_groups(const struct group *groups, size_t count)
{
	struct sums sums = { 0 };

	for (size_t i = 0; i < count; i++) {
		const struct group *g = &groups[i];

		if (is_control(g->cell) || (resists(g) && !g->seen))
			continue;
		sums.seen += g->seen != 0;
		sums.survived += g->tried && !g->seen;
		sums.untried += !g->tried;
	}
	return sums;
}

bool score_is_full(const struct run *run)
{
	size_t count;
	struct group *groups = make_groups(run, &count);
	struct sums sums = { 0 };

	if (groups)
		sums = sum_groups(groups, count);
	free(groups);
	return groups && !sums.survived && !sums.untried;
}

void score_write(FILE *out, const struct run *run, bool brief)
{
	size_t count;
	struct group *groups = make_groups(run, &count);
	struct sums sums;

	if (!groups || !count) {
		free(groups);
		return;
	}
	qsort(groups, count, sizeof *groups, by_time);
	sums = sum_groups(groups, count);
	fprintf(out, "\nKnown faults, put back: %zu of %zu seen", sums.seen,
		sums.seen + sums.survived);
	if (sums.untried)
		fprintf(out, ", %zu not tried", sums.untried);
	fputc('\n', out);
	for (size_t i = 0; i < count; i++)
		if (!is_control(groups[i].cell) && groups[i].tried &&
			(!brief || !groups[i].seen))
			write_group(out, &groups[i]);
	if (!brief)
		write_noise(out, groups, count);
	if (!brief && sums.seen)
		fputs("\nTime to detection\n", out);
	write_times(out, run, groups, count, true, "hangs");
	write_times(out, run, groups, count, false, "all others");
	write_hazard(out, run, groups, count);
	free(groups);
}
