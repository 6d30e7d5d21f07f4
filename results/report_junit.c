/* SPDX-License-Identifier: BSD-2-Clause */
#include "again.h"
#include "formats.h"
#include "tally.h"
#include "utf8.h"

#include <inttypes.h>
#include <string.h>
#include <time.h>

/* Of the control characters XML has three, and of the others not the last two. */
static bool is_of_xml(const char *character)
{
	unsigned char byte = (unsigned char)*character;

	return (byte >= ' ' || byte == '\t' || byte == '\n' || byte == '\r') &&
	       strncmp(character, "\xef\xbf\xbe", 3) != 0 &&
	       strncmp(character, "\xef\xbf\xbf", 3) != 0;
}

static const char *entity_of(char character)
{
	switch (character) {
	case '&':
		return "&amp;";
	case '<':
		return "&lt;";
	case '>':
		return "&gt;";
	case '"':
		return "&quot;";
	case '\n':
		return "&#10;";
	default:
		return NULL;
	}
}

static void write_text(FILE *out, const char *text)
{
	while (*text) {
		size_t length = utf8_character(text);

		if (!length || !is_of_xml(text))
			fputc('?', out);
		else if (entity_of(*text))
			fputs(entity_of(*text), out);
		else
			fwrite(text, 1, length, out);
		text += length ? length : 1;
	}
}

static void write_attribute(FILE *out, const char *name, const char *text)
{
	fprintf(out, " %s=\"", name);
	write_text(out, text);
	fputc('"', out);
}

static void write_failure(
	FILE *out, const struct cell *cell, const struct outcome *outcome)
{
	char command[COMMAND_SIZE];

	cell_command(cell, outcome, command, sizeof command);
	fputs("<failure", out);
	write_attribute(out, "type", verdict_name(outcome->verdict));
	write_attribute(out, "message",
		*outcome->reason ? outcome->reason
				 : "it is known to be wrong, and passed");
	fputs(">again: ", out);
	write_text(out, command);
	fputs("</failure>", out);
}

static void write_cell(FILE *out, const struct cell *cell, const struct outcome *outcome)
{
	enum standing standing = cell_standing(cell, outcome);
	char title[1024], why[REASON_SIZE + 64];

	cell_title(cell, title, sizeof title);
	fputs("    <testcase", out);
	write_attribute(out, "classname", cell->case_name);
	write_attribute(out, "name", title);
	fprintf(out, " time=\"%.3f\">", (double)outcome->wall / 1e9);
	if (standing == STANDING_UNEXPECTED) {
		write_failure(out, cell, outcome);
	} else if (standing == STANDING_NOT_JUDGED) {
		cell_why_not_judged(cell, outcome, why, sizeof why);
		fputs("<skipped", out);
		write_attribute(out, "message", why);
		fputs("/>", out);
	}
	fputs("</testcase>\n", out);
}

static double seconds_of(const struct run *run)
{
	uint64_t wall = 0;

	for (size_t i = 0; i < run->count; i++)
		wall += run->outcomes[i].wall;
	return (double)wall / 1e9;
}

static void write_time(FILE *out, int64_t started)
{
	time_t seconds = (time_t)(started / 1000000000);
	char text[32] = "";
	struct tm tm;

	if (gmtime_r(&seconds, &tm))
		strftime(text, sizeof text, "%Y-%m-%dT%H:%M:%S", &tm);
	write_attribute(out, "timestamp", text);
}

void report_junit(FILE *out, const struct run *run)
{
	const struct tally all = tally_run(run);

	fputs("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<testsuites>\n  <testsuite "
	      "name=\"hupstorm\"",
		out);
	fprintf(out, " tests=\"%zu\" failures=\"%zu\" errors=\"0\" skipped=\"%zu\"",
		all.cells, all.of_standing[STANDING_UNEXPECTED],
		all.of_standing[STANDING_NOT_JUDGED]);
	fprintf(out, " time=\"%.3f\"", seconds_of(run));
	write_time(out, run->info.started);
	if (*run->info.machine.builder)
		write_attribute(out, "hostname", run->info.machine.builder);
	fputs(">\n    <properties>", out);
	fprintf(out, "<property name=\"seed\" value=\"%" PRIu64 "\"/>", run->info.seed);
	fputs("<property name=\"machine\"", out);
	write_attribute(out, "value", run->info.machine.processor);
	fputs("/><property name=\"emulated\"", out);
	write_attribute(out, "value", run->info.machine.emulated ? "yes" : "no");
	fputs("/></properties>\n", out);
	for (size_t i = 0; i < run->count; i++)
		write_cell(out, &run->cells[i], &run->outcomes[i]);
	fputs("  </testsuite>\n</testsuites>\n", out);
}
