/* SPDX-License-Identifier: BSD-2-Clause */
#include "formats.h"

#include <inttypes.h>
#include <string.h>

void cell_title(const struct cell *cell, char *title, size_t size)
{
	int used = snprintf(title, size, "%s, %s%s%s, %s", cell->case_name, cell->subject,
		*cell->faults ? " + " : "", cell->faults, cell->placement);

	if (cell->engine != ENGINE_STORM || used < 0 || (size_t)used >= size)
		return;
	snprintf(title + used, size - (size_t)used,
		", %" PRIu32 " slots, coordinator %s, to %s%s%s%s%s%s", cell->slots,
		cell->coordinator_on_leader ? "leader" : "thread", cell->target,
		cell->nudge ? ", nudges" : "", *cell->noise ? ", noise " : "",
		cell->noise, *cell->perturbation ? ", perturbed at " : "",
		cell->perturbation);
}

void cell_why_not_judged(
	const struct cell *cell, const struct outcome *outcome, char *why, size_t size)
{
	const char *verdict = verdict_name(outcome->verdict);

	if (*outcome->reason)
		snprintf(why, size, "%s: %s", verdict, outcome->reason);
	else
		snprintf(why, size, "%s%s", verdict,
			cell->expected == EXPECT_NOTHING ? ", and nothing is known of it"
							 : "");
}
