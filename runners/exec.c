/* SPDX-License-Identifier: BSD-2-Clause */
/* hupstorm exec: any program under the storm, again and again. */
#include "commands.h"

#include "exec_command.h"
#include "session.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct exec {
	struct exec_options options;
	struct cell cell; /* each of them, but for the seed */
};

static void name_storm(const struct storm_outside *storm, char *text, size_t size)
{
	char stream[STREAM_TEXT_SIZE];

	if (!storm->count) {
		snprintf(text, size, "calm");
		return;
	}
	stream_print(&storm->streams[0], stream, sizeof stream);
	if (storm->count == 1)
		snprintf(text, size, "%.*s", (int)size - 1, stream);
	else
		snprintf(text, size, "%.16s, %u more", stream,
			(unsigned)(storm->count - 1) % STREAMS_MAX);
}

static int make_cell(struct session *s, struct exec *exec)
{
	struct cell *cell = &exec->cell;
	const char *command = exec->options.plan.command[0];
	const char *slash = strrchr(command, '/');

	*cell = (struct cell){ .engine = ENGINE_EXECUTED,
		.expected = EXPECT_GREEN,
		.cycles = 1,
		.time_limit = exec->options.timeout,
		.seed = s->options.seed };
	snprintf(cell->case_name, sizeof cell->case_name, "%s",
		slash && slash[1] ? slash + 1 : command);
	snprintf(cell->placement, sizeof cell->placement, "%s", exec->options.placement);
	snprintf(cell->perturbation, sizeof cell->perturbation, "%s",
		exec->options.perturbation);
	name_storm(&exec->options.plan.storm, cell->subject, sizeof cell->subject);
	if (exec_options_print(&exec->options, cell->world, sizeof cell->world))
		return 0;
	return complain("the options and the command are too long; expected at most %d "
			"characters",
		WORLD_SIZE - 1);
}

/* Another run, as long as there is time. */
static bool add_run(struct session *s)
{
	struct exec *exec = s->context;

	if (os_now() >= s->deadline)
		return false;
	if (session_add(s, &exec->cell)) {
		s->stop = true;
		return false;
	}
	exec->cell.seed++;
	return true;
}

/* All runs, if it is said how many. */
static int begin(struct session *s, struct exec *exec)
{
	size_t count = exec->options.runs;
	struct cell *cells = calloc(count + 1, sizeof *cells);

	if (!cells)
		return complain("no memory for %zu runs", count);
	for (size_t i = 0; i < count; i++) {
		cells[i] = exec->cell;
		cells[i].seed += i;
	}
	if (!count)
		s->wants_more = add_run;
	if (!count || s->options.budget_given)
		s->deadline = os_now() + s->options.budget;
	return session_begin(s, cells, count);
}

static void see_outcome(struct session *s, size_t number)
{
	const struct exec *exec = s->context;

	if (exec->options.failfast &&
		cell_standing(&s->run->cells[number], &s->run->outcomes[number]) ==
			STANDING_UNEXPECTED)
		s->stop = true;
}

static int run_program(struct session *s, struct exec *exec)
{
	int status = exec_command_check(s, &exec->options.plan);

	if (!status)
		status = make_cell(s, exec);
	if (status)
		return status;
	s->context = exec;
	s->program = &exec->options.plan;
	s->on_outcome = see_outcome;
	status = begin(s, exec);
	if (!status)
		status = session_run(s, 0, session_end);
	if (status)
		return status;
	session_end(s);
	status = session_finish(s);
	return status ? status : session_status(s);
}

static int exec_with_options(struct session *s, int argc, char **argv)
{
	struct exec exec;
	int status = exec_options_parse(argc, argv, &s->placements, &exec.options,
		&s->options, s->complaint, sizeof s->complaint);

	if (status < 0)
		return complain("%s", s->complaint);
	if (status > 0) {
		fputs(exec_options_help, stdout);
		return STATUS_EXPECTED;
	}
	status = run_program(s, &exec);
	if (exec.options.plan.progress == PROGRESS_BY_OUTPUT)
		regfree(&exec.options.plan.expression);
	return status;
}

int command_exec(int argc, char **argv)
{
	return session_without_options(argc, argv, exec_with_options);
}
