/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * hupstorm minimise: at which of its system calls must a cell be perturbed so that it fails?
 *
 * First it is run as it was, to see how often it fails, and what was done in which places. Then parts
 * of that are tried. A part does it if it fails twice, of so many times that one which does is given up in
 * one of twenty tries: once may be by chance.
 */
#include "commands.h"

#include "exec_command.h"
#include "info.h"
#include "parse.h"
#include "stored_cell.h"
#include "subset.h"

#include "results/again.h"

#include <getopt.h>
#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const char help[] =
	"usage: hupstorm minimise [--store FILE] [--budget TIME] [--repeat N]\n"
	"                         [--patience N] [--no-sandbox] CELL\n"
	"Find the smallest set of places, among those at which a cell that failed was\n"
	"perturbed (--perturb), that still makes it fail. CELL is a number of the last "
	"run,\n"
	"or RUN/NUMBER. The trials are a new run in the store.\n"
	"  --budget TIME        stop after that, with what there is (default 5m)\n"
	"  --repeat N           first run it N times as it was (default 8)\n"
	"Exit status: 0 found, 1 it does not fail any more, 2 usage or environment.\n";

enum { TRIALS_MOST = 40, FAILURES_ENOUGH = 2 };

/* A trial has this many times as long as the slowest failure so far, and a second. */
enum { TIMES_SLOWEST = 3 };

struct minimise {
	struct session *session;
	const char *name; /* of the cell */
	uint64_t repeat;
	struct cell cell;
	struct outcome outcome; /* what came of it then */
	struct item_tally tally;
	const char *items[SUBSET_MAX];
	unsigned tried, failed; /* as it was */
	unsigned trials;	/* for each part */
	uint64_t slowest;	/* failure, ns */
	int status;
};

/* By what the cell is known, if it is; or by the same verdict. */
static bool fails(const struct minimise *m, const struct outcome *outcome)
{
	if (*m->cell.sign)
		return cell_shows_sign(&m->cell, outcome);
	return outcome->verdict == m->outcome.verdict;
}

static bool time_is_up(void *argument)
{
	const struct minimise *m = argument;

	return m->status || os_now() >= m->session->deadline;
}

/* One run, with that plan. */
static bool try_once(struct minimise *m, const char *plan)
{
	struct session *s = m->session;
	struct cell cell = m->cell;
	const struct outcome *outcome;
	size_t number = s->run->count;

	cell.seed += number;
	cell.expected = EXPECT_NOTHING;
	snprintf(cell.perturbation, sizeof cell.perturbation, "%s", plan);
	m->status = session_add(s, &cell);
	if (!m->status)
		m->status = session_run(s, number, session_end);
	if (m->status)
		return false;
	outcome = &s->run->outcomes[number];
	if (!fails(m, outcome))
		return false;
	if (outcome->wall > m->slowest)
		m->slowest = outcome->wall;
	return true;
}

static bool try_often(struct minimise *m, const char *plan)
{
	unsigned failures = 0;

	for (unsigned i = 0; i < m->trials && !time_is_up(m); i++) {
		failures += try_once(m, plan);
		if (failures == FAILURES_ENOUGH)
			return true;
		if (m->trials - i - 1 < FAILURES_ENOUGH - failures)
			return false;
	}
	return false;
}

static bool print_plan(const struct minimise *m, const struct subset *part, char *plan)
{
	struct perturbation before = perturbation_of(&m->cell);
	size_t used = 0;

	*plan = '\0';
	if (before.plain)
		used = (size_t)snprintf(plan, PERTURBATION_SIZE, "plain,");
	for (size_t i = 0; i < part->count; i++) {
		const char *item = m->items[part->at[i]];

		if (used + strlen(item) + 2 > PERTURBATION_SIZE)
			return false;
		used += (size_t)snprintf(plan + used, PERTURBATION_SIZE - used, "%s%s",
			i ? "," : "", item);
	}
	return true;
}

