/* SPDX-License-Identifier: BSD-2-Clause */
#include "options.h"

#include "bundle.h"
#include "cases/cases.h"
#include "info.h"
#include "parse.h"
#include "rota.h"
#include "perturbation.h"
#include "suggest.h"

#include <errno.h>
#include <getopt.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const char run_help[] =
	"usage: hupstorm run [OPTION]...\n"
	"Run storms against all-threads mechanisms and show what came of them.\n"
	"\n"
	"What to run (each may be given more than once; all, if not given)\n"
	"  --case NAME          see `hupstorm list cases`\n"
	"  --subject NAME       see `hupstorm list subjects`\n"
	"  --fault NAME[,NAME]  faults or a preset, taken together as one subject;\n"
	"                       `none` for none. Without --subject and --fault: none,\n"
	"                       and each preset\n"
	"  --placement NAME     see `hupstorm list placements`; `by-role` takes some of\n"
	"                       those by role, others with another seed\n"
	"  --slots N            1 to 256; default: 1, 2, the PUs, four times the PUs\n"
	"  --coordinator WHO    `leader` or `thread`: is it the thread-group leader?\n"
	"  --target WHOM        to whom signals are sent: see `hupstorm list targets`\n"
	"                       (default: the process, and each thread in turn)\n"
	"  --nudge              safepoints are asked for with SIGURG too\n"
	"  --noise PLAN         hold threads up inside the runtime: `mixed`, `delays`,\n"
	"                       `yields`, `aligned` (signals meet stops), or points of\n"
	"                       `hupstorm list noise`, separated by commas\n"
	"  --perturb PLAN       at system calls: `delays`, `errors`, or places of\n"
	"                       `hupstorm list perturbations`, separated by commas\n"
	"  --workers N          1 to 512, in place of the case's own number\n"
	"\n"
	"How much\n"
	"  --cycles N           of all cells together\n"
	"  --budget TIME        for all cells together: 30s, 5m, 2h (default 60s)\n"
	"  --repeat N           each cell N times, with seeds SEED, SEED + 1, ...\n"
	"  --seed N             default: a random one, which is shown\n"
	"  --jobs N             cells at the same time (default 1)\n"
	"  --night N            instead of a seed: that night, from 0, of many. Each "
	"takes\n"
	"                       another turn of the plan; and a part alone, if the "
	"budget\n"
	"                       is too short for all\n"
	"  --pace PERCENT       how long cells take here besides their storms, compared "
	"with\n"
	"                       what is usual: as was measured before\n"
	"  --part I/N --of NAME that part alone of a run that others run the rest of, "
	"with\n"
	"                       the same options (and seed), on machines of one kind; go "
	"on\n"
	"                       with it if the store has some of it. `merge` puts them "
	"together\n"
	"  --patience N         multiply what the watchdog waits for: for emulators and\n"
	"                       instrumented builds (default 1)\n"
	"\n"
	"  --store FILE         where the results go (default hupstorm.db)\n"
	"  --evidence N         MiB of evidence to keep beside the store, 0 for none\n"
	"                       (default 256); the oldest goes first\n"
	"  --no-sandbox         without the seccomp filter that keeps signals inside\n"
	"\n"
	"Exit status: 0 all as expected, 1 something was not, 2 usage or environment.\n";

static const char power_help[] =
	"usage: hupstorm power [OPTION]...\n"
	"Measure what the harness catches: put each known fault back, in the cell that "
	"is\n"
	"known to show it best, several times over, and tell how long it takes to be "
	"seen.\n"
	"\n"
	"  --fault NAME         just this one; may be given more than once\n"
	"  --subject NAME       those of this subject only\n"
	"  --budget TIME        as many rounds as fit; the first may be cut short\n"
	"  --repeat N           at most so many rounds; default, without a budget: 3\n"
	"  --seed N, --jobs N, --patience N, --store FILE, --evidence N, --no-sandbox\n"
	"                       as those of run\n"
	"\n"
	"Exit status: 0 every fault was seen, 1 one was not, or not tried, 2 usage or\n"
	"environment.\n";

