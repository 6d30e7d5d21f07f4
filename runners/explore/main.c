/* SPDX-License-Identifier: BSD-2-Clause */
/* hupstorm explore and hupstorm replay: the program behind both commands. */
#include "clock.h"
#include "minimise.h"
#include "words.h"

#include "runners/commands.h"

#include <getopt.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { ROWS = 40, COLUMN = 34 };

static const char help[] =
	"usage: hupstorm explore [OPTION]...\n"
	"       hupstorm replay SCHEDULE\n"
	"Run a storm on a simulated machine, one step at a time, in many schedules, "
	"until\n"
	"one fails; make that one short, and show it. Signals land anywhere.\n"
	"\n"
	"  --case NAME          default hup-broadcast\n"
	"  --subject NAME       default cooperative\n"
	"  --fault NAME[,NAME]  faults or a preset, default none\n"
	"  --slots N            1 to 16, default 2\n"
	"  --cycles N           of each schedule, default 3\n"
	"  --workers N          1 to 8: each role of the case so often at the most; "
	"default 1\n"
	"  --coordinator WHO    `leader` or `thread` (default)\n"
	"  --target WHOM        `process` (default) or `rotate`\n"
	"  --scheduler NAME     random, sticky or pct; default each in turn\n"
	"  --depth N            of pct, 1 to 16, default 3\n"
	"  --schedules N        at the most, default 1000\n"
	"  --budget SECONDS     at the most, default 30\n"
	"  --shorten SECONDS    to make a failing schedule short, default 5\n"
	"  --seed N             default 1\n"
	"\n"
	"Exit status: 0 nothing failed, or something did and faults were on; 1 the "
	"other\n"
	"way round; 2 usage.\n";

struct options {
	struct cell cell;
	int scheduler; /* -1: each in turn */
	unsigned depth;
	uint64_t schedules, budget, shorten;
};

struct rows {
	size_t skip; /* actions before the first row */
	size_t seen, count;
	unsigned columns[SIM_THREADS_MAX], column_count;
	struct row {
		unsigned thread;
		char text[COLUMN * 2];
	} at[ROWS];
	char names[SIM_THREADS_MAX][24];
};

static void watch_row(void *argument, struct sim_action action)
{
	struct rows *rows = argument;
	struct row *row;

	if (rows->seen++ < rows->skip || rows->count == ROWS)
		return;
	row = &rows->at[rows->count++];
	row->thread = action.thread;
	step_describe(action, row->text, sizeof row->text);
	snprintf(rows->names[action.thread], sizeof rows->names[0], "%u %s",
		action.thread, step_thread_name(action.thread));
	for (unsigned i = 0; i < rows->column_count; i++)
		if (rows->columns[i] == action.thread)
			return;
	rows->columns[rows->column_count++] = action.thread;
}

/* The last steps; each thread further in than the one before it. */
static void print_rows(const struct rows *rows)
{
	unsigned last = SIM_THREADS_MAX;

	if (rows->skip)
		printf("  (%zu actions before)\n", rows->skip);
	for (size_t i = 0; i < rows->count; i++) {
		const struct row *row = &rows->at[i];

		if (row->thread != last)
			printf("  [%s]\n", rows->names[row->thread]);
		printf("  %6zu", rows->skip + i + 1);
		for (unsigned c = 0; rows->columns[c] != row->thread; c++)
			fputs("    ", stdout);
		printf("  %s\n", row->text);
		last = row->thread;
	}
}

static const char *const tail_names[] = { "none", "still", "alone" };

static bool tail_named(const char *slash, enum tail *tail)
{
	for (*tail = TAIL_NONE; slash && *tail <= TAIL_ALONE; ++*tail)
		if (!strcmp(tail_names[*tail], slash + 1))
			return true;
	return false;
}

