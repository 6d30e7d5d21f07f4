/* SPDX-License-Identifier: BSD-2-Clause */
#include "subject.h"

#include <string.h>

static const struct subject cooperative = {
	.name = "cooperative",
	.summary = "Go 1.16's all-threads broadcast, repaired: threads run the function "
		   "themselves",
	.start = world_start,
	.spawn = thread_spawn,
	.broadcast = broadcast,
	.stop_world = world_stop,
	.start_world = world_restart,
	.end = world_end,
};

static const struct subject *const subjects[] = { &cooperative };

const struct subject *subject_at(size_t index)
{
	return index < sizeof subjects / sizeof subjects[0] ? subjects[index] : NULL;
}

const struct subject *subject_named(const char *name)
{
	const struct subject *subject;

	for (size_t i = 0; (subject = subject_at(i)); i++)
		if (!strcmp(subject->name, name))
			return subject;
	return NULL;
}
