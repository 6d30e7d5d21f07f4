/* SPDX-License-Identifier: BSD-2-Clause */
#include "score.h"

#include "again.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

/* The cells of one fault under one noise: rounds of the same. */
struct group {
	const struct cell *cell; /* the first */
	const struct outcome *outcome;
	size_t tried, seen;
	size_t of[VERDICT_COUNT]; /* of those that were seen */
	double unseen;		  /* seconds since it was last seen */
	double median, worst;	  /* seconds to be seen, with rounds in vain before */
	uint64_t cycles;	  /* median */
};

struct times {
	size_t count;
	double *seconds;
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

static double seconds_of(const struct outcome *outcome)
{
	return (double)outcome->wall / 1e9;
}

static int by_size(const void *a, const void *b)
{
	double x = *(const double *)a, y = *(const double *)b;

	return x < y ? -1 : x > y;
}

/* The least of them that so many hundredths do not exceed (nearest rank); they are sorted by
 * this. */
static double quantile(const struct times *times, size_t hundredths)
{
	if (!times->count)
		return 0;
	qsort(times->seconds, times->count, sizeof *times->seconds, by_size);
	return times->seconds[(times->count * hundredths + 99) / 100 - 1];
}

/* One more of the group; its cycles need not be kept. */
static void count_cell(struct group *g, const struct cell *cell,
	const struct outcome *outcome, struct times *times, struct times *cycles)
{
	if (!was_tried(outcome))
		return;
	g->tried++;
	g->unseen += seconds_of(outcome);
	if (!cell_shows_sign(cell, outcome))
		return;
	g->seen++;
	g->of[outcome->verdict]++;
	times->seconds[times->count++] = g->unseen;
	if (cycles)
		cycles->seconds[cycles->count++] = (double)outcome->cycles;
	g->unseen = 0;
}

/* False without memory. */
static bool sum_up(const struct run *run, size_t first, struct group *g)
{
	struct times times = { .seconds = malloc(run->count * sizeof(double)) };
	struct times cycles = { .seconds = malloc(run->count * sizeof(double)) };
	bool ok = times.seconds && cycles.seconds;

	*g = (struct group){ .cell = &run->cells[first],
		.outcome = &run->outcomes[first] };
	for (size_t i = first; ok && i < run->count; i++)
		if (same_group(&run->cells[i], g->cell))
			count_cell(g, &run->cells[i], &run->outcomes[i], &times, &cycles);
	g->median = ok ? quantile(&times, 50) : 0;
	g->worst = ok ? quantile(&times, 99) : 0;
	g->cycles = ok ? (uint64_t)quantile(&cycles, 50) : 0;
	free(times.seconds);
	free(cycles.seconds);
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

static void write_group(FILE *out, const struct group *g)
{
	char command[COMMAND_SIZE];

	cell_command(g->cell, g->outcome, command, sizeof command);
	if (g->seen)
		fprintf(out,
			"  %-40s %3zu/%-3zu %7.2f s %7.2f s %8" PRIu64
			" cycles  %s, %s%s%s%s%s\n",
			g->cell->faults, g->seen, g->tried, g->median, g->worst,
			g->cycles, verdict_name(usual_verdict(g)), g->cell->case_name,
			*g->cell->noise ? ", noise " : "", g->cell->noise,
			*g->cell->perturbation ? ", at system calls " : "",
			g->cell->perturbation);
	else
		fprintf(out, "%c %-40s   0/%-3zu %s; %s\n", resists(g) ? ' ' : '!',
			g->cell->faults, g->tried, resists(g) ? "resists" : "SURVIVED",
			g->cell->case_name);
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
	size_t in_vain = 0;
	struct times all = { .seconds = malloc((run->count + 1) * sizeof(double)) };

	for (size_t g = 0; all.seconds && g < count; g++) {
		struct group again = { .cell = groups[g].cell };

		if (is_control(again.cell) || !groups[g].seen ||
			hangs(usual_verdict(&groups[g])) != hanging)
			continue;
		for (size_t i = 0; i < run->count; i++)
			if (same_group(&run->cells[i], again.cell))
				count_cell(&again, &run->cells[i], &run->outcomes[i],
					&all, NULL);
		in_vain += again.tried - again.seen;
	}
	if (all.count)
		fprintf(out,
			"  %-20s %zu times, median %.2f s, 99 %% within %.2f s; %zu "
			"times in vain\n",
			what, all.count, quantile(&all, 50), quantile(&all, 99), in_vain);
	free(all.seconds);
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
	free(groups);
}
