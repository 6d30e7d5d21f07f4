/* SPDX-License-Identifier: BSD-2-Clause */
#include "session.h"

#include "commands.h"
#include "info.h"
#include "results/text_report.h"

#include <errno.h>
#include <inttypes.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static void list_absent(struct session *s)
{
	size_t count = 0;

	s->absent[0] = NULL;
	if (s->options.placements.count || s->program)
		return;
	for (size_t i = 0; i < PLACEMENT_COUNT; i++) {
		const struct placement *placement = &s->placements.at[i];

		if (placement->available)
			continue;
		s->absent[count++] = placement->name;
		s->absent[count++] = placement->why_not;
	}
	if (s->placements.why_not_by_role) {
		s->absent[count++] = BY_ROLE;
		s->absent[count++] = s->placements.why_not_by_role;
	}
	s->absent[count] = NULL;
}

static int make_run(struct session *s, struct cell *cells, size_t count)
{
	s->run = calloc(1, sizeof *s->run);
	if (!s->run) {
		free(cells);
		return complain("no memory for the plan");
	}
	s->run->cells = cells;
	s->run->count = count;
	s->run->outcomes = calloc(count + 1, sizeof *s->run->outcomes);
	if (!s->run->outcomes)
		return complain("no memory for the plan");
	info_begin(&s->run->info, s->options.command, s->options.seed,
		s->placements.topology);
	return 0;
}

/* What is left of it; or all that there is of it, if it has not begun before. */
static int keep_part(struct session *s, bool *has_it)
{
	const struct part *part = &s->options.part;
	struct run *run = s->run;
	int error;

	s->others = calloc(run->count, sizeof *s->others);
	if (!s->others) {
		snprintf(s->complaint, sizeof s->complaint, "no memory for the plan");
		return -ENOMEM;
	}
	part_name_run(part, run);
	error = part_go_on(s->store, run, has_it, s->complaint);
	part_leave_out(part, run->cells, run->count, s->others);
	for (size_t i = 0; i < run->count; i++)
		s->others[i] |= run->outcomes[i].verdict != VERDICT_MISSING;
	return error;
}

static int keep_plan(struct session *s)
{
	struct run *run = s->run;
	bool has_it = false;
	int error = s->options.part.count ? keep_part(s, &has_it) : 0;

	if (error || has_it)
		return error;
	return info_store(&run->info, s->placements.topology, s->store, run->cells,
		run->count, s->complaint);
}

int session_begin(struct session *s, struct cell *cells, size_t count)
{
	int status = make_run(s, cells, count);

	if (status)
		return status;
	list_absent(s);
	if (store_open(&s->store, s->options.store, STORE_WRITE, s->complaint) ||
		keep_plan(s))
		return complain("%s", s->complaint);
	if (!bundles_of(&s->bundles, s->options.store, s->options.evidence))
		return complain("--store '%s': the name is too long", s->options.store);
	display_begin(&s->display, s->run, s->absent);
	return 0;
}

int session_add(struct session *s, const struct cell *cell)
{
	struct run *run = s->run;
	struct cell *cells = realloc(run->cells, (run->count + 1) * sizeof *cells);
	struct outcome *outcomes;

	if (cells)
		run->cells = cells;
	outcomes = realloc(run->outcomes, (run->count + 1) * sizeof *outcomes);
	if (outcomes)
		run->outcomes = outcomes;
	if (!cells || !outcomes)
		return complain("no memory for the plan");
	cells[run->count] = *cell;
	outcomes[run->count] = (struct outcome){ 0 };
	run->count++;
	if (store_extend(s->store, run->info.id, run->count - 1, cell, 1, s->complaint))
		return complain("%s", s->complaint);
	return 0;
}

static void on_outcome(void *argument, size_t number)
{
	struct session *s = argument;

	display_outcome(&s->display, number);
	if (s->on_outcome)
		s->on_outcome(s, number);
	s->execution->stop = s->stop;
}

static void on_tick(void *argument)
{
	struct session *s = argument;

	display_tick(&s->display);
}

static bool wants_more(void *argument)
{
	struct session *s = argument;

	return s->wants_more && s->wants_more(s);
}

/* End as the signal would have ended us, so that the caller sees it. */
static int end_by(int number)
{
	signal(number, SIG_DFL);
	raise(number);
	return STATUS_UNEXPECTED;
}

int session_run(struct session *s, size_t first, void (*on_end)(struct session *session))
{
	struct execution execution = {
		.run = s->run,
		.first = first,
		.others = s->others,
		.deadline = s->deadline,
		.store = s->store,
		.settings = { .placements = &s->placements,
			.patience = s->options.patience,
			.sandboxed = s->options.sandboxed,
			.evidence = s->options.evidence != 0,
			.program = s->program,
			.tally = s->tally },
		.jobs = s->options.jobs,
		.on_outcome = on_outcome,
		.on_tick = on_tick,
		.wants_more = wants_more,
		.bundles = s->options.evidence ? &s->bundles : NULL,
		.argument = s,
	};
	int result;

	s->execution = &execution;
	result = execute(&execution, s->complaint);
	if (result && on_end)
		on_end(s);
	if (result < 0)
		return complain("%s; the cells before that are kept", s->complaint);
	return result > 0 ? end_by(result) : 0;
}

int session_finish(struct session *s)
{
	if (store_finish(s->store, s->run->info.id, info_now(), s->complaint))
		return complain("%s", s->complaint);
	return 0;
}

void session_report(struct session *s)
{
	char *report = report_text(s->run, &s->display.style);

	if (report)
		fputs(report, stdout);
	free(report);
	fflush(stdout);
}

void session_end(struct session *s)
{
	display_end(&s->display);
	session_report(s);
}

/* A cell that is neither green nor red, nor skipped with a reason, is not what was
 * expected either; but for one that is known for just that. */
int session_status(const struct session *s)
{
	const struct run *run = s->run;

	if (run_standing(run, STANDING_UNEXPECTED))
		return STATUS_UNEXPECTED;
	for (size_t i = 0; i < run->count; i++)
		if (cell_standing(&run->cells[i], &run->outcomes[i]) ==
				STANDING_NOT_JUDGED &&
			verdict_is_unsure(run->outcomes[i].verdict))
			return STATUS_UNEXPECTED;
	return STATUS_EXPECTED;
}

static int begin(struct session *s)
{
	*s = (struct session){ 0 };
	if (placements_load(&s->placements, NULL))
		return complain("hwloc cannot read the topology of this machine");
	return 0;
}

static void end(struct session *s)
{
	store_close(s->store);
	run_free(s->run);
	free(s->others);
	placements_free(&s->placements);
}

int session_without_options(int argc, char **argv,
	int (*body)(struct session *session, int argc, char **argv))
{
	struct session s;
	int status = begin(&s);

	if (status)
		return status;
	status = body(&s, argc, argv);
	end(&s);
	return status;
}

int session(int argc, char **argv, enum option_user user,
	int (*body)(struct session *session))
{
	struct session s;
	int status = begin(&s);

	if (status)
		return status;
	status = options_parse(argc, argv, user, &s.placements, &s.options, s.complaint,
		sizeof s.complaint);
	if (status > 0) {
		fputs(options_help(user), stdout);
		status = STATUS_EXPECTED;
	} else if (status < 0) {
		status = complain("%s", s.complaint);
	} else {
		status = body(&s);
	}
	end(&s);
	return status;
}
