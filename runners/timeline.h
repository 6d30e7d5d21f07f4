/* SPDX-License-Identifier: BSD-2-Clause */
/* What the threads of a world did last: the ends of their rings of events, merged by time. */
#ifndef HUPSTORM_RUNNERS_TIMELINE_H
#define HUPSTORM_RUNNERS_TIMELINE_H

#include "stress/event.h"
#include "stress/inspect.h"

#include <stdio.h>

enum { TIMELINE_MAX = 1000 };

struct timeline_event {
	uint32_t thread; /* its index */
	struct event event;
};

struct timeline {
	size_t count;
	struct timeline_event *events; /* the oldest first */
};

/* "2 receiver", "5 (gone)". */
enum { TIMELINE_NAME_SIZE = 48 };
const char *timeline_name_thread(
	const struct world_view *view, uint32_t thread, char name[TIMELINE_NAME_SIZE]);

/* Of the world in `memory`, which may go on, hang, or be all that is left of its process. -ENOMEM. The
 * caller frees `events`. */
int timeline_take(const void *memory, size_t size, struct timeline *timeline);

/* The last `rows` of them, a column for each thread. The view names the threads. */
void timeline_print(FILE *out, const struct timeline *timeline,
	const struct world_view *view, size_t rows);

/* All of them in the JSON of Chrome's trace events, which Perfetto opens: a track for each thread, with
 * slices for what lasts (a slot that is held, a handler, a system call), and arrows from a signal that is
 * sent to the handler that took it. */
void timeline_write_trace(
	FILE *out, const struct timeline *timeline, const struct world_view *view);

#endif
