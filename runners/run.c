/* SPDX-License-Identifier: BSD-2-Clause */
/* hupstorm run: plan, execute, keep, show. */
#include "commands.h"

#include "plan.h"
#include "session.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>

/* A cell that is neither green nor red, nor skipped with a reason, is not what was
 * expected either; but for one that is known for just that. */
static int status_of(const struct run *run)
{
	if (run_standing(run, STANDING_UNEXPECTED))
		return STATUS_UNEXPECTED;
	for (size_t i = 0; i < run->count; i++)
		if (cell_standing(&run->cells[i], &run->outcomes[i]) ==
				STANDING_NOT_JUDGED &&
			verdict_is_unsure(run->outcomes[i].verdict))
			return STATUS_UNEXPECTED;
	return STATUS_EXPECTED;
}

static void on_end(struct session *s)
{
	display_end(&s->display);
	session_report(s);
}

static int run(struct session *s)
{
	struct plan plan;
	int status;

	if (plan_make(&s->options, &s->placements, &plan))
		return complain("no memory for the plan");
	if (!plan.count) {
		free(plan.cells);
		return complain("the options leave no cell to run");
	}
	status = session_begin(s, plan.cells, plan.count);
	if (status)
		return status;
	printf("%zu cells, seed %" PRIu64 ", into %s\n", s->run->count, s->options.seed,
		s->options.store);
	fflush(stdout);
	status = session_run(s, 0, on_end);
	if (status)
		return status;
	on_end(s);
	status = session_finish(s);
	return status ? status : status_of(s->run);
}

int command_run(int argc, char **argv)
{
	return session(argc, argv, OPTIONS_OF_RUN, run);
}
