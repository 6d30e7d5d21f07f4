/* SPDX-License-Identifier: BSD-2-Clause */
/* hupstorm report: the matrix of a run that is in the store. */
#include "commands.h"

#include "display.h"
#include "parse.h"
#include "report_compare.h"
#include "report_history.h"
#include "report_page.h"
#include "results/formats.h"
#include "results/known.h"
#include "results/store.h"
#include "results/text_report.h"

#include <errno.h>
#include <getopt.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const char help[] =
	"usage: hupstorm report [--store FILE] [--run N] [--compare N] [--known FILE]\n"
	"                       [--format FORMAT]\n"
	"       hupstorm report [--store FILE] --history [--run N] [--format text|json]\n"
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
	"--site writes a folder for a web server: an index, a page for each run and "
	"case,\n"
	"a feed and a badge; what is there of runs that had ended stays.\n"
	"Exit status: 0 all as expected, 1 something was not, 2 usage or environment.\n";

static void report_plain(FILE *out, const struct run *run)
{
	struct matrix_style style = { .color = display_has_colors() };
	char *text = report_text(run, &style);

	if (text)
		fputs(text, out);
	else
		complain("no memory for the report");
	free(text);
}

typedef void report_format(FILE *out, const struct run *run);

static const struct {
	const char *name;
	report_format *write;
} formats[] = {
	{ "text", report_plain }, { "markdown", report_markdown },
	{ "json", report_json }, { "junit", report_junit }, { "tap", report_tap },
	{ "html", NULL }, /* report_page.h: of more than the run */
};

enum { FORMATS = sizeof formats / sizeof formats[0] };

static bool find_format(const char *name, report_format **write)
{
	for (size_t i = 0; i < FORMATS; i++) {
		if (strcmp(formats[i].name, name) != 0)
			continue;
		*write = formats[i].write;
		return true;
	}
	return false;
}

/* What is to be shown. */
struct request {
	const char *path, *site; /* the second: NULL for none */
	uint64_t run;		 /* 0: the last */
	uint64_t compare;	 /* 0: with none */
	report_format *write;	 /* NULL: a page */
	const char *known_path;	 /* of rules; NULL: there are none */
	struct known *known;
	bool history; /* of all runs, in place of one */
};

static int print_run(
	struct store *store, const struct run *run, const struct request *request)
{
	if (request->write)
		request->write(stdout, run);
	else
		report_page(store, request->path, run);
	if (fflush(stdout) || ferror(stdout))
		return complain("cannot write the report: %s", strerror(errno));
	return run_standing(run, STANDING_UNEXPECTED) ? STATUS_UNEXPECTED
						      : STATUS_EXPECTED;
}

static int print_comparison(
	struct store *store, const struct run *now, const struct request *request)
{
	char complaint[COMPLAINT_SIZE];
	struct run *before;
	int status, error = 0;

	if ((int64_t)request->compare == now->info.id)
		return complain("--compare %" PRId64
				": expected another run than the one that is shown",
			now->info.id);
	if (store_load_folded(store, (int64_t)request->compare, &before, complaint))
		return complain("%s", complaint);
	status = print_run(store, now, request);
	if (status != STATUS_ENVIRONMENT)
		error = report_compare(store, before, now, complaint);
	run_free(before);
	return error ? complain("%s", complaint) : status;
}

static int read_known(struct request *request)
{
	char complaint[COMPLAINT_SIZE];
	FILE *file;

	if (!request->known_path)
		return 0;
	file = fopen(request->known_path, "re");
	if (!file)
		return complain("--known '%s': %s", request->known_path, strerror(errno));
	request->known = known_read(file, request->known_path, complaint);
	fclose(file);
	return request->known ? 0 : complain("%s", complaint);
}

/* By what all runs up to this one say of the rules. */
static int apply_known(struct store *store, struct known *known, struct run *run)
{
	char complaint[COMPLAINT_SIZE];
	int64_t *ids;
	size_t count;
	struct run *earlier;

	if (store_runs(store, &ids, &count, complaint))
		return complain("%s", complaint);
	for (size_t i = 0; i < count && ids[i] < run->info.id; i++) {
		if (store_load(store, ids[i], &earlier, complaint)) {
			free(ids);
			return complain("%s", complaint);
		}
		known_learn(known, earlier);
		run_free(earlier);
	}
	free(ids);
	known_apply(known, run);
	return 0;
}

