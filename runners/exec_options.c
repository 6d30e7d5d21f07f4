/* SPDX-License-Identifier: BSD-2-Clause */
#include "exec_options.h"

#include "info.h"
#include "line.h"
#include "parse.h"
#include "perturbation.h"
#include "suggest.h"

#include <errno.h>
#include <getopt.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

const char exec_options_help[] =
	"usage: hupstorm exec [OPTION]... -- COMMAND [ARGUMENT]...\n"
	"Run any program again and again, under a storm of signals from outside, and "
	"tell\n"
	"its hangs apart: deadlock, livelock, lost signal, or just slow or starved.\n"
	"\n"
	"  --storm SIG:RATE[:TARGET]  send it SIG, RATE times a second, as long as it\n"
	"                       catches it; TARGET is `process`, `leader` or `rotate`\n"
	"                       (over its threads); up to 8 times\n"
	"  --progress HOW       what shows that it gets on: a regular expression "
	"(extended)\n"
	"                       that lines of its output match, `fd:N` for each byte "
	"that\n"
	"                       it writes to descriptor N, or `cpu` (the default). With\n"
	"                       `cpu` a livelock, and a hang under a storm whose "
	"signals\n"
	"                       it still handles, are only told by --timeout\n"
	"  --perturb PLAN       at its system calls: see `hupstorm list perturbations`\n"
	"  --placement NAME     pin it: see `hupstorm list placements`; not by role,\n"
	"                       for a program's threads have none that is known\n"
	"  --timeout TIME       of one run, which is then slow or starved (default 10m)\n"
	"\n"
	"  --runs N             so many runs\n"
	"  --budget TIME        or as many as begin in this time (default 60s)\n"
	"  -p N, --jobs N       runs at the same time (default 1)\n"
	"  --seed N             of what is drawn; default: a random one, which is shown\n"
	"  --failfast           stop at the first failure\n"
	"  --patience N         multiply what the watchdog waits for (default 1)\n"
	"  --store FILE         where the results go (default hupstorm.db)\n"
	"  --evidence N         MiB of evidence to keep beside the store (default 256)\n"
	"  --no-sandbox         let it signal processes that it has not started\n"
	"\n"
	"A run passes if the program ends with status 0. Exit status: 0 all passed, 1 "
	"one did\n"
	"not, 2 usage or environment.\n";

struct parser {
	struct exec_options *options;
	struct run_options *common;
	const struct placements *placements;
	char *complaint;
	size_t size;
};

static int complain(const struct parser *p, const char *format, ...)
	__attribute__((format(printf, 2, 3)));

static int complain(const struct parser *p, const char *format, ...)
{
	va_list arguments;

	va_start(arguments, format);
	vsnprintf(p->complaint, p->size, format, arguments);
	va_end(arguments);
	return -EINVAL;
}

static int take_storm(const struct parser *p, const char *text)
{
	struct storm_outside *storm = &p->options->plan.storm;

	if (storm->count == STREAMS_MAX)
		return complain(p, "--storm '%s': more than %d", text, STREAMS_MAX);
	if (!stream_parse(text, &storm->streams[storm->count])) {
		storm->count++;
		return 0;
	}
	return complain(p,
		"--storm '%s': expected SIGNAL:RATE:TARGET, like HUP:2000:process (a "
		"signal that can be caught, 1 to 1000000 per second, process, leader or "
		"rotate)",
		text);
}

static int take_descriptor(const struct parser *p, const char *text)
{
	uint64_t number;

	if (!parse_number(text + 3, 3, 255, &number))
		return complain(
			p, "--progress '%s': expected a descriptor from 3 to 255", text);
	p->options->plan.progress = PROGRESS_BY_DESCRIPTOR;
	p->options->plan.descriptor = (int)number;
	return 0;
}

static int take_expression(const struct parser *p, const char *text)
{
	struct program_plan *plan = &p->options->plan;
	char why[128];
	int error = regcomp(&plan->expression, text, REG_EXTENDED | REG_NOSUB);

	if (!error) {
		plan->progress = PROGRESS_BY_OUTPUT;
		return 0;
	}
	regerror(error, &plan->expression, why, sizeof why);
	return complain(
		p, "--progress '%s': expected a regular expression: %s", text, why);
}

