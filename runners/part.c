/* SPDX-License-Identifier: BSD-2-Clause */
#include "part.h"

#include "parse.h"
#include "results/hash.h"
#include "rota.h"

#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* A storm of which nothing is known. */
#define STORM_TIME 1.0

bool part_parse(const char *text, struct part *part)
{
	const char *slash = strchr(text, '/');
	char first[16];
	uint64_t number, count;

	if (!slash || slash - text >= (ptrdiff_t)sizeof first)
		return false;
	snprintf(first, sizeof first, "%.*s", (int)(slash - text), text);
	if (!parse_number(slash + 1, 1, PARTS_MAX, &count) ||
		!parse_number(first, 1, count, &number))
		return false;
	part->number = (unsigned)number;
	part->count = (unsigned)count;
	return true;
}

double part_expected_time(const struct cell *cell)
{
	double storm = cell->time_limit ? (double)cell->time_limit / 1e9 : STORM_TIME;

	return rota_overhead(cell) + (cell->expected == EXPECT_RED ? 0 : storm);
}

/* Whoever has least to do takes the next one. */
void part_leave_out(
	const struct part *part, const struct cell *cells, size_t count, bool *others)
{
	double times[PARTS_MAX] = { 0 };

	for (size_t i = 0; i < count; i++) {
		unsigned least = 0;

		for (unsigned p = 1; p < part->count; p++)
			if (times[p] < times[least])
				least = p;
		times[least] += part_expected_time(&cells[i]);
		others[i] = least + 1 != part->number;
	}
}

static uint64_t hash_number(uint64_t hash, uint64_t number)
{
	char text[32];

	snprintf(text, sizeof text, "%" PRIu64, number);
	return hash_text(hash, text);
}

static uint64_t hash_cell(uint64_t hash, const struct cell *cell)
{
	const char *const texts[] = { cell->case_name, cell->subject, cell->faults,
		cell->placement, cell->target, cell->noise, cell->perturbation };
	const uint64_t numbers[] = { cell->slots, cell->workers,
		cell->coordinator_on_leader, cell->nudge, cell->seed, cell->cycles,
		cell->time_limit };

	for (size_t i = 0; i < sizeof texts / sizeof texts[0]; i++)
		hash = hash_text(hash, texts[i]);
	for (size_t i = 0; i < sizeof numbers / sizeof numbers[0]; i++)
		hash = hash_number(hash, numbers[i]);
	return hash;
}

/* What must not be pooled is not one run. */
static uint64_t hash_machine(uint64_t hash, const struct machine *m)
{
	const char *const texts[] = { m->builder, m->architecture, m->processor,
		m->byte_order, m->build };
	const uint64_t numbers[] = { m->emulated, m->processing_units, m->cores,
		m->packages, m->numa_nodes, m->threads_per_core, m->page_size };

	for (size_t i = 0; i < sizeof texts / sizeof texts[0]; i++)
		hash = hash_text(hash, texts[i]);
	for (size_t i = 0; i < sizeof numbers / sizeof numbers[0]; i++)
		hash = hash_number(hash, numbers[i]);
	return hash;
}

void part_name_run(const struct part *part, struct run *run)
{
	uint64_t hash = hash_machine(hash_text(HASH_BEGIN, part->of), &run->info.machine);
	uint64_t plan = hash_text(hash, "plan");

	for (size_t i = 0; i < run->count; i++)
		plan = hash_cell(plan, &run->cells[i]);
	snprintf(run->info.uid, sizeof run->info.uid, "%016" PRIx64 "%016" PRIx64, hash,
		plan);
}

int part_go_on(struct store *store, struct run *run, bool *has_it, char *complaint)
{
	struct run *before;
	int64_t id;
	int error = store_find(store, run->info.uid, &id, complaint);

	*has_it = false;
	if (error || !id)
		return error;
	error = store_load(store, id, &before, complaint);
	if (error)
		return error;
	*has_it = before->count == run->count;
	if (*has_it) {
		run->info.id = id;
		memcpy(run->outcomes, before->outcomes,
			run->count * sizeof *run->outcomes);
	}
	run_free(before);
	return 0;
}