static const char hunt_help[] =
	"usage: hupstorm hunt --fault NAME[,NAME] [OPTION]...\n"
	"       hupstorm hunt --subject NAME [OPTION]...\n"
	"Look for the cell that fails soonest: case, placement, slots, coordinator, "
	"target\n"
	"and noise are picked again and again, those more often that have found most "
	"for\n"
	"the CPU time that they took.\n"
	"\n"
	"  --case, --placement, --slots, --coordinator, --target, --nudge, --perturb\n"
	"                       as those of run: hunt among these only\n"
	"  --repeat N           go on until it has failed N times (default 1)\n"
	"  --budget TIME        or the time is used up (default 60s)\n"
	"  --seed N, --jobs N, --patience N, --store FILE, --evidence N, --no-sandbox\n"
	"                       as those of run\n"
	"\n"
	"Exit status: 0 it failed, and has a fault; or it has none, and did not. 1 "
	"otherwise.\n"
	"2 usage or environment.\n";

const char *options_help(enum option_user user)
{
	static const char *const texts[OPTION_USERS] = {
		[OPTIONS_OF_RUN] = run_help,
		[OPTIONS_OF_POWER] = power_help,
		[OPTIONS_OF_HUNT] = hunt_help,
	};

	return texts[user];
}

struct parser {
	struct run_options *options;
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

static int choose(const struct parser *p, struct choices *choices, const char *name)
{
	for (size_t i = 0; i < choices->count; i++)
		if (!strcmp(choices->at[i], name))
			return 0;
	if (choices->count == CHOICES_MAX)
		return complain(p, "'%s': more than %d names", name, CHOICES_MAX);
	choices->at[choices->count++] = name;
	return 0;
}

/* A name that is not among `known` (ended by NULL). */
static int unknown(const struct parser *p, const char *what, const char *name,
	const char *const *known)
{
	return complain(p, "unknown %s '%s'; did you mean '%s'? (hupstorm list %ss)",
		what, name, nearest_name(name, known), what);
}

static int choose_case(const struct parser *p, const char *name)
{
	const char *known[64] = { NULL };

	if (case_named(name))
		return choose(p, &p->options->cases, name);
	for (size_t i = 0; case_at(i) && i < 63; i++)
		known[i] = case_at(i)->name;
	return unknown(p, "case", name, known);
}

static int choose_subject(const struct parser *p, const char *name)
{
	const char *known[64] = { NULL };

	if (subject_named(name))
		return choose(p, &p->options->subjects, name);
	for (size_t i = 0; subject_at(i) && i < 63; i++)
		known[i] = subject_at(i)->name;
	return unknown(p, "subject", name, known);
}

/* The machine may be another one than that which the class was made for. */
static int complain_of_class(const struct parser *p, const char *name)
{
	const struct role_classes *classes = &p->placements->classes;

	if (!classes->count)
		return complain(p, "--placement '%s': not on this machine: %s", name,
			p->placements->why_not_by_role);
	return complain(p,
		"--placement '%s': no class on this machine; expected " BY_ROLE
		", or one like '%s' (hupstorm list placements)",
		name, classes->at[classes->cover - 1].name);
}

static int choose_placement(const struct parser *p, const char *name)
{
	const char *known[PLACEMENT_COUNT + 2] = { NULL };

	if (placement_named(p->placements, name) || !strcmp(name, BY_ROLE))
		return choose(p, &p->options->placements, name);
	if (placement_is_by_role(name))
		return complain_of_class(p, name);
	for (size_t i = 0; i < PLACEMENT_COUNT; i++)
		known[i] = p->placements->at[i].name;
	known[PLACEMENT_COUNT] = BY_ROLE;
	return unknown(p, "placement", name, known);
}

static int choose_target(const struct parser *p, const char *name)
{
	const char *known[TARGET_COUNT + 1] = { NULL };

	if (storm_target_named(name) != TARGET_COUNT)
		return choose(p, &p->options->targets, name);
	for (int t = 0; t < TARGET_COUNT; t++)
		known[t] = storm_target_name((enum storm_target)t);
	return unknown(p, "target", name, known);
}

static int take_noise(const struct parser *p, const char *text)
{
	const char *known[NOISE_POINT_COUNT + 6] = { "mixed", "delays", "yields",
		"aligned", "none" };
	const char *wrong;
	struct noise_plan plan;
	char name[64];
	size_t length;

	p->options->noise = strcmp(text, "none") != 0 ? text : "";
	if (strlen(text) >= NOISE_SIZE)
		return complain(p, "--noise '%s': expected at most %d characters", text,
			NOISE_SIZE - 1);
	if (!noise_parse(text, &plan, &wrong, &length))
		return 0;
	for (int i = 0; i < NOISE_POINT_COUNT; i++)
		known[5 + i] = noise_point_name((enum noise_point)i);
	snprintf(name, sizeof name, "%.*s", (int)length, wrong);
	return complain(p, "unknown noise '%s'; did you mean '%s'? (hupstorm list noise)",
		name, nearest_name(name, known));
}

static int take_perturbation(const struct parser *p, const char *text)
{
	p->options->perturbation = strcmp(text, "none") != 0 ? text : "";
	return perturbation_check(text, p->complaint, p->size);
}

static int choose_faults(const struct parser *p, const char *names)
{
	const char *known[FAULT_COUNT + 16] = { NULL }, *wrong;
	struct fault_set set = { 0 };
	char name[64];
	size_t length, count = 0;

	if (!*names)
		return complain(p, "--fault '': expected a name (hupstorm list faults)");
	if (!fault_parse(names, &set, &wrong, &length))
		return choose(p, &p->options->faults, names);
	for (size_t i = 0; fault_preset(i) && count < 15; i++)
		known[count++] = fault_preset(i)->name;
	for (int f = 0; f < FAULT_COUNT; f++)
		known[count++] = fault_info((enum fault)f)->name;
	snprintf(name, sizeof name, "%.*s", (int)length, wrong);
	return unknown(p, "fault", name, known);
}

static int read_number(const struct parser *p, const char *option, const char *text,
	uint64_t least, uint64_t most, uint64_t *number)
{
	if (parse_number(text, least, most, number))
		return 0;
	return complain(p, "--%s '%s': expected a number from %llu to %llu", option, text,
		(unsigned long long)least, (unsigned long long)most);
}

static int read_unsigned(const struct parser *p, const char *option, const char *text,
	uint32_t least, uint32_t most, unsigned *number)
{
	uint64_t value;
	int error = read_number(p, option, text, least, most, &value);

	*number = (unsigned)value;
	return error;
}

static int add_slots(const struct parser *p, const char *text)
{
	struct run_options *options = p->options;

	if (options->slot_count == CHOICES_MAX)
		return complain(p, "--slots: more than %d numbers", CHOICES_MAX);
	return read_unsigned(
		p, "slots", text, 1, SLOTS_MAX, &options->slots[options->slot_count++]);
}

static int read_time(const struct parser *p, const char *text)
{
	p->options->budget_given = true;
	if (parse_time(text, &p->options->budget))
		return 0;
	return complain(p, "--budget '%s': expected a time like 30s, 5m or 2h", text);
}

/* One of two words; *choice becomes 1 or 2. */
static int read_choice(const struct parser *p, const char *option, const char *text,
	const char *first, const char *second, int *choice)
{
	if (!strcmp(text, first))
		*choice = 1;
	else if (!strcmp(text, second))
		*choice = 2;
	else
		return complain(
			p, "--%s '%s': expected %s or %s", option, text, first, second);
	return 0;
}

enum option_id {
	OPTION_CASE = 256,
	OPTION_SUBJECT,
	OPTION_FAULT,
	OPTION_PLACEMENT,
	OPTION_SLOTS,
	OPTION_COORDINATOR,
	OPTION_TARGET,
	OPTION_NUDGE,
	OPTION_NOISE,
	OPTION_PERTURB,
	OPTION_WORKERS,
	OPTION_CYCLES,
	OPTION_BUDGET,
	OPTION_REPEAT,
	OPTION_SEED,
	OPTION_JOBS,
	OPTION_PATIENCE,
	OPTION_STORE,
	OPTION_NO_SANDBOX,
	OPTION_EVIDENCE,
	OPTION_PART,
	OPTION_OF,
	OPTION_NIGHT,
	OPTION_PACE,
	OPTION_HELP,
};

enum {
	RUN = 1 << OPTIONS_OF_RUN,
	POWER = 1 << OPTIONS_OF_POWER,
	HUNT = 1 << OPTIONS_OF_HUNT
};

static const struct {
	const char *name;
	int argument;
	enum option_id id;
	unsigned users;
} known_options[] = {
	{ "case", required_argument, OPTION_CASE, RUN | HUNT },
	{ "subject", required_argument, OPTION_SUBJECT, RUN | POWER | HUNT },
	{ "fault", required_argument, OPTION_FAULT, RUN | POWER | HUNT },
	{ "placement", required_argument, OPTION_PLACEMENT, RUN | HUNT },
	{ "slots", required_argument, OPTION_SLOTS, RUN | HUNT },
	{ "coordinator", required_argument, OPTION_COORDINATOR, RUN | HUNT },
	{ "target", required_argument, OPTION_TARGET, RUN | HUNT },
	{ "nudge", no_argument, OPTION_NUDGE, RUN | HUNT },
	{ "noise", required_argument, OPTION_NOISE, RUN },
	{ "perturb", required_argument, OPTION_PERTURB, RUN | HUNT },
	{ "workers", required_argument, OPTION_WORKERS, RUN },
	{ "cycles", required_argument, OPTION_CYCLES, RUN },
	{ "budget", required_argument, OPTION_BUDGET, RUN | POWER | HUNT },
	{ "repeat", required_argument, OPTION_REPEAT, RUN | POWER | HUNT },
	{ "seed", required_argument, OPTION_SEED, RUN | POWER | HUNT },
	{ "jobs", required_argument, OPTION_JOBS, RUN | POWER | HUNT },
	{ "part", required_argument, OPTION_PART, RUN },
	{ "of", required_argument, OPTION_OF, RUN },
	{ "night", required_argument, OPTION_NIGHT, RUN },
	{ "pace", required_argument, OPTION_PACE, RUN },
	{ "patience", required_argument, OPTION_PATIENCE, RUN | POWER | HUNT },
	{ "store", required_argument, OPTION_STORE, RUN | POWER | HUNT },
	{ "no-sandbox", no_argument, OPTION_NO_SANDBOX, RUN | POWER | HUNT },
	{ "evidence", required_argument, OPTION_EVIDENCE, RUN | POWER | HUNT },
	{ "help", no_argument, OPTION_HELP, RUN | POWER | HUNT },
};

enum { OPTIONS = sizeof known_options / sizeof known_options[0] };

/* Those of the user, ended by zeroes. */
static void list_options(enum option_user user, struct option out[OPTIONS + 1])
{
	size_t count = 0;

	for (size_t i = 0; i < OPTIONS; i++)
		if (known_options[i].users >> user & 1)
			out[count++] = (struct option){ known_options[i].name,
				known_options[i].argument, NULL, known_options[i].id };
	out[count] = (struct option){ 0 };
}

static int take_evidence(const struct parser *p, const char *text)
{
	int error = read_number(p, "evidence", text, 0, 1 << 20, &p->options->evidence);

	p->options->evidence <<= 20;
	return error;
}

static int take_number(const struct parser *p, int option, const char *text)
{
	struct run_options *o = p->options;

	switch (option) {
	case OPTION_WORKERS:
		return read_unsigned(p, "workers", text, 1, 512, &o->workers);
	case OPTION_EVIDENCE:
		return take_evidence(p, text);
	case OPTION_CYCLES:
		return read_number(p, "cycles", text, 1, UINT64_C(1) << 48, &o->cycles);
	case OPTION_REPEAT:
		o->repeat_given = true;
		return read_unsigned(p, "repeat", text, 1, 100000, &o->repeat);
	case OPTION_SEED:
		o->seed_given = true;
		return read_number(p, "seed", text, 0, UINT64_MAX, &o->seed);
	case OPTION_NIGHT:
		o->night_given = true;
		return read_number(p, "night", text, 0, UINT32_MAX, &o->night);
	case OPTION_PACE:
		return read_unsigned(p, "pace", text, 1, PACE_MAX, &o->pace);
	case OPTION_JOBS:
		return read_unsigned(p, "jobs", text, 1, 256, &o->jobs);
	default:
		return read_unsigned(p, "patience", text, 1, 1000, &o->patience);
	}
}

static int take_part(const struct parser *p, const char *text)
{
	if (part_parse(text, &p->options->part))
		return 0;
	return complain(p, "--part '%s': expected I/N, like 2/8, with N up to %d", text,
		PARTS_MAX);
}

static int take_option(const struct parser *p, int option, const char *text)
{
	struct run_options *o = p->options;
	int choice = 0, error;

	switch (option) {
	case OPTION_PART:
		return take_part(p, text);
	case OPTION_OF:
		o->part.of = text;
		return 0;
	case OPTION_CASE:
		return choose_case(p, text);
	case OPTION_SUBJECT:
		return choose_subject(p, text);
	case OPTION_FAULT:
		return choose_faults(p, text);
	case OPTION_PLACEMENT:
		return choose_placement(p, text);
	case OPTION_SLOTS:
		return add_slots(p, text);
	case OPTION_COORDINATOR:
		error = read_choice(p, "coordinator", text, "leader", "thread", &choice);
		o->coordinator = choice;
		return error;
	case OPTION_TARGET:
		return choose_target(p, text);
	case OPTION_NOISE:
		return take_noise(p, text);
	case OPTION_PERTURB:
		return take_perturbation(p, text);
	case OPTION_NUDGE:
		o->nudge = true;
		return 0;
	case OPTION_BUDGET:
		return read_time(p, text);
	case OPTION_STORE:
		o->store = text;
		if (!*text || !strcmp(text, "-"))
			return complain(
				p, "--store '%s': expected the name of a file", text);
		return 0;
	case OPTION_NO_SANDBOX:
		o->sandboxed = false;
		return 0;
	case OPTION_HELP:
		return 1;
	default:
		return take_number(p, option, text);
	}
}

/* getopt has no good words for what is wrong. */
static int complain_of_option(
	const struct parser *p, char **argv, const struct option *options)
{
	const char *known[OPTIONS + 1] = { NULL };
	const char *given = argv[optind - 1];

	for (size_t i = 0; options[i].name; i++)
		known[i] = options[i].name;
	if (optopt >= OPTION_CASE)
		return complain(p, "%s: expected a value behind it", given);
	return complain(p,
		"unknown option '%s'; did you mean '--%s'? (hupstorm %s --help)", given,
		nearest_name(given + strspn(given, "-"), known), argv[0]);
}

static int check_fault(const struct parser *p, const char *names, const char *subject)
{
	struct fault_set set = fault_set_of(names);
	const char *foreign = fault_foreign_to(&set, subject);

	if (!foreign)
		return 0;
	return complain(p,
		"--fault '%s': '%s' is no fault of subject '%s' (hupstorm list faults)",
		names, foreign, subject);
}

/* A fault that was asked for is one of each subject that was, or else of any. */
static int check_faults(const struct parser *p)
{
	const struct run_options *o = p->options;
	int error = 0;

	for (size_t f = 0; f < o->faults.count && !error; f++) {
		const struct subject *subject;

		for (size_t i = 0; i < o->subjects.count && !error; i++)
			error = check_fault(p, o->faults.at[f], o->subjects.at[i]);
		if (o->subjects.count)
			continue;
		for (size_t i = 0; (subject = subject_at(i)); i++) {
			error = check_fault(p, o->faults.at[f], subject->name);
			if (!error)
				break;
		}
	}
	return error;
}

/* Parts know each other by name and plan. */
static int check_part(const struct parser *p)
{
	const struct run_options *o = p->options;

	if (!o->part.count != !o->part.of)
		return complain(
			p, "--part: expected --part I/N and --of NAME, or neither");
	if (o->part.count && !o->seed_given && !o->night_given)
		return complain(p,
			"--part: expected --seed N or --night N, the same for all parts");
	return 0;
}

void options_set_defaults(struct run_options *options)
{
	*options = (struct run_options){
		.budget = 60 * OS_SECOND,
		.seed = os_now(),
		.jobs = 1,
		.repeat = 1,
		.patience = 1,
		.sandboxed = true,
		.store = "hupstorm.db",
		.evidence = EVIDENCE_LIMIT,
		.noise = "",
		.perturbation = "",
	};
}

int options_parse(int argc, char **argv, enum option_user user,
	const struct placements *placements, struct run_options *options, char *complaint,
	size_t size)
{
	struct parser p = { options, placements, complaint, size };
	struct option accepted[OPTIONS + 1];
	int option, error;

	list_options(user, accepted);

	options_set_defaults(options);
	info_command(options->command, sizeof options->command, argc, argv);
	optind = 0;
	opterr = 0;
	while ((option = getopt_long(argc, argv, "", accepted, NULL)) >= 0) {
		if (option == '?')
			return complain_of_option(&p, argv, accepted);
		error = take_option(&p, option, optarg);
		if (error)
			return error;
	}
	if (optind < argc)
		return complain(&p, "unexpected argument '%s'; expected options alone",
			argv[optind]);
	error = check_part(&p);
	return error ? error : check_faults(&p);
}