static void show(struct program *program, const struct schedule *list,
	const struct attempt *failure)
{
	struct rows *rows = calloc(1, sizeof *rows);
	struct attempt again;
	char name[PROGRAM_TEXT], *text = schedule_print(list);

	if (!rows || !text)
		abort();
	rows->skip = list->count > ROWS ? list->count - ROWS : 0;
	replay(program, list, tail_of(failure), NULL, watch_row, rows, &again);
	print_rows(rows);
	program_print(program, name);
	printf("\n%s: %s\nagain: hupstorm replay '%s:%s/%s'\n",
		verdict_name(failure->verdict), failure->reason, name, text,
		tail_names[tail_of(failure)]);
	free(text);
	free(rows);
}

/* A failure counts only if it fails again from the start; a hang is cut to the part in
 * which something still moved, if it hangs without the rest too. */
static bool confirm(
	struct program *program, struct schedule *list, struct attempt *failure)
{
	struct schedule whole = { 0 };
	struct attempt again;

	schedule_copy(&whole, list);
	if (tail_of(failure)) {
		list->count = failure->moved;
		replay(program, list, tail_of(failure), NULL, NULL, NULL, &again);
		if (same_failure_kind(&again, failure)) {
			schedule_free(&whole);
			return true;
		}
		schedule_copy(list, &whole);
	}
	schedule_free(&whole);
	replay(program, list, tail_of(failure), NULL, NULL, NULL, &again);
	if (tail_of(failure) && again.verdict == failure->verdict)
		*failure = again;
	return same_failure_kind(&again, failure) && !again.diverged;
}

/* The same seed must give the same schedule, or nothing here means anything. */
static bool is_deterministic(struct program *program)
{
	struct schedule one = { 0 }, two = { 0 };
	struct attempt first, second;
	bool same;

	explore_once(program, SCHEDULER_RANDOM, 0, 1, &one, &first);
	explore_once(program, SCHEDULER_RANDOM, 0, 1, &two, &second);
	same = one.count == two.count && first.verdict == second.verdict;
	for (size_t i = 0; same && i < one.count; i++)
		same = sim_same_action(one.actions[i], two.actions[i]);
	schedule_free(&one);
	schedule_free(&two);
	return same;
}

static int report_failure(struct program *program, const struct options *options,
	struct schedule *list, struct attempt *failure)
{
	size_t count = list->count, switches = schedule_switches(list);
	uint64_t replays;

	if (!confirm(program, list, failure))
		return complain("a failing schedule did not fail again (%s): this is a "
				"fault of the explorer",
			failure->reason);
	replays = minimise(program, list, failure, options->shorten);
	printf("%zu actions, %zu switches; made %zu actions, %zu switches in %" PRIu64
	       " replays\n\n",
		count, switches, list->count, schedule_switches(list), replays);
	show(program, list, failure);
	return *program->cell.faults ? STATUS_EXPECTED : STATUS_UNEXPECTED;
}

static int explore(const struct options *options)
{
	struct program program;
	struct schedule list = { 0 };
	struct attempt attempt = { 0 };
	char complaint[256];
	uint64_t began = clock_now(), n = 0, steps = 0;
	enum scheduler_kind kind = SCHEDULER_RANDOM;
	double seconds;
	int status;

	if (program_make(&program, &options->cell, complaint, sizeof complaint))
		return complain("%s", complaint);
	if (!is_deterministic(&program))
		return complain(
			"the same seed gave two schedules: this is a fault of the "
			"explorer");
	while (n < options->schedules && clock_now() - began < options->budget) {
		kind = options->scheduler < 0 ? (enum scheduler_kind)(n % SCHEDULER_KINDS)
					      : (enum scheduler_kind)options->scheduler;
		explore_once(&program, kind, options->depth, options->cell.seed + n++,
			&list, &attempt);
		steps += attempt.steps;
		if (attempt.verdict != VERDICT_PASS)
			break;
	}
	seconds = (double)(clock_now() - began) / (double)OS_SECOND;
	printf("%" PRIu64 " schedules, %" PRIu64 " steps, %.3f s\n", n, steps, seconds);
	if (attempt.verdict != VERDICT_PASS) {
		printf("%s scheduler, seed %" PRIu64 ": %s: %s\n", scheduler_names[kind],
			options->cell.seed + n - 1, verdict_name(attempt.verdict),
			attempt.reason);
		status = report_failure(&program, options, &list, &attempt);
	} else {
		puts("nothing failed in these schedules; that is no proof");
		status = *program.cell.faults ? STATUS_UNEXPECTED : STATUS_EXPECTED;
	}
	schedule_free(&list);
	free(program.config.memory);
	return status;
}

