/* SPDX-License-Identifier: BSD-2-Clause */
/* hupstorm power: what the harness catches, and how soon. */
#include "commands.h"

#include "power_plan.h"
#include "session.h"

#include "results/score.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* Chance may hide a fault in one round. */
enum { ROUNDS = 3, ROUNDS_MAX = 100 };

static void on_end(struct session *s)
{
	display_end(&s->display);
	session_report(s);
}

static int add_round(struct session *s, unsigned round)
{
	struct plan plan = { 0 };
	int status = 0;

	if (power_plan(&s->options, round, round + 1, false, &plan))
		status = complain("no memory for the plan");
	for (size_t i = 0; i < plan.count && !status; i++)
		status = session_add(s, &plan.cells[i]);
	free(plan.cells);
	return status;
}

/* A fault that a recipe names alone; combinations are for run. */
static int check_faults(const struct run_options *options)
{
	for (size_t i = 0; i < options->faults.count; i++) {
		enum fault fault;

		if (!power_fault(options->faults.at[i], &fault) || !power_counts(fault))
			return complain("--fault '%s': expected one fault that changes "
					"something (hupstorm list faults)",
				options->faults.at[i]);
	}
	return 0;
}

static int begin(struct session *s)
{
	struct plan plan = { 0 };
	int status = check_faults(&s->options);

	if (status)
		return status;
	if (power_plan(&s->options, 0, 1, false, &plan)) {
		free(plan.cells);
		return complain("no memory for the plan");
	}
	if (!plan.count) {
		free(plan.cells);
		return complain("the options leave no fault to put back");
	}
	status = session_begin(s, plan.cells, plan.count);
	if (status)
		return status;
	printf("%zu cells in each round, seed %" PRIu64 ", into %s\n", s->run->count,
		s->options.seed, s->options.store);
	fflush(stdout);
	return 0;
}

/* Whole rounds, until the time is used up; the first may be cut short by it too. */
static int power(struct session *s)
{
	const struct run_options *o = &s->options;
	unsigned rounds = o->repeat_given   ? o->repeat
			  : o->budget_given ? ROUNDS_MAX
					    : ROUNDS;
	size_t first = 0;
	int status = begin(s);

	if (o->budget_given)
		s->deadline = os_now() + o->budget;
	for (unsigned round = 1; !status; round++) {
		status = session_run(s, first, on_end);
		if (status || round == rounds || (s->deadline && os_now() >= s->deadline))
			break;
		first = s->run->count;
		status = add_round(s, round);
	}
	if (status)
		return status;
	on_end(s);
	status = session_finish(s);
	if (status)
		return status;
	return score_is_full(s->run) ? STATUS_EXPECTED : STATUS_UNEXPECTED;
}

int command_power(int argc, char **argv)
{
	return session(argc, argv, OPTIONS_OF_POWER, power);
}
