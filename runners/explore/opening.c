/* SPDX-License-Identifier: BSD-2-Clause */
#include "opening.h"

static bool take(struct opening *o, struct program *program, struct sim_result *result)
{
	bool is_new;

	sim_begin(program_run, program, &program->machine, result);
	if (!sim_opening())
		return false;
	capture_init(&o->capture, program, 0);
	o->shared = capture_shared(&o->capture, &is_new);
	for (unsigned i = 0; i < o->capture.thread_count; i++)
		o->locals[i] = capture_local(&o->capture, i);
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
		restore_local(&o->capture, i, o->locals[i]);
	return true;
}

void opening_free(struct opening *o)
{
	if (o->taken)
		capture_free(&o->capture);
	o->taken = false;
}
