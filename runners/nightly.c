/* SPDX-License-Identifier: BSD-2-Clause */
/* hupstorm nightly: the matrix on several builders, one after the other, into one store. */
#include "commands.h"

#include "night.h"
#include "parse.h"
#include "report_history.h"
#include "results/wrap.h"
#include "stress/os.h"
#include "suggest.h"

#include <getopt.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static const char nightly_help[] =
	"usage: hupstorm nightly [--builders NAME[,NAME]] [--budget TIME] [--store "
	"FILE]\n"
	"                        [--site DIR] [--seed N]\n"
	"Run the matrix on several builders, one after the other, each for its share of "
	"the\n"
	"budget (default 30m) by what its cells took before; take what comes of it into "
	"one\n"
	"store (hupstorm.db), and say what is new. Each night takes another turn of the "
	"plan,\n"
	"and of one that is too long for the budget a part; with --seed N what that seed "
	"gives.\n"
	" --site writes the pages, too. Without --builders, those that are "
	"not\n"
	"marked `default no` (hupstorm builders).\n"
	"Exit status: 0 all as expected on each; 1 something was not, or a builder has "
	"failed;\n"
	"2 usage or environment.\n";

/* A builder has so much even if there is nothing left. */
#define BUDGET_LEAST (5 * OS_SECOND)

struct request {
	const char *names, *store, *site;
	uint64_t budget, seed;
	bool seed_given;
};

static int read_one(struct request *r, int option, const char *name)
{
	if (option == 'b')
		r->names = optarg;
	else if (option == 's')
		r->store = optarg;
	else if (option == 'd')
		r->site = optarg;
	else if (option == 't' && !parse_time(optarg, &r->budget))
		return complain("--budget '%s': expected a time like 30m", optarg);
	else if (option == 'n' &&
		 !(r->seed_given = parse_number(optarg, 1, INT64_MAX, &r->seed)))
		return complain("--seed '%s': expected a number, from 1 on", optarg);
	else if (option == '?')
		return complain("'%s': expected --builders, --budget, --store, --site or "
				"--seed, and what it is",
			name);
	return 0;
}

static int read_options(struct request *r, int argc, char **argv)
{
	static const struct option options[] = {
		{ "builders", required_argument, NULL, 'b' },
		{ "budget", required_argument, NULL, 't' },
		{ "store", required_argument, NULL, 's' },
		{ "site", required_argument, NULL, 'd' },
		{ "seed", required_argument, NULL, 'n' },
		{ NULL, 0, NULL, 0 },
	};
	int option, status = 0;

	*r = (struct request){ .store = "hupstorm.db", .budget = 30 * 60 * OS_SECOND };
	optind = 0;
	opterr = 0;
	while (!status && (option = getopt_long(argc, argv, "", options, NULL)) >= 0)
		status = read_one(r, option, argv[optind - 1]);
	if (!status && optind < argc)
		return complain(
			"unexpected argument '%s'; expected options alone", argv[optind]);
	return status;
}

static int unknown(const struct builder *builders, size_t count, const char *name)
{
	const char **known = calloc(count + 1, sizeof *known);
	int status;

	for (size_t i = 0; known && i < count; i++)
		known[i] = builders[i].name;
	status = complain("--builders: unknown builder '%s'; did you mean '%s'? "
			  "(hupstorm builders)",
		name, known ? nearest_name(name, known) : "");
	free(known);
	return status;
}

/* Those that are meant come first, in the order in which they are named. */
static int choose(struct builder *builders, size_t count, char *names, size_t *chosen)
{
	char *save;

	*chosen = 0;
	for (char *name = strtok_r(names, ",", &save); name;
		name = strtok_r(NULL, ",", &save)) {
		struct builder found;
		size_t i = *chosen;

		while (i < count && strcmp(builders[i].name, name) != 0)
			i++;
		if (i == count)
			return unknown(builders, count, name);
		found = builders[i];
		builders[i] = builders[*chosen];
		builders[(*chosen)++] = found;
	}
	return *chosen ? 0 : complain("--builders '': expected names");
}

static void choose_default(struct builder *builders, size_t count, size_t *chosen)
{
	*chosen = 0;
	for (size_t i = 0; i < count; i++) {
		struct builder found = builders[i];

		if (!found.is_default)
			continue;
		builders[i] = builders[*chosen];
		builders[(*chosen)++] = found;
	}
}

