/* SPDX-License-Identifier: BSD-2-Clause */
#include "lookback.h"

#include "rota.h"

#include <stdlib.h>
#include <string.h>

enum { RUNS_LOOKED_AT = 8, EMULATED_USUAL = 400 };

/* Those of the builder alone, in order; how many there are. */
static int keep_builder(struct store *store, const char *name, int64_t *ids,
	size_t *count, char *complaint)
{
	size_t kept = 0;

	for (size_t i = 0; i < *count; i++) {
		struct run_info info;
		int error = store_info(store, ids[i], &info, complaint);

		if (error)
			return error;
		if (!strcmp(info.machine.builder, name))
			ids[kept++] = ids[i];
	}
	*count = kept;
	return 0;
}

/* By the newest runs, as many as it takes. */
static int find_pace(struct store *store, const int64_t *ids, size_t count,
	unsigned *pace, char *complaint)
{
	struct rota_times times = { 0 };

	for (size_t i = count; i-- > 0 && !*pace && count - i <= RUNS_LOOKED_AT;) {
		struct run *run;
		int error = store_load(store, ids[i], &run, complaint);

		if (error)
			return error;
		rota_measure(&times, run);
		*pace = rota_pace(&times);
		run_free(run);
	}
	return 0;
}

int look_back(
	struct store *store, const char *name, struct lookback *lookback, char *complaint)
{
	int64_t *ids;
	size_t count;
	int error = store_runs(store, &ids, &count, complaint);

	*lookback = (struct lookback){ 0 };
	if (error)
		return error;
	error = keep_builder(store, name, ids, &count, complaint);
	if (!error)
		error = find_pace(store, ids, count, &lookback->pace, complaint);
	if (!error)
		lookback->nights = count;
	free(ids);
	return error;
}

unsigned pace_of(const struct builder *builder, const struct lookback *lookback)
{
	if (lookback->pace)
		return lookback->pace;
	return builder->emulated ? EMULATED_USUAL : PACE_USUAL;
}

uint64_t share_of_first(const struct builder *builders, const struct lookback *lookbacks,
	size_t count, uint64_t time)
{
	double all = 0;

	for (size_t i = 0; i < count; i++)
		all += pace_of(&builders[i], &lookbacks[i]);
	return (uint64_t)((double)time * pace_of(&builders[0], &lookbacks[0]) / all);
}
