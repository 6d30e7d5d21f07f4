/* SPDX-License-Identifier: BSD-2-Clause */
#include "compare.h"

#include "changepoint.h"
#include "compare_rows.h"
#include "statistics.h"
#include "tally.h"

#include <errno.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#define SURE 0.95

struct comparison {
	const struct run *before, *now;
	struct compared *rows;
	size_t count;
	/* Of the runs from the first on, without the last: their numbers, and what became
	 * of each row in them, row by row. */
	size_t nights;
	int64_t *ids;
	struct night *history;
};

static struct night *night_at(const struct comparison *c, size_t night, size_t row)
{
	return &c->history[night * c->count + row];
}

static struct night night_of(const struct rate *rate)
{
	return (struct night){ rate->failures, rate->exposure };
}

/* Room for one more. -ENOMEM. */
static int add_night(struct comparison *c, int64_t id)
{
	size_t nights = c->nights + 1;
	int64_t *ids = realloc(c->ids, nights * sizeof *ids);
	struct night *history;

	if (!ids)
		return -ENOMEM;
	c->ids = ids;
	history = realloc(c->history, (nights * c->count + 1) * sizeof *history);
	if (!history)
		return -ENOMEM;
	c->history = history;
	c->ids[c->nights] = id;
	memset(&history[c->nights * c->count], 0, c->count * sizeof *history);
	c->nights = nights;
	return 0;
}

struct comparison *comparison_new(const struct run *before, const struct run *now)
{
	struct comparison *c = calloc(1, sizeof *c);

	if (!c)
		return NULL;
	*c = (struct comparison){ .before = before, .now = now };
	c->rows = compare_rows(before, now, &c->count);
	if (!c->rows || add_night(c, before->info.id)) {
		comparison_free(c);
		return NULL;
	}
	for (size_t i = 0; i < c->count; i++)
		*night_at(c, 0, i) = night_of(&c->rows[i].before.all.rate);
	return c;
}

void comparison_free(struct comparison *c)
{
	if (!c)
		return;
	free(c->rows);
	free(c->ids);
	free(c->history);
	free(c);
}

int comparison_add(struct comparison *c, const struct run *between)
{
	if (!same_hardware(&between->info.machine, &c->now->info.machine))
		return 0;
	if (add_night(c, between->info.id))
		return -ENOMEM;
	for (size_t i = 0; i < between->count; i++) {
		struct compared *row =
			compared_find(c->rows, c->count, &between->cells[i]);
		struct rate rate = { 0 };
		struct night *night;

		if (!row)
			continue;
		rate_add(&rate, &between->cells[i], &between->outcomes[i]);
		night = night_at(c, c->nights - 1, (size_t)(row - c->rows));
		night->failures += rate.failures;
		night->trials += rate.exposure;
	}
	return 0;
}

static void write_label(FILE *out, const struct cell *cell)
{
	fprintf(out, "%s, %s", cell->case_name, cell->subject);
	if (*cell->faults)
		fprintf(out, " + %s", cell->faults);
	if (*cell->noise)
		fprintf(out, ", noise %s", cell->noise);
	if (*cell->perturbation)
		fprintf(out, ", at system calls %s", cell->perturbation);
	if (*cell->world)
		fprintf(out, ", %.60s", cell->world);
	if (*cell->sign)
		fputs(cell->expected == EXPECT_NOTHING ? " (control)" : " (put back)",
			out);
	fputc('\n', out);
}

/* "2 deadlock, 1 crash" behind `before`, of those verdicts that `which` picks; how many. */
static size_t write_verdicts(FILE *out, const size_t of[VERDICT_COUNT],
	bool (*which)(enum verdict), const char *before)
{
	size_t sum = 0;

	for (enum verdict v = 0; v < VERDICT_COUNT; v++) {
		if (!of[v] || !which(v))
			continue;
		fprintf(out, "%s%zu %s", sum ? ", " : before, of[v], verdict_name(v));
		sum += of[v];
	}
	return sum;
}

static void write_side(FILE *out, const char *when, const struct counted *counted)
{
	fprintf(out, "    %-8s", when);
	rate_write(out, &counted->rate);
	write_verdicts(out, counted->of, verdict_is_red, ": ");
	fputc('\n', out);
}

/* "since run 5 (87 %), or 6 (9 %)": the likeliest, until they have 95 % together. */
static void write_culprits(
	FILE *out, const struct comparison *c, double *since, double change)
{
	double told = 0;

	fprintf(out, "    since   ");
	for (size_t n = 0; n < 3 && told < SURE; n++) {
		size_t best = 0;

		for (size_t k = 1; k <= c->nights; k++)
			if (since[k] > since[best])
				best = k;
		fprintf(out, "%srun %" PRId64 " (%.0f %%)", n ? ", or " : "",
			best < c->nights ? c->ids[best] : c->now->info.id,
			100 * since[best] / change);
		told += since[best] / change;
		since[best] = 0;
	}
	fputc('\n', out);
}

/* Where there were runs between, and the history as a whole says that there was a change. */
static int write_since(FILE *out, const struct comparison *c, size_t row)
{
	size_t count = c->nights + 1;
	struct night *nights;
	double *since, same;

	if (count < 3)
		return 0;
	nights = malloc(count * sizeof *nights);
	since = malloc(count * sizeof *since);
	if (nights && since) {
		for (size_t k = 0; k < c->nights; k++)
			nights[k] = *night_at(c, k, row);
		nights[c->nights] = night_of(&c->rows[row].now.all.rate);
		same = change_point(nights, count, since);
		if (1 - same >= SURE)
			write_culprits(out, c, since, 1 - same);
	}
	free(nights);
	free(since);
	return nights && since ? 0 : -ENOMEM;
}