static void print_result(const struct builder *b, const struct night_result *r)
{
	printf("%-16s %5zu as expected, %zu not as expected, %zu not judged", b->name,
		r->as_expected, r->unexpected, r->not_judged);
	if (r->missing)
		printf(" (%zu of them missing)", r->missing);
	printf(", %" PRIu64 " s%s\n", r->took / OS_SECOND,
		b->emulated ? ", emulated" : "");
	for (size_t i = 0; i < r->told; i++)
		wrap_write(stdout, r->telling[i], 80);
	if (r->unexpected > r->told)
		printf("  and %zu more\n", r->unexpected - r->told);
	if (r->failed)
		printf("! %-14s the builder has failed: %s\n", b->name, r->reason);
}

/* The first of them; it leaves the others what it does not need. */
static int run_first(struct night *night, const struct builder *builders,
	const struct lookback *lookbacks, size_t count, uint64_t *left, bool *good)
{
	uint64_t share = share_of_first(builders, lookbacks, count, *left);
	char complaint[COMPLAINT_SIZE];
	struct night_result result;

	if (night_run_builder(night, builders, lookbacks,
		    share > BUDGET_LEAST ? share : BUDGET_LEAST, &result, complaint))
		return complain("%s", complaint);
	*left -= result.took < *left ? result.took : *left;
	print_result(builders, &result);
	*good &= !result.failed && !result.unexpected && !result.missing;
	return 0;
}

static int run_builders(struct night *night, const struct builder *builders,
	struct lookback *lookbacks, size_t count, uint64_t left, bool *good)
{
	char complaint[COMPLAINT_SIZE];
	int status = 0;

	for (size_t i = 0; i < count; i++)
		if (look_back(night->store, builders[i].name, &lookbacks[i], complaint))
			return complain("%s", complaint);
	for (size_t i = 0; i < count && !status; i++)
		status = run_first(
			night, &builders[i], &lookbacks[i], count - i, &left, good);
	return status;
}

static int report_night(struct night *night, size_t count)
{
	const struct selection everything = { 0 };
	char complaint[COMPLAINT_SIZE];

	putchar('\n');
	if (report_history(night->store, 0, &everything, false, complaint))
		return complain("%s", complaint);
	if (count > 1)
		puts("\nEach row on each builder: hupstorm report --builders");
	return 0;
}

static int run_night(struct night *night, const struct builder *builders, size_t count,
	uint64_t budget, bool *good)
{
	struct lookback *lookbacks = calloc(count, sizeof *lookbacks);
	int status;

	*good = true;
	if (!lookbacks)
		return complain("no memory for %zu builders", count);
	status = run_builders(night, builders, lookbacks, count, budget, good);
	free(lookbacks);
	return status ? status : report_night(night, count);
}

static int write_site(const struct request *r)
{
	char report[] = "report", store[] = "--store", site[] = "--site";
	char *arguments[] = { report, store, (char *)(uintptr_t)r->store, site,
		(char *)(uintptr_t)r->site, NULL };

	return command_report(5, arguments) == STATUS_ENVIRONMENT ? STATUS_ENVIRONMENT
								  : 0;
}

static int nightly(const struct request *r, const struct builder *builders, size_t count)
{
	char complaint[COMPLAINT_SIZE], program[PATH_MAX];
	ssize_t length = readlink("/proc/self/exe", program, sizeof program - 1);
	struct night night = { .store_path = r->store,
		.program = program,
		.seed_given = r->seed_given,
		.seed = r->seed };
	bool good;
	int status;

	program[length > 0 ? length : 0] = '\0';
	if (night_begin(&night, complaint))
		return complain("%s", complaint);
	if (store_open(&night.store, r->store, STORE_WRITE, complaint)) {
		night_end(&night);
		return complain("%s", complaint);
	}
	status = run_night(&night, builders, count, r->budget, &good);
	store_close(night.store);
	night_end(&night);
	if (!status && r->site)
		status = write_site(r);
	return status || good ? status : STATUS_UNEXPECTED;
}

int command_nightly(int argc, char **argv)
{
	char complaint[COMPLAINT_SIZE], *names;
	struct builder *builders;
	struct request r;
	size_t count, chosen;
	int status;

	for (int i = 1; i < argc; i++)
		if (!strcmp(argv[i], "--help")) {
			fputs(nightly_help, stdout);
			return STATUS_EXPECTED;
		}
	status = read_options(&r, argc, argv);
	if (status)
		return status;
	if (builders_read(&builders, &count, complaint, sizeof complaint))
		return complain("%s", complaint);
	names = r.names ? strdup(r.names) : NULL;
	if (names)
		status = choose(builders, count, names, &chosen);
	else
		choose_default(builders, count, &chosen);
	if (!status && !chosen)
		status = complain("%s: no builder that is used without --builders",
			builders_folder());
	if (!status)
		status = nightly(&r, builders, chosen);
	free(names);
	free(builders);
	return status;
}
