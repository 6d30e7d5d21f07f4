/* SPDX-License-Identifier: BSD-2-Clause */
#include "again.h"
#include "alike.h"
#include "formats.h"
#include "score.h"
#include "tally.h"

#include <inttypes.h>
#include <string.h>

enum { COLUMNS_MAX = 32 };

struct columns {
	size_t count;
	const char *at[COLUMNS_MAX];
};

/* What means something in a table is written so that it does not. */
static void write_text(FILE *out, const char *text)
{
	for (; *text; text++) {
		if (strchr("\\|*_`<>[]", *text))
			fputc('\\', out);
		fputc(*text == '\n' ? ' ' : *text, out);
	}
}

static struct columns columns_of(const struct run *run)
{
	struct columns columns = { 0 };

	for (size_t i = 0; i < run->count; i++) {
		size_t k = 0;

		while (k < columns.count &&
			!same_family(columns.at[k], run->cells[i].placement))
			k++;
		if (k == columns.count && k < COLUMNS_MAX && !is_of_score(&run->cells[i]))
			columns.at[columns.count++] = run->cells[i].placement;
	}
	return columns;
}

static void write_verdicts(FILE *out, const struct tally *tally)
{
	const char *before = "";

	if (tally->of_standing[STANDING_UNEXPECTED])
		fputs("**!** ", out);
	for (int v = 0; v < VERDICT_COUNT; v++) {
		if (!tally->of[v])
			continue;
		fprintf(out, "%s%zu %s", before, tally->of[v],
			verdict_name((enum verdict)v));
		before = ", ";
	}
}

static void write_row(FILE *out, const struct run *run, const struct cell *row,
	const struct columns *columns)
{
	fputs("| ", out);
	write_text(out, row->case_name);
	fputs(" | ", out);
	write_text(out, row->subject);
	fputs(*row->faults ? " + " : "", out);
	write_text(out, row->faults);
	fputs(" |", out);
	for (size_t k = 0; k < columns->count; k++) {
		const struct tally tally = tally_row(run, row, columns->at[k]);

		fputc(' ', out);
		write_verdicts(out, &tally);
		fputs(" |", out);
	}
	fputc('\n', out);
}

static void write_matrix(FILE *out, const struct run *run)
{
	struct columns columns = columns_of(run);

	fputs("| case | subject |", out);
	for (size_t k = 0; k < columns.count; k++) {
		fputc(' ', out);
		fprintf(out, "%.*s |", (int)family_length(columns.at[k]), columns.at[k]);
	}
	fputs("\n|---|---|", out);
	for (size_t k = 0; k < columns.count; k++)
		fputs("---|", out);
	fputc('\n', out);
	for (size_t i = 0; i < run->count; i++)
		if (is_first_of_row(run, i) && !is_of_score(&run->cells[i]))
			write_row(out, run, &run->cells[i], &columns);
}

static void write_unexpected(FILE *out, const struct run *run)
{
	char title[1024], command[COMMAND_SIZE];
	bool headed = false;

	for (size_t i = 0; i < run->count; i++) {
		const struct cell *cell = &run->cells[i];
		const struct outcome *outcome = &run->outcomes[i];

		if (cell_standing(cell, outcome) != STANDING_UNEXPECTED)
			continue;
		if (!headed)
			fputs("\n## Not as expected\n\n", out);
		headed = true;
		cell_title(cell, title, sizeof title);
		cell_command(cell, outcome, command, sizeof command);
		fputs("- ", out);
		write_text(out, title);
		fprintf(out, ": **%s** ", verdict_name(outcome->verdict));
		write_text(out, outcome->reason);
		fprintf(out, "\n\n      %s\n", command);
	}
}

void report_markdown(FILE *out, const struct run *run)
{
	const struct tally all = tally_run(run);

	fprintf(out, "# hupstorm, run %" PRId64 "\n\n", run->info.id);
	write_text(out, run->info.machine.processor);
	fprintf(out, ", %s, Linux ", run->info.machine.architecture);
	write_text(out, run->info.machine.kernel);
	fprintf(out,
		"; %zu cells: %zu as expected, **%zu not as expected**, %zu not "
		"judged\n\n",
		all.cells, all.of_standing[STANDING_AS_EXPECTED],
		all.of_standing[STANDING_UNEXPECTED],
		all.of_standing[STANDING_NOT_JUDGED]);
	write_matrix(out, run);
	write_unexpected(out, run);
}
