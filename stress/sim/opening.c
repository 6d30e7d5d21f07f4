/* SPDX-License-Identifier: BSD-2-Clause */
#include "inside.h"

static bool any_gated(void)
{
	for (unsigned i = 0; i < machine.s.count; i++)
		if (machine.s.threads[i].state == VIRTUAL_GATED)
			return true;
	return false;
}

/* The youngest that can run; if nobody can and nobody is at the gate, the youngest that
 * may time out. */
static bool opening_choice(struct sim_action *action)
{
	const struct sim_action *choices;
	const struct sim_point_view *view;
	unsigned count = sim_choices(&choices);

	for (unsigned i = count; i--;) {
		*action = choices[i];
		view = &machine.locals[action->thread].view;
		if (action->kind == SIM_RUN && !is_held(view->operation, view->word))
			return true;
	}
	for (unsigned i = count; i-- && !any_gated();) {
		*action = choices[i];
		if (action->kind == SIM_TIME_OUT)
			return true;
	}
	return false;
}

bool sim_opening(void)
{
	static const char unopened[] = "suspected: before the world is open somebody "
				       "goes round and gets nowhere\n";
	struct sim_action action;

	while (opening_choice(&action)) {
		if (machine.steps == SIM_OPENING_MAX) {
			sim_last_words(unopened, sizeof unopened - 1);
			sim_end_now(SIM_UNOPENED);
			return false;
		}
		if (!sim_step(action))
			return false;
	}
	machine.s.open = true;
	for (unsigned i = 0; i < machine.s.count; i++)
		if (machine.s.threads[i].state == VIRTUAL_GATED &&
			!sim_step((struct sim_action){ .thread = (uint8_t)i }))
			return false;
	machine.steps = 0;
	machine.current = 0;
	return true;
}

void sim_hold(enum sim_operation operation, const void *word)
{
	machine.held_operation = operation;
	machine.held = word;
}

void sim_gate(void)
{
	await_at(VIRTUAL_GATED, SIM_OP_GATE, NULL, 0, UINT64_MAX);
}
