/* SPDX-License-Identifier: BSD-2-Clause */
/* hupstorm run: plan, execute, keep, show. */
#include "commands.h"

#include "plan.h"
#include "rota.h"
#include "session.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>

/* The plan of any night is as long as that of any other. */
static int take_turn(struct session *s)
{
	struct run_options *options = &s->options;
	struct plan plan;

	if (!options->night_given)
		return 0;
	if (!options->pace)
		options->pace = PACE_USUAL;
	if (plan_make(options, &s->placements, &plan))
		return complain("no memory for the plan");
	rota_take_turn(options, plan.cells, plan.count);
	free(plan.cells);
	return 0;
}

static void tell_turn(const struct session *s)
{
	const struct run_options *o = &s->options;

	if (o->night_given)
		printf("night %" PRIu64 ": part %u of %u of what seed %" PRIu64
		       " gives; every combination and class comes within %u nights\n",
			o->night, o->slice.number, o->slice.count, o->seed,
			o->slice.count * plan_seeds(o, &s->placements));
}

static int run(struct session *s)
{
	struct plan plan;
	int status = take_turn(s);

	if (status)
		return status;
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
	tell_turn(s);
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