/* Cells that are alike need not be told from each other but in formats for programs; and by rules, which may
 * ask for words in which they differ. */
static int load(struct store *store, const struct request *request, struct run **run,
	char *complaint)
{
	bool folded = !request->known && (request->write == report_plain ||
						 request->write == report_markdown);

	return (folded ? store_load_folded : store_load)(
		store, (int64_t)request->run, run, complaint);
}

static int report_run(struct store *store, const struct request *request)
{
	char complaint[COMPLAINT_SIZE];
	struct run *run;
	int status;

	if (load(store, request, &run, complaint))
		return complain("%s", complaint);
	status = request->known ? apply_known(store, request->known, run) : 0;
	if (!status)
		status = request->compare ? print_comparison(store, run, request)
					  : print_run(store, run, request);
	if (request->known && request->write == report_plain)
		known_write(request->known, stdout);
	run_free(run);
	return status;
}

static int print_history(struct store *store, const struct request *request)
{
	char complaint[COMPLAINT_SIZE];

	if (report_history(store, (int64_t)request->run, request->write == report_json,
		    complaint))
		return complain("%s", complaint);
	if (fflush(stdout) || ferror(stdout))
		return complain("cannot write the report: %s", strerror(errno));
	return STATUS_EXPECTED;
}

static int report(const struct request *request)
{
	char complaint[COMPLAINT_SIZE];
	struct store *store;
	int status;

	if (store_open(&store, request->path, STORE_READ, complaint))
		return complain("%s", complaint);
	if (request->site)
		status = report_site(store, request->path, request->site);
	else if (request->history)
		status = print_history(store, request);
	else
		status = report_run(store, request);
	store_close(store);
	return status;
}

static int take_number(const char *option, uint64_t *number)
{
	if (parse_number(optarg, 1, INT64_MAX, number))
		return 0;
	return complain(
		"--%s '%s': expected the number of a run, from 1 on", option, optarg);
}

static int take_option(struct request *request, int option, const char *given)
{
	switch (option) {
	case 's':
		request->path = optarg;
		return 0;
	case 'r':
		return take_number("run", &request->run);
	case 'c':
		return take_number("compare", &request->compare);
	case 'f':
		if (find_format(optarg, &request->write))
			return 0;
		return complain(
			"--format '%s': expected text, markdown, json, junit, tap "
			"or html",
			optarg);
	case 'k':
		request->known_path = optarg;
		return 0;
	case 'd':
		request->site = optarg;
		return 0;
	case 'H':
		request->history = true;
		return 0;
	default:
		return complain(
			"'%s': expected --store FILE, --run N, --compare N, --format "
			"FORMAT, --known FILE, --history or --site DIR",
			given);
	}
}

/* What is written for programs has no room for words about another run. */
static int check(const struct request *request)
{
	if (request->compare && request->write != report_plain)
		return complain("--compare: expected the format text");
	if (request->history &&
		(request->compare || request->known_path || request->site ||
			(request->write != report_plain &&
				request->write != report_json)))
		return complain(
			"--history: expected no other options than --store, --run "
			"and --format text or json");
	if (request->site && (request->known_path || request->run || request->compare ||
				     request->write != report_plain))
		return complain("--site: expected no other option than --store");
	return 0;
}

int command_report(int argc, char **argv)
{
	static const struct option options[] = {
		{ "store", required_argument, NULL, 's' },
		{ "run", required_argument, NULL, 'r' },
		{ "compare", required_argument, NULL, 'c' },
		{ "format", required_argument, NULL, 'f' },
		{ "known", required_argument, NULL, 'k' },
		{ "site", required_argument, NULL, 'd' },
		{ "history", no_argument, NULL, 'H' },
		{ "help", no_argument, NULL, 'h' },
		{ NULL, 0, NULL, 0 },
	};
	struct request request = { .path = "hupstorm.db", .write = report_plain };
	int option, status = 0;

	optind = 0;
	opterr = 0;
	while (!status && (option = getopt_long(argc, argv, "", options, NULL)) >= 0) {
		if (option == 'h') {
			fputs(help, stdout);
			return STATUS_EXPECTED;
		}
		status = take_option(&request, option, argv[optind - 1]);
	}
	if (!status && optind < argc)
		status = complain("unexpected argument '%s'", argv[optind]);
	if (!status)
		status = check(&request);
	if (!status)
		status = read_known(&request);
	if (!status)
		status = report(&request);
	known_free(request.known);
	return status;
}
