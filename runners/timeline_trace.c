/* SPDX-License-Identifier: BSD-2-Clause */
/* The timeline as Chrome's trace events ("Trace Event Format"). */
#include "timeline.h"

#include "results/json.h"

#include <inttypes.h>
#include <stdlib.h>

enum { SIGNALS = 65 };

struct tracer {
	FILE *out;
	uint64_t start;
	bool any;
	uint64_t flows;
	/* The flow of the first that was sent and not handled yet, those after it being one with it: to
	 * each thread, and last of all to the process. */
	uint64_t sent[THREADS_MAX + 1][SIGNALS];
	uint32_t open[THREADS_MAX]; /* slices, a bit for each kind of what lasts */
};

/* What lasts from one event to another. */
static const struct slice {
	enum event_kind begin, end;
	const char *name;
} slices[] = {
	{ EVENT_SLOT_TAKEN, EVENT_SLOT_LEFT, "slot" },
	{ EVENT_SYSCALL_ENTER, EVENT_SYSCALL_EXIT, "system call" },
	{ EVENT_PARK, EVENT_UNPARK, "parked" },
	{ EVENT_HANDLER_ENTER, EVENT_HANDLER_LEAVE, "handler" },
	{ EVENT_POLL_ENTER, EVENT_POLL_LEAVE, "poll" },
	{ EVENT_WORLD_STOPPED, EVENT_WORLD_STARTED, "world stopped" },
	{ EVENT_BROADCAST_BEGIN, EVENT_BROADCAST_END, "broadcast" },
};

enum { SLICES = sizeof slices / sizeof slices[0] };

/* Each kind has a track of its own below its thread, for they overlap as they like. */
static uint32_t track(uint32_t thread, size_t slice)
{
	return thread * (SLICES + 1) + (uint32_t)slice + 1;
}

static void begin(struct tracer *t, char phase, uint32_t track, uint64_t time)
{
	fprintf(t->out,
		"%s\n{\"ph\":\"%c\",\"pid\":1,\"tid\":%" PRIu32 ",\"ts\":%" PRIu64
		".%03" PRIu64,
		t->any ? "," : "", phase, track, (time - t->start) / 1000,
		(time - t->start) % 1000);
	t->any = true;
}

static void name_track(
	struct tracer *t, uint32_t track, const char *thread, const char *what)
{
	char name[96];

	snprintf(name, sizeof name, "%s%s%s", thread, *what ? ": " : "", what);
	begin(t, 'M', track, t->start);
	fputs(",\"name\":\"thread_name\",\"args\":{\"name\":", t->out);
	json_string(t->out, name);
	fputs("}}", t->out);
}

static void name_tracks(struct tracer *t, const struct world_view *view, uint32_t thread)
{
	char name[TIMELINE_NAME_SIZE];

	timeline_name_thread(view, thread, name);
	name_track(t, track(thread, SLICES), name, "");
	for (size_t s = 0; s < SLICES; s++)
		name_track(t, track(thread, s), name, slices[s].name);
}

/* Those that are there, and those that have ended but did something. */
static void name_threads(
	struct tracer *t, const struct timeline *timeline, const struct world_view *view)
{
	bool named[THREADS_MAX] = { false };

	for (uint32_t i = 0; i < view->thread_count; i++)
		named[view->threads[i].index % THREADS_MAX] = true;
	for (size_t i = 0; i < timeline->count; i++)
		named[timeline->events[i].thread % THREADS_MAX] = true;
	for (uint32_t thread = 0; thread < THREADS_MAX; thread++)
		if (named[thread])
			name_tracks(t, view, thread);
}

static void write_slice(struct tracer *t, const struct timeline_event *entry, size_t s)
{
	uint32_t *open = &t->open[entry->thread % THREADS_MAX];
	const struct event *event = &entry->event;

	if (event->kind == slices[s].begin && !(*open >> s & 1)) {
		begin(t, 'B', track(entry->thread, s), event->time);
		fprintf(t->out, ",\"name\":\"%s %" PRIu32 "\"}", slices[s].name,
			event->argument);
		*open |= 1U << s;
	} else if (event->kind == slices[s].end && *open >> s & 1) {
		begin(t, 'E', track(entry->thread, s), event->time);
		fputs("}", t->out);
		*open &= ~(1U << s);
	}
}

static void write_flow(struct tracer *t, char phase, const struct timeline_event *entry,
	uint32_t signal, uint64_t flow)
{
	begin(t, phase, track(entry->thread, SLICES), entry->event.time);
	fprintf(t->out,
		",\"cat\":\"signal\",\"name\":\"signal %" PRIu32 "\",\"id\":%" PRIu64
		"%s}",
		signal, flow, phase == 'f' ? ",\"bp\":\"e\"" : "");
}

static void write_sent(struct tracer *t, const struct timeline_event *entry)
{
	uint32_t signal = event_sent_signal(&entry->event) % SIGNALS;
	uint32_t to = event_sent_to(&entry->event);
	uint64_t *sent = &t->sent[to < THREADS_MAX ? to : THREADS_MAX][signal];

	if (*sent)
		return;
	*sent = ++t->flows;
	write_flow(t, 's', entry, signal, *sent);
}

/* A thread takes what was sent to it alone first. */
static void write_handled(struct tracer *t, const struct timeline_event *entry)
{
	uint32_t signal = entry->event.argument % SIGNALS;
	uint64_t *own = &t->sent[entry->thread % THREADS_MAX][signal];
	uint64_t *sent = *own ? own : &t->sent[THREADS_MAX][signal];

	if (!*sent)
		return;
	write_flow(t, 'f', entry, signal, *sent);
	*sent = 0;
}

/* An arrow ends at a slice, so each event has a short one of its own. */
static void write_event(struct tracer *t, const struct timeline_event *entry)
{
	for (size_t s = 0; s < SLICES; s++)
		write_slice(t, entry, s);
	begin(t, 'X', track(entry->thread, SLICES), entry->event.time);
	fprintf(t->out,
		",\"dur\":0.2,\"name\":\"%s\",\"args\":{\"argument\":%" PRIu32 "}}",
		event_name(entry->event.kind),
		entry->event.kind == EVENT_SIGNAL_SENT ? event_sent_signal(&entry->event)
						       : entry->event.argument);
	if (entry->event.kind == EVENT_SIGNAL_SENT)
		write_sent(t, entry);
	else if (entry->event.kind == EVENT_HANDLER_ENTER)
		write_handled(t, entry);
}

void timeline_write_trace(
	FILE *out, const struct timeline *timeline, const struct world_view *view)
{
	struct tracer *t = calloc(1, sizeof *t);

	if (!t)
		return;
	t->out = out;
	if (timeline->count)
		t->start = timeline->events[0].event.time;
	fputs("{\"displayTimeUnit\":\"ns\",\"traceEvents\":[", out);
	name_threads(t, timeline, view);
	for (size_t i = 0; i < timeline->count; i++)
		write_event(t, &timeline->events[i]);
	fputs("\n]}\n", out);
	free(t);
}
