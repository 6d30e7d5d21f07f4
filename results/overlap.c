/* SPDX-License-Identifier: BSD-2-Clause */
#include "overlap.h"

#include <inttypes.h>

static const char *const phases[OVERLAP_PHASES] = { "running", "being stopped", "stopped",
	"in a broadcast", "being started" };

const char *overlap_phase(size_t phase)
{
	return phases[phase];
}

struct overlaps overlaps_of(const struct run *run)
{
	struct overlaps sums = { 0 };

	for (size_t i = 0; i < run->count; i++) {
		const struct outcome *outcome = &run->outcomes[i];

		if (outcome->verdict != VERDICT_PASS)
			continue;
		for (size_t k = 0; k < OVERLAPS; k++)
			sums.signals[k] += outcome->overlaps[k];
		sums.noise_count += outcome->noise_count;
		sums.noise_seconds += (double)outcome->noise_time / 1e9;
		sums.seconds += (double)outcome->wall / 1e9;
	}
	return sums;
}

bool overlaps_any(const struct overlaps *sums)
{
	for (size_t i = 0; i < OVERLAPS; i++)
		if (sums->signals[i])
			return true;
	return false;
}

void overlap_write(FILE *out, const struct run *run)
{
	struct overlaps sums = overlaps_of(run);

	if (!overlaps_any(&sums))
		return;
	fprintf(out, "\nSignals, by what the world was doing\n  %-16s %12s %12s %12s\n",
		"", "sent", "handled", "received");
	for (size_t i = 0; i < OVERLAP_PHASES; i++)
		fprintf(out, "  %-16s %12" PRIu64 " %12" PRIu64 " %12" PRIu64 "\n",
			phases[i], sums.signals[OVERLAP_MOMENTS * i],
			sums.signals[OVERLAP_MOMENTS * i + 1],
			sums.signals[OVERLAP_MOMENTS * i + 2]);
	if (sums.noise_count)
		fprintf(out,
			"  noise: %" PRIu64
			" times, %.1f s of threads' time in %.1f s of storms\n",
			sums.noise_count, sums.noise_seconds, sums.seconds);
}
