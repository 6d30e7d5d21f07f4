/* SPDX-License-Identifier: BSD-2-Clause */
/* hupstorm run: plan, execute, keep, show. */
#include "commands.h"

#include "display.h"
#include "execute.h"
#include "info.h"
#include "options.h"
#include "plan.h"
#include "results/text_report.h"

#include <errno.h>
#include <inttypes.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

struct session {
	struct run_options options;
	struct placements placements;
	struct run *run;
	struct store *store;
	struct display display;
	const char *absent[2 * PLACEMENT_COUNT + 1];
	char complaint[COMPLAINT_SIZE];
};

static void list_absent(struct session *s)
{
	size_t count = 0;

	for (size_t i = 0; i < PLACEMENT_COUNT; i++) {
		const struct placement *placement = &s->placements.at[i];

		if (placement->available || s->options.placements.count)
			continue;
		s->absent[count++] = placement->name;
		s->absent[count++] = placement->why_not;
	}
	s->absent[count] = NULL;
}

static int make_run(struct session *s)
{
	struct plan plan;

	s->run = calloc(1, sizeof *s->run);
	if (!s->run || plan_make(&s->options, &s->placements, &plan))
		return complain("no memory for the plan");
	if (!plan.count) {
		free(plan.cells);
		return complain("the options leave no cell to run");
	}
	s->run->cells = plan.cells;
	s->run->count = plan.count;
	s->run->outcomes = calloc(plan.count, sizeof *s->run->outcomes);
	if (!s->run->outcomes)
		return complain("no memory for the plan");
	info_begin(&s->run->info, s->options.command, s->options.seed,
		s->placements.topology);
	return 0;
}

static void on_outcome(void *argument, size_t number)
{
	struct session *s = argument;

	display_outcome(&s->display, number);
}

static void on_tick(void *argument)
{
	struct session *s = argument;

	display_tick(&s->display);
}

static void print_report(struct session *s)
{
	char *report = report_text(s->run, &s->display.style);

	if (report)
		fputs(report, stdout);
	free(report);
	fflush(stdout);
}

/* A cell that is neither green nor red, nor skipped with a reason, is not what was
 * expected either. */
static int status_of(const struct run *run)
{
	if (run_standing(run, STANDING_UNEXPECTED))
		return STATUS_UNEXPECTED;
	for (size_t i = 0; i < run->count; i++) {
		enum verdict verdict = run->outcomes[i].verdict;

		if (verdict == VERDICT_SLOW || verdict == VERDICT_STARVED ||
			verdict == VERDICT_INVALID)
			return STATUS_UNEXPECTED;
	}
	return STATUS_EXPECTED;
}

/* End as the signal would have ended us, so that the caller sees it. */
static int end_by(int number)
{
	signal(number, SIG_DFL);
	raise(number);
	return STATUS_UNEXPECTED;
}

static int run_cells(struct session *s)
{
	struct execution execution = {
		.run = s->run,
		.store = s->store,
		.settings = { .placements = &s->placements,
			.patience = s->options.patience,
			.sandboxed = s->options.sandboxed },
		.jobs = s->options.jobs,
		.on_outcome = on_outcome,
		.on_tick = on_tick,
		.argument = s,
	};
	int result;

	printf("%zu cells, seed %" PRIu64 ", into %s\n", s->run->count, s->options.seed,
		s->options.store);
	fflush(stdout);
	display_begin(&s->display, s->run, s->absent);
	result = execute(&execution, s->complaint);
	display_end(&s->display);
	print_report(s);
	if (result < 0)
		return complain("%s; the cells before that are kept", s->complaint);
	if (result > 0)
		return end_by(result);
	if (store_finish(s->store, s->run->info.id, info_now(), s->complaint))
		return complain("%s", s->complaint);
	return status_of(s->run);
}

static int run_with_store(struct session *s)
{
	int status = make_run(s);

	if (status)
		return status;
	list_absent(s);
	if (store_open(&s->store, s->options.store, STORE_WRITE, s->complaint))
		return complain("%s", s->complaint);
	if (store_begin(
		    s->store, &s->run->info, s->run->cells, s->run->count, s->complaint))
		status = complain("%s", s->complaint);
	else
		status = run_cells(s);
	store_close(s->store);
	return status;
}

int command_run(int argc, char **argv)
{
	struct session s = { 0 };
	int status;

	if (placements_load(&s.placements, NULL))
		return complain("hwloc cannot read the topology of this machine");
	status = options_parse(
		argc, argv, &s.placements, &s.options, s.complaint, sizeof s.complaint);
	if (status > 0) {
		fputs(options_help, stdout);
		status = STATUS_EXPECTED;
	} else if (status < 0) {
		status = complain("%s", s.complaint);
	} else {
		status = run_with_store(&s);
	}
	run_free(s.run);
	placements_free(&s.placements);
	return status;
}