static bool test(void *argument, const struct subset *part)
{
	struct minimise *m = argument;
	char plan[PERTURBATION_SIZE];

	return print_plan(m, part, plan) && try_often(m, plan);
}

static int by_count(const void *a, const void *b)
{
	const struct item_count *first = a, *second = b;

	return (first->count < second->count) - (first->count > second->count);
}

/* So many that fewer than two failures among them have a probability of one in twenty. */
static unsigned trials_for(double reliability)
{
	unsigned trials = FAILURES_ENOUGH;
	double q = 1 - reliability;

	while (trials < TRIALS_MOST &&
		pow(q, trials) + trials * reliability * pow(q, trials - 1.0) > 0.05)
		trials++;
	return trials;
}

/* As it was: how often it fails, and what was done. */
static void measure(struct minimise *m)
{
	m->session->tally = &m->tally;
	while (m->tried < m->repeat && !time_is_up(m)) {
		m->tried++;
		m->failed += try_once(m, m->cell.perturbation);
	}
	m->session->tally = NULL;
	qsort(m->tally.at, m->tally.count, sizeof m->tally.at[0], by_count);
	if (!m->failed)
		return;
	/* By Laplace's rule of succession: less than one. */
	m->trials = trials_for((m->failed + 1.0) / (m->tried + 2.0));
	if (m->cell.engine == ENGINE_STORM)
		m->cell.cycles = CYCLES_NO_END;
	m->cell.time_limit = TIMES_SLOWEST * m->slowest + OS_SECOND;
}

/* The most frequent ones, as many as a plan has room for. */
static void take_items(struct minimise *m, struct subset *all)
{
	char plan[PERTURBATION_SIZE];

	for (size_t i = 0; i < m->tally.count && all->count < PLACES_MAX; i++) {
		m->items[i] = m->tally.at[i].item;
		all->at[all->count++] = i;
		if (!print_plan(m, all, plan))
			all->count--;
	}
}

static void print_result(const struct minimise *m, const struct subset *part, bool over)
{
	char plan[PERTURBATION_SIZE], command[COMMAND_SIZE];
	struct cell cell = m->cell;

	print_plan(m, part, plan);
	printf("\n%zu of %zu places make it fail%s:\n", part->count, m->tally.count,
		over ? ", as far as there was time" : "");
	for (size_t i = 0; i < part->count; i++)
		printf("  %s\n", m->items[part->at[i]]);
	memcpy(cell.perturbation, plan, sizeof plan);
	cell_command(&cell, &m->outcome, command, sizeof command);
	printf("It failed %u of %u times as it was; each part was tried up to %u times.\n"
	       "    again: %s\n",
		m->failed, m->tried, m->trials, command);
}

static void print_items(const struct minimise *m)
{
	printf("\nIt failed %u of %u times; what was done, and how often:\n", m->failed,
		m->tried);
	for (size_t i = 0; i < m->tally.count; i++)
		printf("  %8" PRIu64 "  %s\n", m->tally.at[i].count, m->tally.at[i].item);
	fflush(stdout);
}

static int search(struct minimise *m)
{
	struct subset all = { 0 };

	measure(m);
	if (m->status)
		return m->status;
	if (!m->failed) {
		printf("\nIt did not fail in %u runs.\n", m->tried);
		return STATUS_UNEXPECTED;
	}
	print_items(m);
	if (try_often(m, "")) {
		printf("\nIt fails without any perturbation too: no place matters.\n");
		return STATUS_EXPECTED;
	}
	take_items(m, &all);
	if (!m->status && !test(m, &all)) {
		printf("\nIt did not fail in %u runs with all %zu places named.\n",
			m->trials, all.count);
		return m->status ? m->status : STATUS_UNEXPECTED;
	}
	subset_minimise(&all, test, time_is_up, m);
	if (!m->status)
		print_result(m, &all, time_is_up(m));
	return m->status;
}

