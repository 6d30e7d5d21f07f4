/* SPDX-License-Identifier: BSD-2-Clause */
#include "again.h"

#include <inttypes.h>
#include <stdio.h>

static size_t add(
	char *text, size_t size, size_t used, const char *option, const char *value)
{
	int more = snprintf(text + used, size - used, " --%s %s", option, value);

	return more < 0 || used + (size_t)more >= size ? size - 1 : used + (size_t)more;
}

void cell_command(const struct cell *cell, char *text, size_t size)
{
	char number[64];
	size_t used = (size_t)snprintf(text, size, "hupstorm run");

	used = add(text, size, used, "case", cell->case_name);
	used = add(text, size, used, "subject", cell->subject);
	used = add(text, size, used, "fault", *cell->faults ? cell->faults : "none");
	used = add(text, size, used, "placement", cell->placement);
	snprintf(number, sizeof number, "%u", cell->slots);
	used = add(text, size, used, "slots", number);
	used = add(text, size, used, "coordinator",
		cell->coordinator_on_leader ? "leader" : "thread");
	used = add(text, size, used, "target", cell->rotate ? "rotate" : "process");
	if (cell->workers) {
		snprintf(number, sizeof number, "%u", cell->workers);
		used = add(text, size, used, "workers", number);
	}
	/* A known-red cell runs until it is red. */
	if (cell->expected != EXPECT_RED) {
		snprintf(number, sizeof number, "%" PRIu64, cell->cycles);
		used = add(text, size, used, "cycles", number);
	}
	if (cell->expected != EXPECT_RED && cell->time_limit) {
		snprintf(number, sizeof number, "%.3fs", (double)cell->time_limit / 1e9);
		used = add(text, size, used, "budget", number);
	}
	snprintf(number, sizeof number, "%#" PRIx64, cell->seed);
	add(text, size, used, "seed", number);
}