static int take_progress(const struct parser *p, const char *text)
{
	if (p->options->progress)
		return complain(p, "--progress '%s': it was given before", text);
	p->options->progress = text;
	if (!strncmp(text, "fd:", 3))
		return take_descriptor(p, text);
	return strcmp(text, "cpu") ? take_expression(p, text) : 0;
}

static int take_placement(const struct parser *p, const char *text)
{
	const struct placement *placement = placement_named(p->placements, text);
	const char *known[PLACEMENT_COUNT + 1] = { NULL };

	p->options->placement = text;
	if (placement_is_by_role(text))
		return complain(p,
			"--placement '%s': expected one that needs no roles, for nobody "
			"knows those of a program's threads (hupstorm list placements)",
			text);
	if (placement && placement->available)
		return 0;
	if (placement)
		return complain(p, "--placement '%s': not on this machine: %s", text,
			placement->why_not);
	for (size_t i = 0; i < PLACEMENT_COUNT; i++)
		known[i] = p->placements->at[i].name;
	return complain(p,
		"unknown placement '%s'; did you mean '%s'? (hupstorm list placements)",
		text, nearest_name(text, known));
}

static int take_number(const struct parser *p, const char *option, const char *text,
	uint64_t most, uint64_t *number)
{
	if (parse_number(text, 1, most, number))
		return 0;
	return complain(p, "--%s '%s': expected a number from 1 to %llu", option, text,
		(unsigned long long)most);
}

static int take_time(
	const struct parser *p, const char *option, const char *text, uint64_t *time)
{
	if (parse_time(text, time))
		return 0;
	return complain(p, "--%s '%s': expected a time like 30s, 5m or 2h", option, text);
}

static int take_evidence(const struct parser *p, const char *text)
{
	if (!parse_number(text, 0, 1 << 20, &p->common->evidence))
		return complain(p,
			"--evidence '%s': expected a number of MiB from 0 to %d", text,
			1 << 20);
	p->common->evidence <<= 20;
	return 0;
}

static int take_seed(const struct parser *p, const char *text)
{
	if (parse_number(text, 0, UINT64_MAX, &p->common->seed))
		return 0;
	return complain(p, "--seed '%s': expected a number of 64 bits", text);
}

static int take_store(const struct parser *p, const char *text)
{
	p->common->store = text;
	if (*text && strcmp(text, "-") != 0)
		return 0;
	return complain(p, "--store '%s': expected the name of a file", text);
}

enum {
	OPTION_STORM = 256,
	OPTION_PROGRESS,
	OPTION_PLACEMENT,
	OPTION_PERTURB,
	OPTION_SEED,
	OPTION_TIMEOUT,
	OPTION_RUNS,
	OPTION_BUDGET,
	OPTION_JOBS,
	OPTION_FAILFAST,
	OPTION_PATIENCE,
	OPTION_STORE,
	OPTION_NO_SANDBOX,
	OPTION_EVIDENCE,
	OPTION_HELP,
};

static const struct option known_options[] = {
	{ "storm", required_argument, NULL, OPTION_STORM },
	{ "progress", required_argument, NULL, OPTION_PROGRESS },
	{ "placement", required_argument, NULL, OPTION_PLACEMENT },
	{ "perturb", required_argument, NULL, OPTION_PERTURB },
	{ "seed", required_argument, NULL, OPTION_SEED },
	{ "timeout", required_argument, NULL, OPTION_TIMEOUT },
	{ "runs", required_argument, NULL, OPTION_RUNS },
	{ "budget", required_argument, NULL, OPTION_BUDGET },
	{ "jobs", required_argument, NULL, OPTION_JOBS },
	{ "failfast", no_argument, NULL, OPTION_FAILFAST },
	{ "patience", required_argument, NULL, OPTION_PATIENCE },
	{ "store", required_argument, NULL, OPTION_STORE },
	{ "no-sandbox", no_argument, NULL, OPTION_NO_SANDBOX },
	{ "evidence", required_argument, NULL, OPTION_EVIDENCE },
	{ "help", no_argument, NULL, OPTION_HELP },
	{ 0 },
};

enum { OPTIONS = sizeof known_options / sizeof known_options[0] };

