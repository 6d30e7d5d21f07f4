/* SPDX-License-Identifier: BSD-2-Clause */
/* The table of cases. */
#include "cases.h"

#include <string.h>

static const struct stress_case *const cases[] = {
	&case_signal_trace,
	&case_hup_broadcast,
	&case_hup_trace_broadcast,
	&case_broadcast_only,
	&case_blocked_read,
	&case_signal_sequence,
	&case_template_birth,
	&case_burst_birth,
	&case_many_broadcasters,
	&case_many_stoppers,
	&case_blocked_calls,
	&case_signal_churn,
	&case_three_signals,
	&case_nudges,
	&case_cold_start,
	&case_fork_exec,
	&case_hup_blocked,
	&case_hup_ignored,
	&case_nudge_blocked,
	&case_pending_limit,
	&case_thread_limit,
	&case_timers,
	&case_services,
	&case_relays,
};

const struct stress_case *case_at(size_t index)
{
	return index < sizeof cases / sizeof cases[0] ? cases[index] : NULL;
}

const struct stress_case *case_named(const char *name)
{
	const struct stress_case *c;

	for (size_t i = 0; (c = case_at(i)); i++)
		if (!strcmp(c->name, name))
			return c;
	return NULL;
}

void case_plan(const struct stress_case *c, struct storm_plan *plan)
{
	*plan = (struct storm_plan){
		.cycle = c->cycle,
		.starts_with = c->starts_with,
		.cold = c->cold,
	};
	memcpy(plan->roles, c->roles, sizeof plan->roles);
}

const char *case_why_not_simulated(const struct stress_case *c)
{
	if (c->needs & NEED_PROCESSES)
		return "it forks, and a simulated machine has no processes";
	if (c->few_threads)
		return "it is about a limit, which a simulated machine has not";
	return NULL;
}

bool case_is_red_under(const struct stress_case *c, const char *faults)
{
	for (size_t i = 0; i < CASE_LIST_MAX && c->red_under[i]; i++)
		if (!strcmp(c->red_under[i], faults))
			return true;
	return false;
}
