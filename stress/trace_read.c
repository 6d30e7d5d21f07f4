/* SPDX-License-Identifier: BSD-2-Clause */
/* The strict reader of written traces. Pure: it works on the bytes alone. */
#include "event.h"
#include "trace.h"

#include <string.h>

struct reader {
	const char *next, *end;
	bool foreign; /* of the other byte order */
	struct trace_summary *summary;
	struct trace_header header;
	const char *complaint;
};

enum turn { TURN_UNKNOWN, TURN_IN, TURN_OUT };

/* What is known about a thread while its events are read. */
struct thread_state {
	uint64_t time;
	uint32_t number;
	enum turn slot, handler;
};

static bool complain(struct reader *in, const char *complaint)
{
	if (!in->complaint)
		in->complaint = complaint;
	return false;
}

static bool take(struct reader *in, void *out, size_t size)
{
	if ((size_t)(in->end - in->next) < size)
		return complain(in, "the trace is cut short");
	memcpy(out, in->next, size);
	in->next += size;
	return true;
}

static uint32_t number32(const struct reader *in, uint32_t number)
{
	return in->foreign ? __builtin_bswap32(number) : number;
}

static uint64_t number64(const struct reader *in, uint64_t number)
{
	return in->foreign ? __builtin_bswap64(number) : number;
}

static bool read_header(struct reader *in)
{
	struct trace_header *header = &in->header;

	if (!take(in, header, sizeof *header))
		return false;
	if (memcmp(header->magic, "hupstorm", sizeof header->magic))
		return complain(in, "the trace does not begin with its magic");
	in->foreign = header->byte_order == __builtin_bswap32(TRACE_BYTE_ORDER);
	if (number32(in, header->byte_order) != TRACE_BYTE_ORDER)
		return complain(in, "the byte-order mark is neither");
	if (number32(in, header->version) != TRACE_VERSION)
		return complain(in, "the version is not one that this reader knows");
	header->started = number64(in, header->started);
	header->stopped = number64(in, header->stopped);
	header->first_stop = number32(in, header->first_stop);
	header->last_stop = number32(in, header->last_stop);
	header->batches = number32(in, header->batches);
	if (header->stopped < header->started)
		return complain(in, "the trace ends before it starts");
	if (header->last_stop == header->first_stop)
		return complain(in, "the trace starts and ends in one stop");
	return true;
}

static bool read_batch(struct reader *in, struct trace_batch *batch)
{
	if (!take(in, batch, sizeof *batch))
		return false;
	batch->thread = number32(in, batch->thread);
	batch->kind = number32(in, batch->kind);
	batch->first = number32(in, batch->first);
	batch->dropped = number32(in, batch->dropped);
	batch->events = number32(in, batch->events);
	if (batch->thread >= THREADS_MAX)
		return complain(in, "a thread's index is out of range");
	if (batch->kind > THREAD_RECEIVER)
		return complain(in, "a thread is of no known kind");
	if (!memchr(batch->name, '\0', sizeof batch->name) || !*batch->name)
		return complain(in, "a thread has no proper name");
	return true;
}

/* Two kinds of event that must take turns on a thread. */
static bool take_turns(
	struct reader *in, enum turn *turn, enum turn now, const char *complaint)
{
	if (*turn == now)
		return complain(in, complaint);
	*turn = now;
	return true;
}

static bool check_turns(
	struct reader *in, struct thread_state *thread, enum event_kind kind)
{
	switch (kind) {
	case EVENT_SLOT_TAKEN:
		return take_turns(in, &thread->slot, TURN_IN, "a slot is taken twice");
	case EVENT_SLOT_LEFT:
	case EVENT_SYSCALL_ENTER:
		return take_turns(in, &thread->slot, TURN_OUT, "a slot is left twice");
	case EVENT_HANDLER_ENTER:
		return take_turns(in, &thread->handler, TURN_IN, "handlers nest");
	case EVENT_HANDLER_LEAVE:
		return take_turns(
			in, &thread->handler, TURN_OUT, "a handler is left twice");
	default:
		return true;
	}
}

/* The stops inside the trace: first_stop began before it and ends in it, last_stop begins
 * in it. */
static bool count_stop(struct reader *in, enum event_kind kind, uint32_t argument)
{
	uint32_t span = in->header.last_stop - in->header.first_stop;
	uint32_t since = (argument - in->header.first_stop) & EVENT_ARGUMENT_MAX;

	if (kind == EVENT_WORLD_STOPPED) {
		in->summary->stops++;
		if (since < 1 || since > span)
			return complain(in, "a stop is not of this trace");
	}
	if (kind == EVENT_WORLD_STARTED) {
		in->summary->starts++;
		if (since >= span)
			return complain(in, "a start is not of this trace");
	}
	return true;
}

/* Times do not fall, but into a handler that came while the event before it was being
 * written. */
static bool check_order(struct reader *in, const struct thread_state *thread,
	const struct trace_event *e, enum event_kind kind)
{
	if ((int32_t)(e->number - thread->number) <= 0)
		return complain(in, "events are not in order");
	if (e->time < thread->time && kind != EVENT_HANDLER_ENTER)
		return complain(in, "time goes back on a thread");
	return true;
}

static bool read_event(struct reader *in, struct thread_state *thread)
{
	struct trace_event e;
	enum event_kind kind;

	if (!take(in, &e, sizeof e))
		return false;
	e.time = number64(in, e.time);
	e.what = number32(in, e.what);
	e.number = number32(in, e.number);
	kind = e.what >> 24;
	if (kind == EVENT_NONE || kind >= EVENT_KIND_COUNT)
		return complain(in, "an event is of no known kind");
	if (!check_order(in, thread, &e, kind))
		return false;
	if (e.number != thread->number + 1)
		thread->slot = thread->handler = TURN_UNKNOWN;
	thread->number = e.number;
	thread->time = e.time;
	in->summary->signals += kind == EVENT_HANDLER_ENTER;
	return check_turns(in, thread, kind) &&
	       count_stop(in, kind, e.what & EVENT_ARGUMENT_MAX);
}

static bool read_events(struct reader *in, const struct trace_batch *batch)
{
	struct thread_state thread = { .number = batch->first - 1 };
	uint32_t span;

	for (uint32_t i = 0; i < batch->events; i++)
		if (!read_event(in, &thread))
			return false;
	span = thread.number - (batch->first - 1);
	if (span - batch->events > batch->dropped)
		return complain(in, "events are missing that were not dropped");
	in->summary->threads++;
	in->summary->events += batch->events;
	in->summary->dropped += batch->dropped;
	return true;
}

/* Every stop and start of the span, unless something was dropped. */
static bool check_stops(struct reader *in)
{
	uint64_t span = in->header.last_stop - in->header.first_stop;
	struct trace_summary *summary = in->summary;

	if (summary->dropped)
		return true;
	if (summary->stops != span || summary->starts != span)
		return complain(in, "the stops and starts do not add up");
	return true;
}

int trace_read(const void *trace, size_t size, struct trace_summary *summary,
	const char **complaint)
{
	struct reader in = {
		.next = trace,
		.end = (const char *)trace + size,
		.summary = summary,
	};
	struct trace_batch batch;
	bool ok;

	*summary = (struct trace_summary){ 0 };
	ok = read_header(&in);
	for (uint32_t i = 0; ok && i < in.header.batches; i++)
		ok = read_batch(&in, &batch) && read_events(&in, &batch);
	if (ok && in.next != in.end)
		ok = complain(&in, "there is something behind the last batch");
	if (ok)
		ok = check_stops(&in);
	*complaint = in.complaint;
	return ok ? 0 : -EBADMSG;
}
