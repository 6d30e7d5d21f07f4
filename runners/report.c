/* SPDX-License-Identifier: BSD-2-Clause */
/* hupstorm report: the matrix of a run that is in the store. */
#include "commands.h"

#include "display.h"
#include "report_page.h"
#include "results/formats.h"
#include "results/store.h"
#include "results/text_report.h"

#include <errno.h>
#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const char help[] =
	"usage: hupstorm report [--store FILE] [--run N] [--format FORMAT]\n"
	"       hupstorm report [--store FILE] --site DIR\n"
	"Show the matrix of the last run, or of run number N, in the store "
	"(hupstorm.db).\n"
	"FORMAT is text (the default), markdown, json, junit, tap or html (one page).\n"
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

static int print_run(struct store *store, const char *path, const struct run *run,
	report_format *write)
{
	if (write)
		write(stdout, run);
	else
		report_page(store, path, run);
	if (fflush(stdout) || ferror(stdout))
		return complain("cannot write the report: %s", strerror(errno));
	return run_standing(run, STANDING_UNEXPECTED) ? STATUS_UNEXPECTED
						      : STATUS_EXPECTED;
}

static int report(const char *path, int64_t id, report_format *write)
{
	char complaint[COMPLAINT_SIZE];
	struct store *store;
	struct run *run;
	int status;

	if (store_open(&store, path, STORE_READ, complaint))
		return complain("%s", complaint);
	if (store_load(store, id, &run, complaint)) {
		store_close(store);
		return complain("%s", complaint);
	}
	status = print_run(store, path, run, write);
	run_free(run);
	store_close(store);
	return status;
}

static int report_all(const char *path, const char *folder)
{
	char complaint[COMPLAINT_SIZE];
	struct store *store;
	int status;

	if (store_open(&store, path, STORE_READ, complaint))
		return complain("%s", complaint);
	status = report_site(store, path, folder);
	store_close(store);
	return status;
}

int command_report(int argc, char **argv)
{
	static const struct option options[] = {
		{ "store", required_argument, NULL, 's' },
		{ "run", required_argument, NULL, 'r' },
		{ "format", required_argument, NULL, 'f' },
		{ "site", required_argument, NULL, 'd' },
		{ "help", no_argument, NULL, 'h' },
		{ NULL, 0, NULL, 0 },
	};
	const char *path = "hupstorm.db";
	report_format *write = report_plain;
	const char *site = NULL;
	int64_t id = 0;
	char *end;
	int option;

	optind = 0;
	opterr = 0;
	while ((option = getopt_long(argc, argv, "", options, NULL)) >= 0) {
		switch (option) {
		case 's':
			path = optarg;
			break;
		case 'r':
			id = strtoll(optarg, &end, 10);
			if (*end || id < 1)
				return complain(
					"--run '%s': expected the number of a run, "
					"from 1 on",
					optarg);
			break;
		case 'f':
			if (!find_format(optarg, &write))
				return complain(
					"--format '%s': expected text, markdown, json, "
					"junit, tap or html",
					optarg);
			break;
		case 'd':
			site = optarg;
			break;
		case 'h':
			fputs(help, stdout);
			return STATUS_EXPECTED;
		default:
			return complain(
				"'%s': expected --store FILE, --run N, --format FORMAT "
				"or --site DIR",
				argv[optind - 1]);
		}
	}
	if (optind < argc)
		return complain("unexpected argument '%s'", argv[optind]);
	return site ? report_all(path, site) : report(path, id, write);
}
