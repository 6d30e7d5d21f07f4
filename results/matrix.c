/* SPDX-License-Identifier: BSD-2-Clause */
#include "matrix.h"

#include "statistics.h"

#include <ctype.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { COLUMNS_MAX = 16, LABEL_WIDTH = 26, TEXT_WIDTH = 80 };

#define RED	 "31"
#define GREEN	 "32"
#define YELLOW	 "33"
#define BOLD_RED "1;31"
#define DIM	 "2"

struct writer {
	FILE *out;
	const struct run *run;
	const struct matrix_style *style;
	const char *columns[COLUMNS_MAX]; /* placements */
	size_t column_count;
	int column_width;
};

static const char *short_name(enum verdict verdict)
{
	switch (verdict) {
	case VERDICT_DEADLOCK:
		return "dead";
	case VERDICT_LIVELOCK:
		return "live";
	case VERDICT_LOST_SIGNAL:
		return "lost";
	case VERDICT_SKIPPED:
		return "skip";
	default:
		return verdict_name(verdict);
	}
}

static bool same_row(const struct cell *a, const struct cell *b)
{
	return !strcmp(a->case_name, b->case_name) && !strcmp(a->subject, b->subject) &&
	       !strcmp(a->faults, b->faults);
}

static bool is_first_of_row(const struct run *run, size_t i)
{
	for (size_t k = 0; k < i; k++)
		if (same_row(&run->cells[k], &run->cells[i]))
			return false;
	return true;
}

static bool is_first_of_case(const struct run *run, size_t i)
{
	for (size_t k = 0; k < i; k++)
		if (!strcmp(run->cells[k].case_name, run->cells[i].case_name))
			return false;
	return true;
}

static void find_columns(struct writer *w)
{
	for (size_t i = 0; i < w->run->count; i++) {
		const char *placement = w->run->cells[i].placement;
		size_t c = 0;

		while (c < w->column_count && strcmp(w->columns[c], placement))
			c++;
		if (c == w->column_count && c < COLUMNS_MAX)
			w->columns[w->column_count++] = placement;
	}
	w->column_width =
		w->column_count ? (TEXT_WIDTH - LABEL_WIDTH) / (int)w->column_count : 0;
	if (w->column_width < 10)
		w->column_width = 10;
	if (w->column_width > 18)
		w->column_width = 18;
}

/* What the cells of one row and column came to. */
struct tally {
	size_t cells, of[VERDICT_COUNT], of_standing[STANDING_NOT_JUDGED + 1];
	uint64_t cycles; /* of those that passed */
};

static void count(
	struct tally *tally, const struct cell *cell, const struct outcome *outcome)
{
	tally->cells++;
	tally->of[outcome->verdict]++;
	tally->of_standing[cell_standing(cell, outcome)]++;
	if (outcome->verdict == VERDICT_PASS)
		tally->cycles += outcome->cycles;
}

/* `placement` NULL: the whole row. */
static struct tally tally_of(
	const struct run *run, const struct cell *row, const char *placement)
{
	struct tally tally = { 0 };

	for (size_t i = 0; i < run->count; i++) {
		const struct cell *cell = &run->cells[i];

		if (same_row(cell, row) &&
			(!placement || !strcmp(cell->placement, placement)))
			count(&tally, cell, &run->outcomes[i]);
	}
	return tally;
}

static size_t red_cells(const struct tally *tally)
{
	size_t red = 0;

	for (enum verdict v = 0; v < VERDICT_COUNT; v++)
		red += verdict_is_red(v) ? tally->of[v] : 0;
	return red;
}

static const char *color_of(const struct tally *tally)
{
	if (tally->of_standing[STANDING_UNEXPECTED])
		return BOLD_RED;
	if (red_cells(tally))
		return RED;
	if (tally->of[VERDICT_PASS] == tally->cells)
		return GREEN;
	return tally->of[VERDICT_MISSING] + tally->of[VERDICT_SKIPPED] == tally->cells
		       ? DIM
		       : YELLOW;
}

