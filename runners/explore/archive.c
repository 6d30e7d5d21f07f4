/* SPDX-License-Identifier: BSD-2-Clause */
#include "archive.h"

#include "recipe.h"

#include "runners/commands.h"
#include "runners/info.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static char complaint[COMPLAINT_SIZE];

static int load_topology(hwloc_topology_t *topology)
{
	if (hwloc_topology_init(topology))
		return complain("hwloc: no memory");
	if (!hwloc_topology_load(*topology))
		return 0;
	hwloc_topology_destroy(*topology);
	return complain("hwloc cannot read the topology of this machine");
}

int archive_begin(struct archive *archive, const char *path, const char *command,
	uint64_t seed, const struct cell *cells, size_t count)
{
	hwloc_topology_t topology;
	struct run_info info;
	int status;

	if (!strcmp(path, "-"))
		return 0;
	status = load_topology(&topology);
	if (status)
		return status;
	info_begin(&info, command, seed, topology);
	if (!bundles_of(&archive->bundles, path, EVIDENCE_LIMIT))
		status = complain("--store '%s': the name is too long", path);
	else if (store_open(&archive->store, path, STORE_WRITE, complaint) ||
		 info_store(&info, topology, archive->store, cells, count, complaint))
		status = complain("%s", complaint);
	hwloc_topology_destroy(topology);
	archive->run = info.id;
	return status;
}

/* A disk that has no room for the table may have some for the outcome. */
int archive_add(struct archive *archive, size_t number, const struct outcome *outcome,
	const char *table)
{
	struct outcome kept = *outcome;

	if (!archive->store)
		return 0;
	if (table)
		bundle_write_text(&archive->bundles, archive->run, number + 1, table,
			kept.evidence);
	if (store_add(archive->store, archive->run, number, &kept, complaint))
		return complain("%s; what was explored before that is kept", complaint);
	return 0;
}

int archive_end(struct archive *archive)
{
	if (archive->store &&
		store_finish(archive->store, archive->run, info_now(), complaint))
		return complain("%s", complaint);
	return 0;
}

void archive_close(struct archive *archive)
{
	store_close(archive->store);
	archive->store = NULL;
}

static void add_word(struct cell *cell, const char *word)
{
	size_t used = strlen(cell->world);

	snprintf(cell->world + used, WORLD_SIZE - used, "%s%s", used ? " " : "", word);
}

void archive_number(struct cell *cell, const char *option, uint64_t value)
{
	char word[64];

	snprintf(word, sizeof word, "%s=%" PRIu64, option, value);
	add_word(cell, word);
}

static void begin_world(struct cell *cell)
{
	cell->engine = ENGINE_EXPLORED;
	snprintf(cell->placement, NAME_SIZE, "explored");
	*cell->world = '\0';
}

void archive_describe_small(struct cell *cell, const struct small_plan *plan, bool coarse)
{
	struct small_plan numbers = *plan;

	begin_world(cell);
	snprintf(cell->case_name, NAME_SIZE, "small worlds");
	for (size_t i = 0; i < SMALL_FIELDS; i++)
		archive_number(cell, small_fields[i].name, *small_number(&numbers, i));
	add_word(cell, coarse ? "level=coarse" : "level=fine");
}

void archive_describe_storm(struct cell *cell)
{
	char word[64];

	begin_world(cell);
	snprintf(word, sizeof word, "case=%s", cell->case_name);
	add_word(cell, word);
	add_word(cell, "storm");
	archive_number(cell, "cycles", cell->cycles);
	archive_number(cell, "workers", cell->workers);
	add_word(cell, cell->coordinator_on_leader ? "coordinator=leader"
						   : "coordinator=thread");
	snprintf(word, sizeof word, "target=%s", cell->target);
	add_word(cell, word);
}

void archive_scheduler(struct cell *cell, const char *name)
{
	char word[64];

	snprintf(word, sizeof word, "scheduler=%s", name);
	add_word(cell, word);
}

void archive_schedules(struct outcome *outcome, uint64_t schedules)
{
	outcome->verdict = schedules ? VERDICT_PASS : VERDICT_SLOW;
	snprintf(outcome->extent, NAME_SIZE, "%" PRIu64 " schedules", schedules);
	if (!schedules)
		snprintf(outcome->reason, REASON_SIZE,
			"no schedule came to its end within the budget");
}

void archive_failure(struct outcome *outcome, const struct program *program,
	const struct schedule *list, const struct attempt *failure)
{
	char *recipe = recipe_print(program, list, failure);

	outcome->verdict = failure->verdict;
	*outcome->extent = '\0';
	memcpy(outcome->reason, failure->reason, REASON_SIZE);
	if (strlen(recipe) < SCHEDULE_SIZE)
		memcpy(outcome->schedule, recipe, strlen(recipe) + 1);
	free(recipe);
}

void archive_graph(struct outcome *outcome, const struct program *program,
	const struct graph_result *result, const struct graph_failure *failure,
	uint32_t bound)
{
	*outcome = (struct outcome){ .verdict = VERDICT_PASS, .states = result->states };
	if (failure) {
		archive_failure(outcome, program, &failure->path, &failure->again);
		memcpy(outcome->reason, failure->reason, REASON_SIZE);
	} else if (!result->complete) {
		outcome->verdict = VERDICT_SLOW;
		snprintf(outcome->reason, REASON_SIZE,
			"not complete: %" PRIu64 " states were looked at",
			result->states);
	} else if (bound == NO_BOUND) {
		snprintf(outcome->extent, NAME_SIZE, "complete");
	} else {
		snprintf(outcome->extent, NAME_SIZE, "within bound %" PRIu32, bound);
	}
}
