/* SPDX-License-Identifier: BSD-2-Clause */
#include "opening.h"

#include "stress/sim/inside.h"

/* Whoever may be born after the opening: what one schedule leaves of them must not be there
 * in the next. */
static unsigned unborn(const struct program *program)
{
	unsigned most = program->config.threads_max, born = machine.s.count;

	return most > born ? most - born : 0;
}

static bool take(struct opening *o, struct program *program, struct sim_result *result)
{
	bool is_new;

	sim_begin(program_run, program, &program->machine, result);
	if (!sim_opening())
		return false;
	pools_stay_small(true);
	capture_init(&o->capture, program, unborn(program));
	o->shared = capture_shared(&o->capture, &is_new);
	for (unsigned i = 0; i < o->capture.thread_count; i++)
		o->locals[i] = capture_local(&o->capture, i);
	pools_stay_small(false);
	o->taken = true;
	return true;
}

bool opening_set_up(struct opening *o, struct program *program, struct sim_result *result)
{
	if (!o->taken)
		return take(o, program, result);
	sim_resume(result);
	capture_forget_loaded(&o->capture);
	restore_shared(&o->capture, o->shared);
	for (unsigned i = 0; i < o->capture.thread_count; i++)
		if (o->locals[i] != NO_LOCAL)
			restore_local(&o->capture, i, o->locals[i]);
	return true;
}

void opening_free(struct opening *o)
{
	if (o->taken)
		capture_free(&o->capture);
	o->taken = false;
}