/* "12 pass", "2 crash 1 live"; more than two kinds are summed up. */
static void describe(const struct tally *tally, char *text, size_t size)
{
	size_t kinds = 0, red = red_cells(tally), used = 0;

	*text = '\0';
	for (enum verdict v = 0; v < VERDICT_COUNT; v++)
		kinds += tally->of[v] > 0;
	if (kinds > 2 && red) {
		snprintf(text, size, "%zu red %zu not", red, tally->cells - red);
		return;
	}
	for (enum verdict v = VERDICT_COUNT; v-- > 0;) {
		if (tally->of[v] && used < size)
			used += (size_t)snprintf(text + used, size - used, "%s%zu %s",
				used ? " " : "", tally->of[v], short_name(v));
	}
}

static char mark_of(const struct tally *tally)
{
	if (tally->of_standing[STANDING_UNEXPECTED])
		return '!';
	return red_cells(tally) ? '*' : ' ';
}

static void paint(const struct writer *w, const char *color, const char *text, int width)
{
	if (w->style->color)
		fprintf(w->out, "\033[%sm%-*s\033[0m", color, width, text);
	else
		fprintf(w->out, "%-*s", width, text);
}

static void write_cell(
	const struct writer *w, const struct cell *row, const char *placement)
{
	struct tally tally = tally_of(w->run, row, placement);
	char text[64] = "", marked[80];

	if (tally.cells)
		describe(&tally, text, sizeof text);
	snprintf(marked, sizeof marked, "%c%s ", tally.cells ? mark_of(&tally) : ' ',
		text);
	paint(w, color_of(&tally), marked, w->column_width);
}

static void write_row(const struct writer *w, const struct cell *row)
{
	char label[NAME_SIZE + FAULTS_SIZE + 8];

	if (*row->faults)
		snprintf(label, sizeof label, "  %s + %s", row->subject, row->faults);
	else
		snprintf(label, sizeof label, "  %s", row->subject);
	if (strlen(label) >= LABEL_WIDTH)
		fprintf(w->out, "%s\n%-*s", label, LABEL_WIDTH, "");
	else
		fprintf(w->out, "%-*s", LABEL_WIDTH, label);
	for (size_t c = 0; c < w->column_count; c++)
		write_cell(w, row, w->columns[c]);
	fputc('\n', w->out);
}

static void write_table(const struct writer *w)
{
	fprintf(w->out, "%-*s", LABEL_WIDTH, "");
	for (size_t c = 0; c < w->column_count; c++)
		fprintf(w->out, " %-*s", w->column_width - 1, w->columns[c]);
	fputc('\n', w->out);
	for (size_t i = 0; i < w->run->count; i++) {
		if (is_first_of_case(w->run, i))
			fprintf(w->out, "%s\n", w->run->cells[i].case_name);
		if (!is_first_of_row(w->run, i))
			continue;
		write_row(w, &w->run->cells[i]);
	}
}

/* What of a reason tells one kind of failure from another: no numbers, no names in
 * brackets, and of what the watchdog saw no more than the phase. */
static const char *skip_particulars(const char *reason)
{
	for (;;) {
		char open = *reason;

		if (isdigit((unsigned char)open)) {
			reason++;
		} else if (open == '(' || open == '[') {
			reason += strcspn(reason, open == '(' ? ")" : "]");
			reason += *reason != '\0';
		} else {
			return reason;
		}
	}
}

static bool same_kind_of_reason(const char *a, const char *b)
{
	unsigned clauses = 0;

	for (;; a++, b++) {
		a = skip_particulars(a);
		b = skip_particulars(b);
		if (*a != *b)
			return false;
		if (!*a || (*a == ';' && ++clauses == 2))
			return true;
	}
}

static bool same_failure(const struct run *run, size_t a, size_t b)
{
	return run->outcomes[a].verdict == run->outcomes[b].verdict &&
	       same_row(&run->cells[a], &run->cells[b]) &&
	       same_kind_of_reason(run->outcomes[a].reason, run->outcomes[b].reason);
}

