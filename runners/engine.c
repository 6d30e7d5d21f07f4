/* SPDX-License-Identifier: BSD-2-Clause */
#include "engine.h"

#include "program.h"

static int storm_start(
	void **running, const struct cell *cell, const struct cell_settings *settings)
{
	struct running_cell *started;
	int error = cell_start(&started, cell, settings);

	*running = started;
	return error;
}

static int storm_ended_descriptor(const void *running)
{
	return cell_ended_descriptor(running);
}

static int storm_asking_descriptor(const void *running)
{
	return cell_audit_descriptor(running);
}

static struct perturber *storm_perturber(const void *running)
{
	return cell_perturber(running);
}

static void storm_look(void *running)
{
	cell_look(running);
}

static void storm_answer(void *running)
{
	cell_audit(running);
}

static void storm_collect(
	void *running, struct outcome *outcome, struct evidence **evidence)
{
	cell_collect(running, outcome, evidence);
}

static void storm_abandon(void *running)
{
	cell_abandon(running);
}

static const struct engine_operations storm_engine = {
	.why_not = cell_why_not,
	.start = storm_start,
	.ended_descriptor = storm_ended_descriptor,
	.asking_descriptor = storm_asking_descriptor,
	.perturber = storm_perturber,
	.look = storm_look,
	.answer = storm_answer,
	.collect = storm_collect,
	.abandon = storm_abandon,
};

const struct engine_operations *engine_of(const struct cell *cell)
{
	return cell->engine == ENGINE_EXECUTED ? &program_engine : &storm_engine;
}
