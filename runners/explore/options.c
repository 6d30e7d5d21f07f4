/* SPDX-License-Identifier: BSD-2-Clause */
#include "options.h"

#include "chance.h"

#include "runners/commands.h"
#include "runners/info.h"

#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

const char explore_help[] =
	"usage: hupstorm explore [OPTION]...\n"
	"       hupstorm replay SCHEDULE\n"
	"Run a small world on a simulated machine, one step at a time; signals land "
	"anywhere.\n"
	"Look for a schedule that fails, make it short, and show it; or go through all "
	"states.\n"
	"\n"
	"  --case NAME          what the world is made after, default hup-broadcast\n"
	"  --subject NAME       default cooperative; see `hupstorm list subjects`. Or\n"
	"                       `synccall`, musl's, with faults of its own:\n"
	"                       one-semaphore and any-signal\n"
	"  --fault NAME[,NAME]  faults or a preset, default none\n"
	"  --slots N            1 to 16, default 2\n"
	"  --threads N          parked threads, 0 to 4\n"
	"  --broadcasters N     0 to 2\n"
	"  --broadcasts N       of each broadcaster\n"
	"  --stops N            stops and starts of the world, of each broadcaster\n"
	"  --signals N          from one sender\n"
	"  --numbers N          1 or 2 signal numbers\n"
	"  --sysmon --template --poller --syscall --newborn --dissent\n"
	"                       such a thread too, or such a result (with =0: not)\n"
	"  --level NAME         `coarse` (default: locks and notes in single steps) or "
	"`fine`\n"
	"  --scheduler NAME     random, sticky, pct, `chance` (these three in turn), "
	"bounded\n"
	"                       or graph; default chance and then graph\n"
	"  --depth N            of pct, 1 to 16, default 3\n"
	"  --bound N            of bounded: preemptions, 0 to 100, default 2\n"
	"  --schedules N        at the most, default 300\n"
	"  --states N           of graph and bounded, at the most, default 50000000\n"
	"  --every-kind         of graph and bounded: do not stop at the first failure\n"
	"  --budget SECONDS     at the most, default 60\n"
	"  --shorten SECONDS    to make a failing schedule short, default 5; 0: not at "
	"all\n"
	"  --jobs N             processes that share the schedules by chance, 1 to 64, "
	"default 1\n"
	"  --seed N             default 1\n"
	"  --store FILE         what came of it is kept there, default hupstorm.db; `-`: "
	"nowhere\n"
	"\n"
	"  --storm              not a small world, but the whole storm of the case; "
	"then\n"
	"  --cycles N           of each schedule, default 3\n"
	"  --workers N          1 to 8: each role of the case so often at the most; "
	"default 1\n"
	"  --coordinator WHO    `leader` or `thread` (default)\n"
	"  --target WHOM        as that of run (default: process)\n"
	"\n"
	"Exit status: 0 nothing failed, or something did and faults were on; 1 the "
	"other\n"
	"way round; 2 usage.\n";

static bool parse_number(
	const char *text, uint64_t least, uint64_t most, uint64_t *number)
{
	char *end;

	if (*text < '0' || *text > '9')
		return false;
	*number = strtoull(text, &end, 0);
	return !*end && *number >= least && *number <= most;
}

/* And the field's number. */
enum { FIELD_OPTION = 256 };

static const struct option long_options[] = {
	{ "case", required_argument, NULL, 'c' },
	{ "subject", required_argument, NULL, 's' },
	{ "fault", required_argument, NULL, 'f' },
	{ "slots", required_argument, NULL, 'n' },
	{ "cycles", required_argument, NULL, 'y' },
	{ "workers", required_argument, NULL, 'w' },
	{ "coordinator", required_argument, NULL, 'o' },
	{ "target", required_argument, NULL, 't' },
	{ "scheduler", required_argument, NULL, 'r' },
	{ "depth", required_argument, NULL, 'd' },
	{ "schedules", required_argument, NULL, 'm' },
	{ "budget", required_argument, NULL, 'b' },
	{ "shorten", required_argument, NULL, 'x' },
	{ "seed", required_argument, NULL, 'e' },
	{ "level", required_argument, NULL, 'l' },
	{ "bound", required_argument, NULL, 'B' },
	{ "states", required_argument, NULL, 'S' },
	{ "every-kind", no_argument, NULL, 'k' },
	{ "storm", no_argument, NULL, 'T' },
	{ "jobs", required_argument, NULL, 'j' },
	{ "store", required_argument, NULL, 'i' },
	{ "threads", required_argument, NULL, FIELD_OPTION },
	{ "broadcasters", required_argument, NULL, FIELD_OPTION + 1 },
	{ "broadcasts", required_argument, NULL, FIELD_OPTION + 2 },
	{ "stops", required_argument, NULL, FIELD_OPTION + 3 },
	{ "signals", required_argument, NULL, FIELD_OPTION + 4 },
	{ "numbers", required_argument, NULL, FIELD_OPTION + 5 },
	{ "sysmon", optional_argument, NULL, FIELD_OPTION + 6 },
	{ "template", optional_argument, NULL, FIELD_OPTION + 7 },
	{ "poller", optional_argument, NULL, FIELD_OPTION + 8 },
	{ "syscall", optional_argument, NULL, FIELD_OPTION + 9 },
	{ "newborn", optional_argument, NULL, FIELD_OPTION + 10 },
	{ "dissent", optional_argument, NULL, FIELD_OPTION + 11 },
	{ "help", no_argument, NULL, 'h' },
	{ NULL, 0, NULL, 0 },
};

