/* SPDX-License-Identifier: BSD-2-Clause */
#include "timeline.h"

#include "columns.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

static int by_time(const void *a, const void *b)
{
	const struct timeline_event *x = a, *y = b;

	if (x->event.time != y->event.time)
		return x->event.time < y->event.time ? -1 : 1;
	if (x->thread != y->thread)
		return x->thread < y->thread ? -1 : 1;
	return x->event.number < y->event.number ? -1 : x->event.number > y->event.number;
}

/* Appends the ring's; returns how many there are now. */
static size_t take_ring(const struct event_ring *ring, uint32_t thread,
	struct timeline_event *events, size_t count)
{
	uint32_t last = event_count(ring);
	uint32_t first = last > EVENT_RING_SIZE ? last - EVENT_RING_SIZE + 1 : 1;

	for (uint32_t number = first; number && number <= last; number++) {
		struct timeline_event *entry = &events[count];

		entry->thread = thread;
		count += event_read(ring, number, &entry->event);
	}
	return count;
}

static uint32_t count_rings(const void *memory, size_t size)
{
	uint32_t rings = 0;

	while (world_inspect_events(memory, size, rings))
		rings++;
	return rings;
}

int timeline_take(const void *memory, size_t size, struct timeline *timeline)
{
	uint32_t rings = count_rings(memory, size);
	struct timeline_event *all =
		malloc(((size_t)rings * EVENT_RING_SIZE + 1) * sizeof *all);
	size_t count = 0, kept;

	*timeline = (struct timeline){ 0 };
	if (!all)
		return -ENOMEM;
	for (uint32_t i = 0; i < rings; i++)
		count = take_ring(world_inspect_events(memory, size, i), i, all, count);
	qsort(all, count, sizeof *all, by_time);
	kept = count < TIMELINE_MAX ? count : TIMELINE_MAX;
	memmove(all, all + count - kept, kept * sizeof *all);
	timeline->events = realloc(all, (kept + 1) * sizeof *all);
	timeline->count = kept;
	if (!timeline->events)
		timeline->events = all;
	return 0;
}

const char *timeline_name_thread(
	const struct world_view *view, uint32_t thread, char name[TIMELINE_NAME_SIZE])
{
	for (uint32_t i = 0; i < view->thread_count; i++) {
		if (view->threads[i].index != thread)
			continue;
		snprintf(name, TIMELINE_NAME_SIZE, "%" PRIu32 " %s", thread,
			view->threads[i].name);
		return name;
	}
	snprintf(name, TIMELINE_NAME_SIZE, "%" PRIu32 " (gone)", thread);
	return name;
}

static bool has_argument(enum event_kind kind)
{
	switch (kind) {
	case EVENT_THREAD_BORN:
	case EVENT_THREAD_GONE:
	case EVENT_PARK:
	case EVENT_UNPARK:
	case EVENT_SYSCALL_EXIT:
	case EVENT_POLL_ENTER:
		return false;
	default:
		return true;
	}
}

static void describe_sent(const struct event *event, char *text, size_t size)
{
	if (event_sent_to(event) == EVENT_TO_PROCESS)
		snprintf(text, size, " %" PRIu32, event_sent_signal(event));
	else
		snprintf(text, size, " %" PRIu32 " to %" PRIu32, event_sent_signal(event),
			event_sent_to(event));
}

static void describe(const struct event *event, bool in_handler, char text[COLUMN_TEXT])
{
	char argument[32] = "";

	if (event->kind == EVENT_SIGNAL_SENT)
		describe_sent(event, argument, sizeof argument);
	else if (has_argument(event->kind))
		snprintf(argument, sizeof argument, " %u", event->argument);
	snprintf(text, COLUMN_TEXT, "%s%s%s", in_handler ? "| " : "",
		event_name(event->kind), argument);
}

struct row {
	unsigned column;
	char label[24], text[COLUMN_TEXT];
};

/* Depths of handlers, so that what is done in them is seen to be. */
static void follow_handlers(const struct event *event, uint8_t *depth)
{
	if (event->kind == EVENT_HANDLER_ENTER)
		++*depth;
	else if (event->kind == EVENT_HANDLER_LEAVE && *depth)
		--*depth;
}

static void fill_row(const struct timeline_event *entry, uint64_t end, bool in_handler,
	const struct world_view *view, struct columns *columns, struct row *row)
{
	char name[TIMELINE_NAME_SIZE];

	row->column = columns_find(
		columns, entry->thread, timeline_name_thread(view, entry->thread, name));
	describe(&entry->event, in_handler, row->text);
	columns_widen(columns, row->column, row->text);
	snprintf(row->label, sizeof row->label, "-%.3f ms",
		(double)(end - entry->event.time) / 1e6);
}

void timeline_print(FILE *out, const struct timeline *timeline,
	const struct world_view *view, size_t rows)
{
	size_t count = timeline->count < rows ? timeline->count : rows;
	size_t skipped = timeline->count - count;
	struct columns columns = { .label_width = 14 };
	struct row *all = calloc(count + 1, sizeof *all);
	uint8_t depths[THREADS_MAX] = { 0 };
	uint64_t end;

	if (!all || !timeline->count) {
		free(all);
		return;
	}
	end = timeline->events[timeline->count - 1].event.time;
	for (size_t i = 0; i < timeline->count; i++) {
		const struct timeline_event *entry = &timeline->events[i];
		uint8_t *depth = &depths[entry->thread % THREADS_MAX];
		bool within = *depth != 0;

		follow_handlers(&entry->event, depth);
		if (i >= skipped)
			fill_row(entry, end, within && *depth, view, &columns,
				&all[i - skipped]);
	}
	columns_print_head(out, &columns);
	for (size_t i = 0; i < count; i++)
		columns_print_row(
			out, &columns, all[i].label, all[i].column, all[i].text);
	free(all);
}