/* To be told about: red, or neither green nor simply missing. */
static bool is_noteworthy(const struct run *run, size_t i)
{
	return run->outcomes[i].verdict > VERDICT_PASS;
}

/* How many cells failed like this one, 0 if an earlier one stands for it already. */
static size_t count_like(const struct run *run, size_t i)
{
	size_t like = 1;

	for (size_t k = 0; k < run->count; k++) {
		if (k == i || !is_noteworthy(run, k) || !same_failure(run, i, k))
			continue;
		if (k < i)
			return 0;
		like++;
	}
	return like;
}

static void write_failure(const struct writer *w, size_t i, size_t like)
{
	const struct cell *cell = &w->run->cells[i];
	const struct outcome *outcome = &w->run->outcomes[i];
	enum standing standing = cell_standing(cell, outcome);
	char command[512], head[512];

	snprintf(head, sizeof head, "%c %s, %s%s%s: %zu %s",
		standing == STANDING_UNEXPECTED	   ? '!'
		: verdict_is_red(outcome->verdict) ? '*'
						   : ' ',
		cell->case_name, cell->subject, *cell->faults ? " + " : "", cell->faults,
		like, verdict_name(outcome->verdict));
	paint(w, standing == STANDING_UNEXPECTED ? BOLD_RED : "0", head, 0);
	fprintf(w->out, "\n    %s\n", outcome->reason);
	if (outcome->verdict == VERDICT_SKIPPED)
		return;
	cell_command(cell, command, sizeof command);
	fprintf(w->out, "    again: %s\n", command);
}

static void write_failures(const struct writer *w, enum standing standing)
{
	for (size_t i = 0; i < w->run->count; i++) {
		size_t like;

		if (!is_noteworthy(w->run, i) ||
			cell_standing(&w->run->cells[i], &w->run->outcomes[i]) !=
				standing)
			continue;
		like = count_like(w->run, i);
		if (like)
			write_failure(w, i, like);
	}
}

/* A known-red cell that passed. */
static void write_survivors(const struct writer *w)
{
	for (size_t i = 0; i < w->run->count; i++) {
		const struct cell *cell = &w->run->cells[i];
		char command[512];

		if (w->run->outcomes[i].verdict != VERDICT_PASS ||
			cell->expected != EXPECT_RED)
			continue;
		cell_command(cell, command, sizeof command);
		fprintf(w->out,
			"! %s, %s + %s: passed, but is known to be wrong\n    again: "
			"%s\n",
			cell->case_name, cell->subject, cell->faults, command);
	}
}

/* "0 / 200000 cycles, < 1.5e-5 per cycle (95 %)" for each row without a failure. */
static void write_exclusions(const struct writer *w)
{
	bool headed = false;

	for (size_t i = 0; i < w->run->count; i++) {
		const struct cell *row = &w->run->cells[i];
		struct tally tally;

		if (!is_first_of_row(w->run, i))
			continue;
		tally = tally_of(w->run, row, NULL);
		if (red_cells(&tally) || !tally.cycles)
			continue;
		if (!headed)
			fputs("\nWhat the green cells exclude\n", w->out);
		headed = true;
		fprintf(w->out,
			"  %-20s %-22s 0 / %" PRIu64
			" cycles, < %.1e per cycle (95 %%)\n",
			row->case_name, *row->faults ? row->faults : row->subject,
			tally.cycles, excluded_rate(tally.cycles));
	}
}

static void write_absent(const struct writer *w)
{
	const char *const *absent = w->style->absent;

	if (!absent || !*absent)
		return;
	fputs("\nNot on this machine\n", w->out);
	for (; *absent; absent += 2)
		fprintf(w->out, "  %-20s %s\n", absent[0], absent[1]);
}

size_t run_standing(const struct run *run, enum standing standing)
{
	size_t cells = 0;

	for (size_t i = 0; i < run->count; i++)
		cells += cell_standing(&run->cells[i], &run->outcomes[i]) == standing;
	return cells;
}