static int replay_string(const char *text)
{
	struct program program;
	struct schedule list = { 0 };
	struct attempt attempt;
	char complaint[256];
	const char *actions, *where;
	enum tail tail;

	if (program_parse(&program, text, &actions, complaint, sizeof complaint))
		return complain("%s", complaint);
	if (!tail_named(strchr(actions, '/'), &tail))
		return complain("schedule: it ends in /none, /still or /alone");
	if (schedule_parse(&list, actions, &where))
		return complain("schedule: not an action: '%.20s' (expected 3.12, 3!1 or "
				"3~)",
			where);
	replay(&program, &list, tail, NULL, NULL, NULL, &attempt);
	if (attempt.diverged)
		return complain("schedule: %" PRIu64 " actions are not possible in this "
				"build",
			attempt.diverged);
	if (attempt.verdict == VERDICT_PASS || attempt.verdict == VERDICT_MISSING)
		printf("%s\n", attempt.verdict == VERDICT_PASS
				       ? "pass"
				       : "it did not fail by the end of the schedule");
	else
		show(&program, &list, &attempt);
	schedule_free(&list);
	free(program.config.memory);
	return !verdict_is_red(attempt.verdict) || *program.cell.faults
		       ? STATUS_EXPECTED
		       : STATUS_UNEXPECTED;
}

static bool parse_number(
	const char *text, uint64_t least, uint64_t most, uint64_t *number)
{
	char *end;

	if (*text < '0' || *text > '9')
		return false;
	*number = strtoull(text, &end, 0);
	return !*end && *number >= least && *number <= most;
}

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

static bool set_scheduler(int *to, const char *value)
{
	for (*to = 0; *to < SCHEDULER_KINDS; ++*to)
		if (!strcmp(scheduler_names[*to], value))
			return true;
	return false;
}

/* NULL, or what was expected. */
static const char *set_option(struct options *o, int option, const char *value)
{
	uint64_t number = 0;
	struct cell *cell = &o->cell;

	switch (option) {
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
		return set_word(&cell->rotate, value, "process", "rotate")
			       ? NULL
			       : "process or rotate";
	case 'r':
		return set_scheduler(&o->scheduler, value) ? NULL
							   : "random, sticky or pct";
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
	default:
		if (!parse_number(value, 1, 1000000, &number))
			return "1 to 1000000 seconds";
		*(option == 'b' ? &o->budget : &o->shorten) = number * OS_SECOND;
		return NULL;
	}
}

static int parse(int argc, char **argv, struct options *o)
{
	const char *expected;
	int option, index;

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

int main(int argc, char **argv)
{
	struct options options = {
		.cell = { .case_name = "hup-broadcast",
			.subject = "cooperative",
			.slots = 2,
			.cycles = 3,
			.workers = 1,
			.seed = 1 },
		.scheduler = -1,
		.depth = 3,
		.schedules = 1000,
		.budget = 30 * OS_SECOND,
		.shorten = 5 * OS_SECOND,
	};
	int status;

	if (argc == 3 && !strcmp(argv[1], "replay") && *argv[2] != '-')
		return replay_string(argv[2]);
	if (argc < 2 || strcmp(argv[1], "explore") != 0) {
		fputs(help, argc >= 3 && !strcmp(argv[2], "--help") ? stdout : stderr);
		return argc >= 3 && !strcmp(argv[2], "--help") ? STATUS_EXPECTED
							       : STATUS_ENVIRONMENT;
	}
	status = parse(argc - 1, argv + 1, &options);
	if (status == 1) {
		fputs(help, stdout);
		return STATUS_EXPECTED;
	}
	return status ? status : explore(&options);
}
