/* SPDX-License-Identifier: BSD-2-Clause */
/* hupstorm export, import and merge: runs that go from one store to another. */
#include "commands.h"

#include "parse.h"
#include "taking.h"

#include <errno.h>
#include <getopt.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

static const char export_help[] =
	"usage: hupstorm export [--store FILE] [--run N]\n"
	"Write all runs of the store, or run N, as lines of JSON to standard output.\n";

static const char import_help[] = "usage: hupstorm import [--store FILE] [FILE|-]\n"
				  "Take runs that hupstorm export has written, from a "
				  "file or standard input, into\n"
				  "the store: each once. All lines, or none.\n";

static const char merge_help[] =
	"usage: hupstorm merge INTO FROM...\n"
	"Take the runs of other stores into the first, which is made if it is not "
	"there:\n"
	"each once, and what evidence there is of them. The others stay as they are.\n";

struct arguments {
	const char *store;
	int64_t run;
	int first; /* that is no option */
};

static bool asks_for_help(int argc, char **argv, const char *help)
{
	for (int i = 1; i < argc; i++) {
		if (strcmp(argv[i], "--help") != 0)
			continue;
		fputs(help, stdout);
		return true;
	}
	return false;
}

static int read_options(struct arguments *a, int argc, char **argv)
{
	static const struct option options[] = {
		{ "store", required_argument, NULL, 's' },
		{ "run", required_argument, NULL, 'r' },
		{ NULL, 0, NULL, 0 },
	};
	uint64_t run;
	int option;

	*a = (struct arguments){ .store = "hupstorm.db" };
	optind = 0;
	opterr = 0;
	while ((option = getopt_long(argc, argv, "", options, NULL)) >= 0) {
		if (option == 's')
			a->store = optarg;
		else if (option != 'r')
			return complain("'%s': expected --store FILE or --run N",
				argv[optind - 1]);
		else if (!parse_number(optarg, 1, INT64_MAX, &run))
			return complain(
				"--run '%s': expected the number of a run, from 1 "
				"on",
				optarg);
		else
			a->run = (int64_t)run;
	}
	a->first = optind;
	return 0;
}

int command_export(int argc, char **argv)
{
	char complaint[COMPLAINT_SIZE];
	struct arguments a;
	struct store *store;
	int status;

	if (asks_for_help(argc, argv, export_help))
		return STATUS_EXPECTED;
	status = read_options(&a, argc, argv);
	if (status)
		return status;
	if (a.first < argc)
		return complain("unexpected argument '%s'; expected options alone",
			argv[a.first]);
	if (store_open(&store, a.store, STORE_READ, complaint))
		return complain("%s", complaint);
	status = store_export(store, a.run, stdout, complaint) ? complain("%s", complaint)
							       : STATUS_EXPECTED;
	store_close(store);
	return status;
}

static void print_exchanged(const char *name, const struct exchanged *e)
{
	printf("%s: %" PRId64 " new runs, %" PRId64 " new outcomes", name, e->runs,
		e->outcomes);
	if (e->evidence)
		printf(", %" PRId64 " bundles of evidence", e->evidence);
	putchar('\n');
}

static int import(const char *path, FILE *in, const char *name)
{
	char complaint[COMPLAINT_SIZE];
	struct exchanged exchanged;
	struct store *store;
	int error = store_open(&store, path, STORE_WRITE, complaint);

	if (error)
		return complain("%s", complaint);
	error = store_import(store, in, name, &exchanged, complaint);
	store_close(store);
	if (error)
		return complain("%s", complaint);
	print_exchanged(name, &exchanged);
	return STATUS_EXPECTED;
}

int command_import(int argc, char **argv)
{
	struct arguments a;
	const char *name;
	FILE *in = stdin;
	int status;

	if (asks_for_help(argc, argv, import_help))
		return STATUS_EXPECTED;
	status = read_options(&a, argc, argv);
	if (status)
		return status;
	if (a.first + 1 < argc || a.run)
		return complain("import: expected one file, or - for standard input");
	name = a.first < argc ? argv[a.first] : "-";
	if (strcmp(name, "-") != 0)
		in = fopen(name, "re");
	if (!in)
		return complain("%s: %s", name, strerror(errno));
	status = import(a.store, in, in == stdin ? "standard input" : name);
	if (in != stdin)
		fclose(in);
	return status;
}

static int merge_one(struct store *store, const char *into, const char *from)
{
	char complaint[COMPLAINT_SIZE];
	struct exchanged exchanged;

	if (take_runs(store, into, from, &exchanged, complaint))
		return complain("%s", complaint);
	print_exchanged(from, &exchanged);
	return STATUS_EXPECTED;
}

static int merge_all(struct store *store, const char *into, char **from)
{
	int status = STATUS_EXPECTED;

	for (; *from && !status; from++)
		status = merge_one(store, into, *from);
	return status;
}

int command_merge(int argc, char **argv)
{
	char complaint[COMPLAINT_SIZE];
	struct store *store;
	int status;

	if (asks_for_help(argc, argv, merge_help))
		return STATUS_EXPECTED;
	if (argc > 1 && argv[1][0] == '-')
		return complain("unknown option '%s'; expected stores alone", argv[1]);
	if (argc < 3)
		return complain("merge: expected a store, and others to take runs from");
	if (store_open(&store, argv[1], STORE_WRITE, complaint))
		return complain("%s", complaint);
	status = merge_all(store, argv[1], argv + 2);
	store_close(store);
	return status;
}
