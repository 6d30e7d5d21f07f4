/* SPDX-License-Identifier: BSD-2-Clause */
/* The evidence for programs that read it. */
#include "evidence.h"

#include "call.h"
#include "results/json.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

static void write_sample(FILE *out, const struct thread_sample *t)
{
	char name[CALL_NAME_SIZE];

	fprintf(out, "{\"tid\":%" PRIu32 ",\"state\":", t->tid);
	json_string(out, (char[]){ t->state, '\0' });
	fputs(",\"call\":", out);
	json_string(out, call_name(t->call, name));
	fprintf(out,
		",\"timed\":%s,\"pu\":%u,\"run_ns\":%" PRIu64 ",\"delay_ns\":%" PRIu64
		",\"switches\":%" PRIu64 ",\"pending\":\"%" PRIx64
		"\",\"blocked\":\"%" PRIx64 "\"}",
		t->timed ? "true" : "false", t->pu, t->run, t->delay, t->switches,
		t->pending, t->blocked);
}

static void write_snapshot(
	FILE *out, const char *name, bool there, const struct snapshot *s)
{
	if (!there)
		return;
	fprintf(out,
		"\"%s\":{\"time_ns\":%" PRIu64 ",\"pending\":\"%" PRIx64
		"\",\"threads\":[",
		name, s->time, s->shared_pending);
	for (uint32_t i = 0; i < s->count; i++) {
		fputs(i ? ",\n" : "\n", out);
		write_sample(out, &s->threads[i]);
	}
	fputs("]},\n", out);
}

static void write_thread(FILE *out, const struct thread_view *t)
{
	fprintf(out, "{\"index\":%" PRIu32 ",\"tid\":%" PRIu32 ",\"name\":", t->index,
		t->tid);
	json_string(out, t->name);
	fputs(",\"where\":", out);
	json_string(out, thread_where_name(t->where));
	fprintf(out,
		",\"slot\":%" PRId64 ",\"park\":%" PRIu32 ",\"fixup\":%" PRIu32
		",\"mark\":%" PRIu32 ",\"locks\":%" PRIu32 ",\"mask\":\"%" PRIx64
		"\",\"in_handler\":%s,\"awaits_signal\":%s}",
		t->slot < SLOTS_MAX ? (int64_t)t->slot : -1, t->park, t->fixup, t->mark,
		t->locks, t->mask, t->in_handler ? "true" : "false",
		t->awaits_signal ? "true" : "false");
}

static void write_world(FILE *out, const struct evidence *e)
{
	const struct world_view *view = &e->after.view;

	if (!e->has_world)
		return;
	fprintf(out,
		"\"world\":{\"phase\":\"%s\",\"slots_not_given_up\":%" PRIu32
		",\"broadcast\":%" PRIu32 ",\"pending\":\"%" PRIx64
		"\",\"wanted\":\"%" PRIx64 "\",\"receiver_asleep\":%s,\"threads\":[",
		world_phase_name(view->phase), view->stop_wait, view->broadcast,
		view->signals_pending, view->signals_wanted,
		view->receiver_asleep ? "true" : "false");
	for (uint32_t i = 0; i < view->thread_count; i++) {
		fputs(i ? ",\n" : "\n", out);
		write_thread(out, &view->threads[i]);
	}
	fputs("]},\n", out);
}

static void write_frames(FILE *out, const struct stack *stack)
{
	for (uint32_t i = 0; i < stack->depth; i++) {
		fprintf(out, "%s{\"pc\":\"%" PRIx64 "\",\"function\":", i ? "," : "",
			stack->frames[i].pc);
		json_string(out, stack->frames[i].function);
		fputs(",\"place\":", out);
		json_string(out, stack->frames[i].place);
		fputc('}', out);
	}
}

static void write_stacks(FILE *out, const struct stacks *stacks)
{
	fputs("\"stacks\":[", out);
	for (size_t i = 0; i < stacks->count; i++) {
		fprintf(out, "%s\n{\"tid\":%" PRIu32 ",\"frames\":[", i ? "," : "",
			stacks->stacks[i].tid);
		write_frames(out, &stacks->stacks[i]);
		fputs("]}", out);
	}
	fputs("],\n", out);
}

static void write_waits(FILE *out, const struct waits *waits)
{
	fputs("\"waits\":[", out);
	for (size_t i = 0; i < waits->count; i++) {
		const struct wait_edge *edge = &waits->edges[i];

		fprintf(out,
			"%s\n{\"tid\":%" PRIu32 ",\"address\":\"%" PRIx64
			"\",\"value\":%" PRIu32 ",\"what\":",
			i ? "," : "", edge->tid, edge->address, edge->value);
		json_string(out, edge->what);
		fprintf(out, ",\"owner\":%" PRIu32 ",\"in_cycle\":%s}", edge->owner,
			edge->in_cycle ? "true" : "false");
	}
	fputs("],\n", out);
}

static void write_output(FILE *out, const struct evidence *e)
{
	char *text = calloc(1, e->output_length + 1);

	fputs("\"output\":", out);
	for (size_t i = 0; text && i < e->output_length; i++)
		text[i] = e->output[i] ? e->output[i] : '?';
	json_string(out, text ? text : "");
	free(text);
}

/* [time, thread, what, argument]; of a signal that is sent to a thread, its index comes last. */
static void write_event(FILE *out, const struct timeline_event *entry)
{
	const struct event *event = &entry->event;
	bool sent = event->kind == EVENT_SIGNAL_SENT;

	fprintf(out, "[%" PRIu64 ",%" PRIu32 ",\"%s\",%" PRIu32, event->time,
		entry->thread, event_name(event->kind),
		sent ? event_sent_signal(event) : event->argument);
	if (sent && event_sent_to(event) != EVENT_TO_PROCESS)
		fprintf(out, ",%" PRIu32, event_sent_to(event));
	fputc(']', out);
}

void evidence_write_json(FILE *out, const struct evidence *evidence)
{
	fputs("{\"format\":1,\n", out);
	write_snapshot(out, "before", evidence->has_before, &evidence->before);
	write_snapshot(out, "after", evidence->has_after, &evidence->after);
	write_world(out, evidence);
	write_stacks(out, &evidence->stacks);
	write_waits(out, &evidence->waits);
	fputs("\"events\":[", out);
	for (size_t i = 0; i < evidence->timeline.count; i++) {
		fputs(i ? ",\n" : "\n", out);
		write_event(out, &evidence->timeline.events[i]);
	}
	fputs("],\n", out);
	write_output(out, evidence);
	fputs("}\n", out);
}