static void write_summary(const struct writer *w)
{
	size_t unexpected = run_standing(w->run, STANDING_UNEXPECTED);
	size_t expected = run_standing(w->run, STANDING_AS_EXPECTED);
	struct tally all = { 0 };

	for (size_t i = 0; i < w->run->count; i++)
		count(&all, &w->run->cells[i], &w->run->outcomes[i]);
	fprintf(w->out,
		"\n%zu cells: %zu as expected, %zu not as expected, %zu not judged",
		all.cells, expected, unexpected, all.cells - expected - unexpected);
	if (all.of[VERDICT_MISSING])
		fprintf(w->out, " (%zu of them missing)", all.of[VERDICT_MISSING]);
	fputc('\n', w->out);
}

static void write_head(const struct writer *w)
{
	const struct machine *m = &w->run->info.machine;

	fprintf(w->out, "%s, %s, %s, %u PUs on %u cores, Linux %s\n\n", m->processor,
		m->architecture, m->byte_order, m->processing_units, m->cores, m->kernel);
}

static void write_details(const struct writer *w)
{
	bool any = false, starred = false;

	for (size_t i = 0; i < w->run->count; i++) {
		const struct outcome *outcome = &w->run->outcomes[i];

		any |= is_noteworthy(w->run, i);
		starred |= verdict_is_red(outcome->verdict);
	}
	if (starred)
		fputs("\n* red, as expected    ! not as expected\n", w->out);
	if (any || run_standing(w->run, STANDING_UNEXPECTED))
		fputc('\n', w->out);
	write_survivors(w);
	write_failures(w, STANDING_UNEXPECTED);
	write_failures(w, STANDING_NOT_JUDGED);
	write_failures(w, STANDING_AS_EXPECTED);
}

static char *write_text(
	const struct run *run, const struct matrix_style *style, bool whole)
{
	struct writer w = { .run = run, .style = style };
	char *text = NULL;
	size_t size;

	w.out = open_memstream(&text, &size);
	if (!w.out)
		return NULL;
	find_columns(&w);
	if (whole)
		write_head(&w);
	write_table(&w);
	if (whole) {
		write_details(&w);
		write_exclusions(&w);
		write_absent(&w);
		write_summary(&w);
	}
	if (fclose(w.out)) {
		free(text);
		return NULL;
	}
	return text;
}

char *matrix_report(const struct run *run, const struct matrix_style *style)
{
	return write_text(run, style, true);
}

char *matrix_table(const struct run *run, const struct matrix_style *style)
{
	return write_text(run, style, false);
}

static size_t add(
	char *text, size_t size, size_t used, const char *option, const char *value)
{
	int more = snprintf(text + used, size - used, " --%s %s", option, value);

	return more < 0 || used + (size_t)more >= size ? size - 1 : used + (size_t)more;
}

void cell_command(const struct cell *cell, char *text, size_t size)
{
	char number[64];
	size_t used = (size_t)snprintf(text, size, "hupstorm run");

	used = add(text, size, used, "case", cell->case_name);
	used = add(text, size, used, "subject", cell->subject);
	used = add(text, size, used, "fault", *cell->faults ? cell->faults : "none");
	used = add(text, size, used, "placement", cell->placement);
	snprintf(number, sizeof number, "%u", cell->slots);
	used = add(text, size, used, "slots", number);
	used = add(text, size, used, "coordinator",
		cell->coordinator_on_leader ? "leader" : "thread");
	used = add(text, size, used, "target", cell->rotate ? "rotate" : "process");
	if (cell->workers) {
		snprintf(number, sizeof number, "%u", cell->workers);
		used = add(text, size, used, "workers", number);
	}
	/* A known-red cell runs until it is red. */
	if (cell->expected != EXPECT_RED) {
		snprintf(number, sizeof number, "%" PRIu64, cell->cycles);
		used = add(text, size, used, "cycles", number);
	}
	if (cell->expected != EXPECT_RED && cell->time_limit) {
		snprintf(number, sizeof number, "%.3fs", (double)cell->time_limit / 1e9);
		used = add(text, size, used, "budget", number);
	}
	snprintf(number, sizeof number, "%#" PRIx64, cell->seed);
	add(text, size, used, "seed", number);
}
