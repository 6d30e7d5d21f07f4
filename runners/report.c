/* SPDX-License-Identifier: BSD-2-Clause */
/* hupstorm report: the matrix of a run that is in the store. */
#include "commands.h"

#include "display.h"
#include "results/compare.h"
#include "results/store.h"
#include "results/text_report.h"

#include <errno.h>
#include <getopt.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>

static const char help[] =
	"usage: hupstorm report [--store FILE] [--run N] [--compare N]\n"
	"Show the matrix of the last run, or of run number N, in the store "
	"(hupstorm.db).\n"
	"--compare N: and what has changed since run number N. A failure of what is "
	"expected\n"
	"to pass is told as new, still there or gone; rates of other rows are tested.\n"
	"Exit status: 0 all as expected, 1 something was not, 2 usage or environment.\n";

/* What is to be shown. */
struct request {
	const char *path;
	int64_t run;	 /* 0: the last */
	int64_t compare; /* 0: with none */
};

static int print_run(const struct run *run)
{
	struct matrix_style style = { .color = display_has_colors() };
	char *text = report_text(run, &style);

	if (!text)
		return complain("no memory for the report");
	fputs(text, stdout);
	free(text);
	return run_standing(run, STANDING_UNEXPECTED) ? STATUS_UNEXPECTED
						      : STATUS_EXPECTED;
}

/* The runs between the two, one at a time; numbers that are missing are no error. */
static int add_between(struct store *store, struct comparison *comparison, int64_t first,
	int64_t end, char *complaint)
{
	int error = 0;

	for (int64_t id = first; id < end && !error; id++) {
		struct run *run;

		error = store_load(store, id, &run, complaint);
		if (error == -ENOENT) {
			error = 0;
			continue;
		}
		if (!error) {
			error = comparison_add(comparison, run);
			run_free(run);
		}
	}
	return error;
}

static int compare(struct store *store, const struct run *before, const struct run *now,
	char *complaint)
{
	struct comparison *comparison = comparison_new(before, now);
	int error = -ENOMEM;

	if (comparison)
		error = add_between(
			store, comparison, before->info.id + 1, now->info.id, complaint);
	if (!error) {
		fputc('\n', stdout);
		error = comparison_write(comparison, stdout);
	}
	comparison_free(comparison);
	if (error == -ENOMEM)
		snprintf(complaint, COMPLAINT_SIZE, "no memory for the comparison");
	return error;
}

static int print_comparison(
	struct store *store, const struct run *now, int64_t id, char *complaint)
{
	struct run *before;
	int status, error;

	if (id == now->info.id)
		return complain("--compare %" PRId64
				": expected another run than the one "
				"that is shown",
			id);
	if (store_load(store, id, &before, complaint))
		return complain("%s", complaint);
	status = print_run(now);
	error = status == STATUS_ENVIRONMENT ? 0 : compare(store, before, now, complaint);
	run_free(before);
	return error ? complain("%s", complaint) : status;
}

static int report(const struct request *request)
{
	char complaint[COMPLAINT_SIZE];
	struct store *store;
	struct run *run;
	int status;

	if (store_open(&store, request->path, STORE_READ, complaint))
		return complain("%s", complaint);
	if (store_load(store, request->run, &run, complaint)) {
		store_close(store);
		return complain("%s", complaint);
	}
	status = request->compare
			 ? print_comparison(store, run, request->compare, complaint)
			 : print_run(run);
	run_free(run);
	store_close(store);
	return status;
}

/* The number of a run; 0, with a complaint, if it is none. */
static int64_t read_number(const char *option)
{
	char *end;
	int64_t id = strtoll(optarg, &end, 10);

	if (!*end && id >= 1)
		return id;
	complain("--%s '%s': expected the number of a run, from 1 on", option, optarg);
	return 0;
}

int command_report(int argc, char **argv)
{
	static const struct option options[] = {
		{ "store", required_argument, NULL, 's' },
		{ "run", required_argument, NULL, 'r' },
		{ "compare", required_argument, NULL, 'c' },
		{ "help", no_argument, NULL, 'h' },
		{ NULL, 0, NULL, 0 },
	};
	struct request request = { .path = "hupstorm.db" };
	int option;

	optind = 0;
	opterr = 0;
	while ((option = getopt_long(argc, argv, "", options, NULL)) >= 0) {
		switch (option) {
		case 's':
			request.path = optarg;
			break;
		case 'r':
			request.run = read_number("run");
			if (!request.run)
				return STATUS_ENVIRONMENT;
			break;
		case 'c':
			request.compare = read_number("compare");
			if (!request.compare)
				return STATUS_ENVIRONMENT;
			break;
		case 'h':
			fputs(help, stdout);
			return STATUS_EXPECTED;
		default:
			return complain(
				"'%s': expected --store FILE, --run N or --compare N",
				argv[optind - 1]);
		}
	}
	if (optind < argc)
		return complain("unexpected argument '%s'", argv[optind]);
	return report(&request);
}