static bool set_name(char *to, const char *value, size_t size)
{
	return (size_t)snprintf(to, size, "%s", value) < size;
}

/* One of two words. */
static bool set_word(bool *to, const char *value, const char *no, const char *yes)
{
	*to = !strcmp(value, yes);
	return *to || !strcmp(value, no);
}

const char *scheduler_name(int scheduler)
{
	static const char *const more[] = { "bounded", "graph", "chance" };

	return scheduler < SCHEDULER_KINDS ? scheduler_names[scheduler]
					   : more[scheduler - SCHEDULER_KINDS];
}

static bool set_scheduler(int *to, const char *value)
{
	for (*to = 0; *to < ALL_SCHEDULERS; ++*to)
		if (!strcmp(scheduler_name(*to), value))
			return true;
	return false;
}

/* One of the numbers of the small world. Without a value, 1. */
static const char *set_field(struct options *o, size_t field, const char *value)
{
	static char expected[64];
	const struct small_field *f = &small_fields[field];
	uint64_t number = 1;

	if (value && !parse_number(value, f->least, f->most, &number)) {
		snprintf(expected, sizeof expected, "%u to %u", f->least, f->most);
		return expected;
	}
	o->numbers[field] = (uint32_t)number;
	return NULL;
}

/* NULL, or what was expected. */
static const char *set_option(struct options *o, int option, const char *value)
{
	uint64_t number = 0;
	struct cell *cell = &o->cell;

	if (option >= FIELD_OPTION)
		return set_field(o, (size_t)(option - FIELD_OPTION), value);
	switch (option) {
	case 'l':
		return set_word(&o->coarse, value, "fine", "coarse") ? NULL
								     : "coarse or fine";
	case 'B':
		return parse_number(value, 0, 100, &o->bound) ? NULL : "0 to 100";
	case 'S':
		return parse_number(value, 1, 500000000, &o->states) ? NULL
								     : "1 to 500000000";
	case 'k':
		o->every_kind = true;
		return NULL;
	case 'T':
		o->storm = true;
		return NULL;
	case 'c':
		return set_name(cell->case_name, value, NAME_SIZE) ? NULL : "a name";
	case 's':
		return set_name(cell->subject, value, NAME_SIZE) ? NULL : "a name";
	case 'f':
		return set_name(cell->faults, value, FAULTS_SIZE) ? NULL : "names";
	case 'o':
		return set_word(&cell->coordinator_on_leader, value, "thread", "leader")
			       ? NULL
			       : "leader or thread";
	case 't':
		if (storm_target_named(value) == TARGET_COUNT)
			return "a target of `hupstorm run --help`";
		return set_name(cell->target, value, NAME_SIZE) ? NULL : "a name";
	case 'r':
		return set_scheduler(&o->scheduler, value)
			       ? NULL
			       : "random, sticky, pct, chance, bounded or graph";
	case 'i':
		o->store = value;
		return NULL;
	case 'n':
		if (!parse_number(value, 1, 16, &number))
			return "1 to 16";
		cell->slots = (uint32_t)number;
		return NULL;
	case 'w':
		if (!parse_number(value, 1, 8, &number))
			return "1 to 8";
		cell->workers = (uint32_t)number;
		return NULL;
	case 'd':
		if (!parse_number(value, 1, 16, &number))
			return "1 to 16";
		o->depth = (unsigned)number;
		return NULL;
	case 'j':
		if (!parse_number(value, 1, CHANCE_JOBS_MAX, &number))
			return "1 to 64";
		o->jobs = (unsigned)number;
		return NULL;
	case 'y':
		return parse_number(value, 1, 1000000, &cell->cycles) ? NULL
								      : "1 to 1000000";
	case 'm':
		return parse_number(value, 1, UINT32_MAX, &o->schedules)
			       ? NULL
			       : "1 to 4294967295";
	case 'e':
		return parse_number(value, 0, UINT64_MAX, &cell->seed) ? NULL
								       : "a number";
	case 'x':
		if (!parse_number(value, 0, 1000000, &number))
			return "0 to 1000000 seconds";
		o->shorten = number * OS_SECOND;
		return NULL;
	default:
		if (!parse_number(value, 1, 1000000, &number))
			return "1 to 1000000 seconds";
		o->budget = number * OS_SECOND;
		return NULL;
	}
}

