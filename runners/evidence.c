/* SPDX-License-Identifier: BSD-2-Clause */
#include "evidence.h"

#include "stress/os.h"

#include <stdlib.h>
#include <string.h>

static void take_world(struct evidence *e, const void *memory, size_t size)
{
	if (!memory || world_inspect(memory, size, &e->after.view))
		return;
	e->has_world = true;
	timeline_take(memory, size, &e->timeline);
}

struct evidence *evidence_take(const struct evidence_source *source)
{
	struct evidence *e = calloc(1, sizeof *e);
	uint64_t began = os_now();

	if (!e)
		return NULL;
	e->has_after = !snapshot_take_processes(
		&e->after, source->processes, source->process_count);
	take_world(e, source->memory, source->memory_size);
	if (source->before) {
		e->before = *source->before;
		e->has_before = true;
	}
	if (e->has_after)
		waits_find(source->memory, source->memory_size, &e->after, &e->waits);
	stacks_take(source->processes, source->process_count, &e->stacks);
	e->took = os_now() - began;
	return e;
}

struct evidence *evidence_take_remains(const void *memory, size_t size)
{
	struct evidence *e = calloc(1, sizeof *e);

	if (e)
		take_world(e, memory, size);
	return e;
}

void evidence_free(struct evidence *evidence)
{
	if (!evidence)
		return;
	stacks_free(&evidence->stacks);
	free(evidence->timeline.events);
	free(evidence->output);
	free(evidence);
}
