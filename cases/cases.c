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

bool case_is_red_under(const struct stress_case *c, const char *faults)
{
	for (size_t i = 0; i < CASE_LIST_MAX && c->red_under[i]; i++)
		if (!strcmp(c->red_under[i], faults))
			return true;
	return false;
}