static int check(const struct minimise *m)
{
	if (!verdict_is_red(m->outcome.verdict))
		return complain("'%s': it did not fail: %s", m->name,
			verdict_name(m->outcome.verdict));
	if (!*m->cell.perturbation)
		return complain("'%s': it was not perturbed (--perturb); expected a cell "
				"that was",
			m->name);
	return 0;
}

static int run_search(struct minimise *m)
{
	struct session *s = m->session;
	int status = check(m), end;

	if (status)
		return status;
	s->options.seed = m->cell.seed;
	s->options.evidence = 0;
	s->deadline = os_now() + s->options.budget;
	status = session_begin(s, NULL, 0);
	if (status)
		return status;
	status = search(m);
	display_end(&s->display);
	end = session_finish(s);
	return status ? status : end;
}

/* A program needs its plan beside the cell. */
static int run_program_search(struct minimise *m)
{
	struct exec_options options = { 0 };
	wordexp_t words = { 0 };
	int status = exec_command_load(m->session, &m->cell, &options, &words);

	m->session->program = &options.plan;
	if (!status)
		status = run_search(m);
	if (options.plan.progress == PROGRESS_BY_OUTPUT)
		regfree(&options.plan.expression);
	wordfree(&words);
	return status;
}

static int take_option(struct minimise *m, int option)
{
	struct run_options *o = &m->session->options;
	uint64_t number;

	switch (option) {
	case 's':
		o->store = optarg;
		return 0;
	case 'b':
		if (parse_time(optarg, &o->budget))
			return 0;
		return complain(
			"--budget '%s': expected a time like 30s, 5m or 2h", optarg);
	case 'r':
		if (parse_number(optarg, 1, 1000, &m->repeat))
			return 0;
		return complain(
			"--repeat '%s': expected a number from 1 to 1000", optarg);
	case 'p':
		if (!parse_number(optarg, 1, 1000, &number))
			return complain(
				"--patience '%s': expected a number from 1 to 1000",
				optarg);
		o->patience = (unsigned)number;
		return 0;
	default:
		o->sandboxed = false;
		return 0;
	}
}

static int read_options(struct minimise *m, int argc, char **argv)
{
	static const struct option options[] = {
		{ "store", required_argument, NULL, 's' },
		{ "budget", required_argument, NULL, 'b' },
		{ "repeat", required_argument, NULL, 'r' },
		{ "patience", required_argument, NULL, 'p' },
		{ "no-sandbox", no_argument, NULL, 'n' },
		{ NULL, 0, NULL, 0 },
	};
	struct run_options *o = &m->session->options;
	int option, status = 0;

	options_set_defaults(o);
	o->budget = 300 * OS_SECOND;
	info_command(o->command, sizeof o->command, argc, argv);
	optind = 0;
	opterr = 0;
	while (!status && (option = getopt_long(argc, argv, "", options, NULL)) >= 0)
		status = option == '?' ? complain("'%s': expected --store FILE, --budget "
						  "TIME, --repeat N, --patience N or "
						  "--no-sandbox",
						 argv[optind - 1])
				       : take_option(m, option);
	if (!status && optind + 1 != argc)
		status = complain("minimise: expected the number of one cell");
	m->name = argv[optind];
	return status;
}

static int minimise(struct session *s, int argc, char **argv)
{
	struct minimise m = { .session = s, .repeat = 8 };
	struct stored_cell stored;
	int status = read_options(&m, argc, argv);

	if (!status)
		status = stored_cell_load(s->options.store, m.name, &stored);
	if (status)
		return status;
	m.cell = *stored_cell(&stored);
	m.outcome = *stored_outcome(&stored);
	run_free(stored.run);
	return m.cell.engine == ENGINE_EXECUTED ? run_program_search(&m) : run_search(&m);
}

int command_minimise(int argc, char **argv)
{
	for (int i = 1; i < argc; i++) {
		if (strcmp(argv[i], "--help") != 0)
			continue;
		fputs(help, stdout);
		return STATUS_EXPECTED;
	}
	return session_without_options(argc, argv, minimise);
}