static void set_defaults(struct options *o)
{
	*o = (struct options){
		.cell = { .case_name = "hup-broadcast",
			.subject = "cooperative",
			.slots = 2,
			.cycles = 3,
			.workers = 1,
			.target = "process",
			.seed = 1 },
		.coarse = true,
		.scheduler = -1,
		.store = "hupstorm.db",
		.depth = 3,
		.jobs = 1,
		.bound = 2,
		.schedules = 300,
		.states = 50000000,
		.budget = 60 * OS_SECOND,
		.shorten = 5 * OS_SECOND,
	};
	for (size_t i = 0; i < SMALL_FIELDS; i++)
		o->numbers[i] = UNSET;
}

int options_parse(int argc, char **argv, struct options *o)
{
	const char *expected;
	int option, index;

	set_defaults(o);
	info_command(o->command, sizeof o->command, argc, argv);
	opterr = 0;
	while ((option = getopt_long(argc, argv, ":", long_options, &index)) != -1) {
		if (option == 'h')
			return 1;
		if (option == '?' || option == ':')
			return complain("explore: '%s' is no option, or lacks its value "
					"(see hupstorm explore --help)",
				argv[optind - 1]);
		expected = set_option(o, option, optarg);
		if (expected)
			return complain("explore: --%s %s: expected %s",
				long_options[index].name, optarg, expected);
	}
	if (optind < argc)
		return complain("explore: unexpected '%s'", argv[optind]);
	return 0;
}

const char prove_help[] =
	"usage: hupstorm prove [OPTION]... FILE\n"
	"Explore each small world on a list to the end, or within its bound, and compare "
	"what\n"
	"is found with what the list says.\n"
	"\n"
	"  --subject NAME       default cooperative\n"
	"  --fault NAME[,NAME]  only the worlds that have no faults, and with these: it "
	"must be red\n"
	"  --store FILE         what came of them is kept there, default hupstorm.db; "
	"`-`: nowhere\n"
	"  --record FOLDER      write down what fails, in a file for each fault\n"
	"  --jobs N             worlds at a time, 1 to 64, default: the processors\n"
	"  --states N           of each world at the most, default 100000000\n"
	"  --budget SECONDS     for all of them, default 900\n"
	"\n"
	"Exit status: 0 all as expected; 1 some not; 2 usage, or some not finished.\n";

static const struct option prove_long_options[] = {
	{ "subject", required_argument, NULL, 's' },
	{ "fault", required_argument, NULL, 'f' },
	{ "record", required_argument, NULL, 'r' },
	{ "store", required_argument, NULL, 'i' },
	{ "jobs", required_argument, NULL, 'j' },
	{ "states", required_argument, NULL, 'S' },
	{ "budget", required_argument, NULL, 'b' },
	{ "help", no_argument, NULL, 'h' },
	{ NULL, 0, NULL, 0 },
};

static const char *set_prove_option(struct prove_options *o, int option, char *value)
{
	uint64_t number = 0;

	switch (option) {
	case 's':
		o->subject = value;
		return subject_named(value) ? NULL : "a subject";
	case 'f':
		o->faults = value;
		return NULL;
	case 'r':
		o->record = value;
		return NULL;
	case 'i':
		o->store = value;
		return NULL;
	case 'j':
		if (!parse_number(value, 1, 64, &number))
			return "1 to 64";
		o->jobs = (unsigned)number;
		return NULL;
	case 'S':
		return parse_number(value, 1, 500000000, &o->states) ? NULL
								     : "1 to 500000000";
	default:
		if (!parse_number(value, 1, 1000000, &number))
			return "1 to 1000000 seconds";
		o->budget = number * OS_SECOND;
		return NULL;
	}
}

int prove_options_parse(int argc, char **argv, struct prove_options *o)
{
	const char *expected;
	int option, index;
	long processors = sysconf(_SC_NPROCESSORS_ONLN);

	*o = (struct prove_options){ .subject = "cooperative",
		.store = "hupstorm.db",
		.jobs = processors < 1 || processors > 64 ? 1 : (unsigned)processors,
		.states = 100000000,
		.budget = 900 * OS_SECOND };
	info_command(o->command, sizeof o->command, argc, argv);
	opterr = 0;
	while ((option = getopt_long(argc, argv, ":", prove_long_options, &index)) !=
		-1) {
		if (option == 'h')
			return 1;
		if (option == '?' || option == ':')
			return complain("prove: '%s' is no option, or lacks its value "
					"(see hupstorm prove --help)",
				argv[optind - 1]);
		expected = set_prove_option(o, option, optarg);
		if (expected)
			return complain("prove: --%s %s: expected %s",
				prove_long_options[index].name, optarg, expected);
	}
	if (optind + 1 != argc)
		return complain("prove: expected one list of worlds");
	o->file = argv[optind];
	return 0;
}
