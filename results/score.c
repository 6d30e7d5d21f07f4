/* SPDX-License-Identifier: BSD-2-Clause */
#include "score.h"

#include "again.h"
#include "score_groups.h"
#include "statistics.h"

#include <inttypes.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

/* In nine columns: "   2.00 s", "> 10.00 s" if it was not seen in so long. */
static void write_time(FILE *out, double seconds, double longest)
{
	if (isinf(seconds))
		fprintf(out, " >%6.2f s", longest);
	else
		fprintf(out, " %7.2f s", seconds);
}

static void write_seen(FILE *out, const struct score_group *g)
{
	fprintf(out, "  %-40s %3zu/%-3zu", g->cell->faults, g->seen, g->tried);
	write_time(out, g->median, g->longest);
	write_time(out, g->worst, g->longest);
	fprintf(out, " %8" PRIu64 " cycles  %s, %s%s%s%s%s\n", g->cycles,
		verdict_name(score_usual_verdict(g)), g->cell->case_name,
		*g->cell->noise ? ", noise " : "", g->cell->noise,
		*g->cell->perturbation ? ", at system calls " : "",
		g->cell->perturbation);
}

/* With what is left to hope for: the one-sided bound on the share of cells that show it. */
static void write_unseen(FILE *out, const struct score_group *g)
{
	fprintf(out,
		"%c %-40s   0/%-3zu %s; %s; seen in < %.0f %% of such cells (95 %%)\n",
		score_resists(g) ? ' ' : '!', g->cell->faults, g->tried,
		score_resists(g) ? "resists" : "SURVIVED", g->cell->case_name,
		ceil(100 * binomial_upper(0, g->tried, 0.95)));
}

static void write_group(FILE *out, const struct score_group *g)
{
	char command[COMMAND_SIZE];

	cell_command(g->cell, g->outcome, command, sizeof command);
	if (g->seen)
		write_seen(out, g);
	else
		write_unseen(out, g);
	fprintf(out, "      %s\n", command);
}

static const struct score_group *control_of(
	const struct score_group *groups, size_t count, const struct score_group *g)
{
	for (size_t i = 0; i < count; i++)
		if (score_is_control(groups[i].cell) && groups[i].tried &&
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
static void write_noise(FILE *out, const struct score_group *groups, size_t count)
{
	bool headed = false;

	for (size_t i = 0; i < count; i++) {
		const struct score_group *g = &groups[i];
		const struct score_group *control = control_of(groups, count, g);

		if (score_is_control(g->cell) || !is_held_up(g->cell) || !control ||
			!g->tried)
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

/* Of all faults that were seen to hang, or not to, together. */
static void write_times(FILE *out, const struct run *run,
	const struct score_group *groups, size_t count, bool hanging, const char *what)
{
	struct score_times times;

	if (!score_times(run, groups, count, hanging, &times))
		return;
	if (times.seen) {
		double median = survival_quantile(times.at, times.count, 0.5);
		double worst = survival_quantile(times.at, times.count, 0.99);

		fprintf(out,
			"  %-20s %zu times, median %s%.2f s, 99 %% %swithin %.2f s; "
			"%zu times in vain\n",
			what, times.seen, isinf(median) ? "over " : "",
			fmin(median, times.longest), isinf(worst) ? "not " : "",
			fmin(worst, times.longest), times.in_vain);
	}
	free(times.at);
}

/* How the hazard goes with the cycles of a cell. */
static void write_hazard(
	FILE *out, const struct run *run, const struct score_group *groups, size_t count)
{
	struct shape shape;

	if (!score_hazard(run, groups, count, &shape))
		return;
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

bool score_is_full(const struct run *run)
{
	size_t count;
	struct score_group *groups = score_groups(run, &count);
	struct score_sums sums = { 0 };

	if (groups)
		sums = score_sum(groups, count);
	free(groups);
	return groups && !sums.survived && !sums.untried;
}

void score_write(FILE *out, const struct run *run, bool brief)
{
	size_t count;
	struct score_group *groups = score_groups(run, &count);
	struct score_sums sums;

	if (!groups || !count) {
		free(groups);
		return;
	}
	sums = score_sum(groups, count);
	fprintf(out, "\nKnown faults, put back: %zu of %zu seen", sums.seen,
		sums.seen + sums.survived);
	if (sums.untried)
		fprintf(out, ", %zu not tried", sums.untried);
	fputc('\n', out);
	for (size_t i = 0; i < count; i++)
		if (!score_is_control(groups[i].cell) && groups[i].tried &&
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
