/* SPDX-License-Identifier: BSD-2-Clause */
/* hupstorm run: plan, execute, keep, show. */
#include "commands.h"

#include "plan.h"
#include "session.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>

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
	status = session_run(s, 0, session_end);
	if (status)
		return status;
	session_end(s);
	status = session_finish(s);
	return status ? status : session_status(s);
}

int command_run(int argc, char **argv)
{
	return session(argc, argv, OPTIONS_OF_RUN, run);
}