/* Red before, and not once now: it may be luck. */
static void write_fixed(FILE *out, const struct rate *before, const struct rate *now)
{
	double exposure = (double)before->exposure, clean = (double)now->exposure;
	double still, enough;

	if (!before->failures || now->failures || !before->exposure || !now->exposure)
		return;
	still = still_there(before->failures, exposure, clean);
	enough = clean_enough(before->failures, exposure, SURE);
	fprintf(out, "    still there with a probability of %.2g %%; ", 100 * still);
	if (clean < enough)
		fprintf(out, "fixed (95 %%) after %.0f %s more without\n", enough - clean,
			now->runs ? "runs" : "cycles");
	else
		fputs("fixed (95 %)\n", out);
}

static const char *const titles[CHANGE_COUNT] = {
	[CHANGE_NEW] = "! NEW",
	[CHANGE_STILL] = "! STILL",
	[CHANGE_UNTRIED] = "  NOT TRIED AGAIN",
	[CHANGE_GONE] = "  GONE",
	[CHANGE_MORE] = "  MORE OFTEN",
	[CHANGE_LESS] = "  LESS OFTEN",
};

static int write_change(FILE *out, const struct comparison *c, size_t i)
{
	const struct compared *row = &c->rows[i];
	bool pooled = row->change == CHANGE_GONE || row->change == CHANGE_MORE ||
		      row->change == CHANGE_LESS;
	const struct counted *before = pooled ? &row->before.pooled : &row->before.all;
	const struct counted *now = pooled ? &row->now.pooled : &row->now.all;

	fprintf(out, "%s  ", titles[row->change]);
	write_label(out, row->cell);
	write_side(out, "before", before);
	write_side(out, "now", now);
	if (row->change == CHANGE_MORE || row->change == CHANGE_LESS)
		fprintf(out, "    p = %.1e, adjusted\n", row->p);
	if (row->change == CHANGE_GONE ||
		(row->change == CHANGE_LESS && row->cell->expected != EXPECT_RED))
		write_fixed(out, &before->rate, &now->rate);
	return row->change == CHANGE_UNTRIED ? 0 : write_since(out, c, i);
}

static int write_changes(FILE *out, const struct comparison *c)
{
	int error = 0;

	for (enum change change = 0; change < CHANGE_COUNT; change++)
		for (size_t i = 0; i < c->count && !error && titles[change]; i++)
			if (c->rows[i].change == change)
				error = write_change(out, c, i);
	return error;
}

static void write_plan(FILE *out, const struct comparison *c)
{
	bool headed = false;

	for (size_t i = 0; i < c->count; i++) {
		const struct compared *row = &c->rows[i];

		if (row->before.cells && row->now.cells)
			continue;
		if (!headed)
			fputs("In one of the two plans only (- before, + now)\n", out);
		headed = true;
		fputs(row->now.cells ? "  + " : "  - ", out);
		write_label(out, row->cell);
	}
}

static bool is_never_pooled(enum verdict verdict)
{
	return verdict != VERDICT_PASS && !verdict_is_red(verdict);
}

static void write_not_counted(FILE *out, const char *when, const struct run *run)
{
	const struct tally tally = tally_run(run);
	char before[32];

	snprintf(before, sizeof before, "Not counted %s: ", when);
	if (write_verdicts(out, tally.of, is_never_pooled, before))
		fputc('\n', out);
}

static void write_apart(FILE *out, const struct comparison *c)
{
	size_t apart = 0;

	for (size_t i = 0; i < c->count; i++)
		apart += c->rows[i].before.apart + c->rows[i].now.apart;
	if (apart)
		fprintf(out,
			"Not in a test: %zu cells, in placements in which the other run "
			"has none\n",
			apart);
}

static void write_machines(FILE *out, const struct comparison *c)
{
	const struct machine *a = &c->before->info.machine, *b = &c->now->info.machine;

	if (!same_hardware(a, b))
		fprintf(out,
			"The machines differ: before %s, %s, %u PUs on %u cores; now "
			"%s, %s, %u PUs on %u cores\n",
			a->processor, a->architecture, a->processing_units, a->cores,
			b->processor, b->architecture, b->processing_units, b->cores);
}

static void write_head(FILE *out, const struct comparison *c)
{
	size_t of[CHANGE_COUNT] = { 0 };

	for (size_t i = 0; i < c->count; i++)
		of[c->rows[i].change]++;
	fprintf(out,
		"Run %" PRId64 " against run %" PRId64
		": %zu new, %zu still, %zu gone, %zu not tried again;\n"
		"%zu more often, %zu less often (false discoveries: 5 %%), %zu as "
		"before, %zu untested\n",
		c->now->info.id, c->before->info.id, of[CHANGE_NEW], of[CHANGE_STILL],
		of[CHANGE_GONE], of[CHANGE_UNTRIED], of[CHANGE_MORE], of[CHANGE_LESS],
		of[CHANGE_NONE], of[CHANGE_UNTESTED]);
}

int comparison_write(const struct comparison *c, FILE *out)
{
	int error = compared_judge(c->rows, c->count, 1 - SURE);

	if (error)
		return error;
	write_head(out, c);
	write_machines(out, c);
	error = write_changes(out, c);
	write_plan(out, c);
	write_not_counted(out, "before", c->before);
	write_not_counted(out, "now", c->now);
	write_apart(out, c);
	return error;
}