static int take_option(const struct parser *p, int option, const char *text)
{
	struct exec_options *o = p->options;
	uint64_t number = 0;
	int error;

	switch (option) {
	case OPTION_STORM:
		return take_storm(p, text);
	case OPTION_PROGRESS:
		return take_progress(p, text);
	case OPTION_PLACEMENT:
		return take_placement(p, text);
	case OPTION_PERTURB:
		o->perturbation = strcmp(text, "none") != 0 ? text : "";
		return perturbation_check(text, p->complaint, p->size);
	case OPTION_SEED:
		return take_seed(p, text);
	case OPTION_TIMEOUT:
		return take_time(p, "timeout", text, &o->timeout);
	case OPTION_RUNS:
		return take_number(p, "runs", text, 1000000, &o->runs);
	case OPTION_BUDGET:
		p->common->budget_given = true;
		return take_time(p, "budget", text, &p->common->budget);
	case 'p':
	case OPTION_JOBS:
		error = take_number(p, "jobs", text, 256, &number);
		p->common->jobs = (unsigned)number;
		return error;
	case OPTION_PATIENCE:
		error = take_number(p, "patience", text, 1000, &number);
		p->common->patience = (unsigned)number;
		return error;
	case OPTION_EVIDENCE:
		return take_evidence(p, text);
	case OPTION_FAILFAST:
		o->failfast = true;
		return 0;
	case OPTION_STORE:
		return take_store(p, text);
	case OPTION_NO_SANDBOX:
		p->common->sandboxed = false;
		return 0;
	default:
		return 1;
	}
}

static int complain_of_option(const struct parser *p, char **argv)
{
	const char *known[OPTIONS] = { NULL }, *given = argv[optind - 1];

	for (size_t i = 0; known_options[i].name; i++)
		known[i] = known_options[i].name;
	if (optopt >= OPTION_STORM || optopt == 'p')
		return complain(p, "%s: expected a value behind it", given);
	return complain(p,
		"unknown option '%s'; did you mean '--%s'? (hupstorm exec --help)", given,
		nearest_name(given + strspn(given, "-"), known));
}

int exec_options_parse(int argc, char **argv, const struct placements *placements,
	struct exec_options *options, struct run_options *common, char *complaint,
	size_t size)
{
	struct parser p = { options, common, placements, complaint, size };
	int option, error;

	options_set_defaults(common);
	info_command(common->command, sizeof common->command, argc, argv);
	*options = (struct exec_options){
		.placement = "unbound", .perturbation = "", .timeout = 600 * OS_SECOND
	};
	optind = 0;
	opterr = 0;
	while ((option = getopt_long(argc, argv, "+p:", known_options, NULL)) >= 0) {
		if (option == '?')
			return complain_of_option(&p, argv);
		error = take_option(&p, option, optarg);
		if (error)
			return error;
	}
	if (optind == argc)
		return complain(
			&p, "exec: expected a command behind the options, after --");
	options->plan.command = argv + optind;
	return 0;
}

static void add_quoted(struct line *line, const char *word)
{
	static const char plain[] = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"
				    "0123456789_-+=:,./@%";

	if (*word && !word[strspn(word, plain)]) {
		line_add(line, " %s", word);
		return;
	}
	line_add(line, " '");
	for (; *word; word++)
		line_add(line, *word == '\'' ? "'\\''" : "%c", *word);
	line_add(line, "'");
}

bool exec_options_print(const struct exec_options *options, char *text, size_t size)
{
	const struct program_plan *plan = &options->plan;
	struct line line = { .text = text, .size = size };

	*text = '\0';
	for (size_t i = 0; i < plan->storm.count; i++) {
		char stream[STREAM_TEXT_SIZE];

		stream_print(&plan->storm.streams[i], stream, sizeof stream);
		line_add(&line, " --storm %s", stream);
	}
	if (options->progress) {
		line_add(&line, " --progress");
		add_quoted(&line, options->progress);
	}
	if (strcmp(options->placement, "unbound") != 0)
		line_add(&line, " --placement %s", options->placement);
	line_add(&line, " --timeout %.3fs --", os_seconds(options->timeout));
	for (char *const *word = plan->command; *word; word++)
		add_quoted(&line, *word);
	return line.used < size - 1;
}
