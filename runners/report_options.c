/* SPDX-License-Identifier: BSD-2-Clause */
#include "report_options.h"

#include "commands.h"
#include "parse.h"

#include <getopt.h>
#include <stdio.h>
#include <string.h>
#include <time.h>

static const char help[] =
	"usage: hupstorm report [--store FILE] [--run N] [WHICH...] [--compare N]\n"
	"                       [--known FILE] [--format FORMAT]\n"
	"       hupstorm report [--store FILE] --history | --builders [--run N] "
	"[WHICH...]\n"
	"                       [--format text|json]\n"
	"       hupstorm report [--store FILE] --site DIR\n"
	"Show the matrix of the last run, or of run number N, in the store "
	"(hupstorm.db).\n"
	"--compare N: and what has changed since run number N. A failure of what is "
	"expected\n"
	"to pass is told as new, still there or gone; rates of other rows are tested.\n"
	"FORMAT is text (the default), markdown, json, junit, tap or html (one page).\n"
	"--known: rules by which failures are known and expected, a line each:\n"
	"    known NAME <- case=hup-broadcast & verdict=crash & reason~double wakeup\n"
	"--history: what all runs say together, up to run N: nights that are missing or "
	"short,\n"
	"builders that were broken, what must not happen and did, and rates that have "
	"changed.\n"
	"--builders: builders side by side: of each row what came of it when it was last "
	"run\n"
	"on each.\n"
	"--site writes a folder for a web server: an index, a page for each run and "
	"case,\n"
	"a feed and a badge; what is there of runs that had ended stays.\n"
	"WHICH: --case, --subject, --fault, --placement PATTERN: these cells alone; "
	"--builder\n"
	"PATTERN, --since, --until YYYY-MM-DD: these runs alone, of which the last is "
	"shown.\n"
	"Patterns are those of a shell: 'hup-*'. On a terminal the text goes through "
	"$PAGER\n"
	"(less -FRX); NO_COLOR is honoured.\n"
	"Exit status: 0 all as expected, 1 something was not, 2 usage or environment.\n";

static const char *const formats[FORMAT_COUNT] = { "text", "markdown", "json", "junit",
	"tap", "html" };

static int take_format(enum format *format)
{
	for (enum format f = 0; f < FORMAT_COUNT; f++) {
		if (strcmp(formats[f], optarg) != 0)
			continue;
		*format = f;
		return 0;
	}
	return complain(
		"--format '%s': expected text, markdown, json, junit, tap or html",
		optarg);
}

static int take_number(const char *option, uint64_t *number)
{
	if (parse_number(optarg, 1, INT64_MAX, number))
		return 0;
	return complain(
		"--%s '%s': expected the number of a run, from 1 on", option, optarg);
}

/* The beginning of that day, or of the next one, in UTC. */
static int take_date(const char *option, bool next, int64_t *when)
{
	struct tm tm = { 0 };
	const char *end = strptime(optarg, "%Y-%m-%d", &tm);
	time_t seconds = end && !*end ? timegm(&tm) : -1;

	if (seconds < 0 || strlen(optarg) != strlen("2026-01-01"))
		return complain(
			"--%s '%s': expected a date like 2026-01-31", option, optarg);
	*when = (int64_t)(seconds + (next ? 24 * 3600 : 0)) * 1000000000;
	return 0;
}

static int take_which(struct report_options *o, int option)
{
	struct selection *s = &o->selection;

	switch (option) {
	case 'C':
		s->case_name = optarg;
		return 0;
	case 'S':
		s->subject = optarg;
		return 0;
	case 'F':
		s->fault = optarg;
		return 0;
	case 'P':
		s->placement = optarg;
		return 0;
	case 'B':
		s->builder = optarg;
		return 0;
	case 'a':
		return take_date("since", false, &s->since);
	default:
		return take_date("until", true, &s->until);
	}
}

static int take_option(struct report_options *o, int option, const char *given)
{
	switch (option) {
	case 's':
		o->path = optarg;
		return 0;
	case 'r':
		return take_number("run", &o->run);
	case 'c':
		return take_number("compare", &o->compare);
	case 'f':
		return take_format(&o->format);
	case 'k':
		o->known_path = optarg;
		return 0;
	case 'd':
		o->site = optarg;
		return 0;
	case 'H':
		o->history = true;
		return 0;
	case 'N':
		o->builders = true;
		return 0;
	case '?':
		return complain(
			"'%s': expected --store FILE, --run N, --compare N, --format "
			"FORMAT, "
			"--known FILE, --history, --builders, --site DIR, --case, "
			"--subject, "
			"--fault, "
			"--placement or --builder PATTERN, --since or --until DATE",
			given);
	default:
		return take_which(o, option);
	}
}

static bool selects_runs(const struct selection *s)
{
	return s->builder || s->since || s->until;
}

/* What is written for programs has no room for words about another run. */
static int check(const struct report_options *o)
{
	bool selects =
		selects_runs(&o->selection) || selection_is_of_cells(&o->selection);
	bool of_many = o->history || o->builders;

	if (o->compare && o->format != FORMAT_TEXT)
		return complain("--compare: expected the format text");
	if (o->history && o->builders)
		return complain("--history: expected no --builders with it");
	if (of_many && (o->compare || o->known_path || o->site ||
			       (o->format != FORMAT_TEXT && o->format != FORMAT_JSON)))
		return complain(
			"%s: expected no --compare, --known or --site, and the format "
			"text or json",
			o->history ? "--history" : "--builders");
	if (o->site && (o->run || o->compare || o->format != FORMAT_TEXT || selects))
		return complain(
			"--site: expected no other options than --store and --known");
	if (o->run && !of_many && selects_runs(&o->selection))
		return complain(
			"--run: expected no --builder, --since or --until with it");
	return 0;
}

int report_options_read(struct report_options *o, int argc, char **argv)
{
	static const struct option options[] = {
		{ "store", required_argument, NULL, 's' },
		{ "run", required_argument, NULL, 'r' },
		{ "compare", required_argument, NULL, 'c' },
		{ "format", required_argument, NULL, 'f' },
		{ "known", required_argument, NULL, 'k' },
		{ "site", required_argument, NULL, 'd' },
		{ "history", no_argument, NULL, 'H' },
		{ "builders", no_argument, NULL, 'N' },
		{ "case", required_argument, NULL, 'C' },
		{ "subject", required_argument, NULL, 'S' },
		{ "fault", required_argument, NULL, 'F' },
		{ "placement", required_argument, NULL, 'P' },
		{ "builder", required_argument, NULL, 'B' },
		{ "since", required_argument, NULL, 'a' },
		{ "until", required_argument, NULL, 'u' },
		{ "help", no_argument, NULL, 'h' },
		{ NULL, 0, NULL, 0 },
	};
	int option, status = 0;

	*o = (struct report_options){ .path = "hupstorm.db" };
	optind = 0;
	opterr = 0;
	while (!status && (option = getopt_long(argc, argv, "", options, NULL)) >= 0) {
		if (option == 'h') {
			fputs(help, stdout);
			o->help = true;
			return 0;
		}
		status = take_option(o, option, argv[optind - 1]);
	}
	if (!status && optind < argc)
		status = complain("unexpected argument '%s'", argv[optind]);
	return status ? status : check(o);
}
