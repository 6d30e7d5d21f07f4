/* SPDX-License-Identifier: BSD-2-Clause */
#include "again.h"
#include "formats.h"

#include <string.h>

/* In a title a # begins a directive. */
static void write_title(FILE *out, const char *title)
{
	for (; *title; title++)
		fputc(*title == '#' || *title == '\n' ? ' ' : *title, out);
}

static void write_cell(FILE *out, const struct run *run, size_t i)
{
	const struct cell *cell = &run->cells[i];
	const struct outcome *outcome = &run->outcomes[i];
	enum standing standing = cell_standing(cell, outcome);
	char title[1024], why[REASON_SIZE + 64], command[COMMAND_SIZE];

	cell_title(cell, title, sizeof title);
	fprintf(out, "%sok %zu - ", standing == STANDING_UNEXPECTED ? "not " : "", i + 1);
	write_title(out, title);
	if (standing == STANDING_NOT_JUDGED) {
		cell_why_not_judged(cell, outcome, why, sizeof why);
		fputs(" # SKIP ", out);
		write_title(out, why);
	}
	fputc('\n', out);
	if (standing != STANDING_UNEXPECTED)
		return;
	cell_command(cell, outcome, command, sizeof command);
	fprintf(out, "# %s: %s\n# again: %s\n", verdict_name(outcome->verdict),
		*outcome->reason ? outcome->reason : "known to be wrong", command);
}

void report_tap(FILE *out, const struct run *run)
{
	fprintf(out, "TAP version 13\n1..%zu\n", run->count);
	for (size_t i = 0; i < run->count; i++)
		write_cell(out, run, i);
}
