/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The tracer: a window onto the event rings, opened and closed with the world stopped
 * (runtime/trace.go).
 *
 * Threads without a slot - sysmon, pollers, threads in system calls, handlers - go on
 * recording while the window is closed; what they are just then writing is left out and
 * counted (golang/go#38794 and #65181 are two ways to get that wrong).
 */
#include "trace.h"
#include "runtime.h"

#include <string.h>

struct writer {
	char *next, *end;
	bool full;
};

static void *reserve(struct writer *out, size_t size)
{
	void *place = out->next;

	if (out->full || (size_t)(out->end - out->next) < size) {
		out->full = true;
		return NULL;
	}
	out->next += size;
	return place;
}

static uint32_t stops(void)
{
	return (uint32_t)os_counted(&world->counters.stops);
}

size_t trace_size(uint32_t threads_max)
{
	return sizeof(struct trace_header) +
	       threads_max * (sizeof(struct trace_batch) +
				     EVENT_RING_SIZE * sizeof(struct trace_event));
}

/* sysmon is not stopped with the world, and must not hand slots around under the tracer.
 */
static int stop_for_trace(void)
{
	int error = world_stop();

	if (!error && !fault(FAULT_TRACE_BESIDE_SYSMON))
		lock_acquire(&world->sysmon.lock);
	return error;
}

static void restart_after_trace(void)
{
	if (!fault(FAULT_TRACE_BESIDE_SYSMON))
		lock_release(&world->sysmon.lock);
	world_restart();
}

int trace_start(void)
{
	struct trace *trace = &world->trace;
	int error = stop_for_trace();

	if (error)
		return error;
	if (trace->on) {
		error = -EBUSY;
	} else {
		trace->on = true;
		trace->first_stop = stops();
		trace->since = os_now();
		for (uint32_t id = 0; id < world->config.threads_max; id++)
			trace->from[id] = event_count(&thread_at(id)->ring);
	}
	restart_after_trace();
	return error;
}

static void write_event(
	struct writer *out, struct trace_batch *batch, const struct event *e)
{
	struct trace_event *written = reserve(out, sizeof *written);

	if (!written)
		return;
	*written = (struct trace_event){ e->time, (uint32_t)e->kind << 24 | e->argument,
		e->number };
	batch->events++;
}

static void write_batch(struct writer *out, struct thread *thread)
{
	uint32_t first = world->trace.from[thread->id] + 1;
	uint32_t end = event_count(&thread->ring) + 1;
	struct trace_batch *batch = reserve(out, sizeof *batch);
	struct event e;

	if (!batch)
		return;
	*batch = (struct trace_batch){
		.thread = thread->id,
		.kind = thread->kind,
		.first = first,
	};
	memcpy(batch->name, thread->name, sizeof batch->name);
	if (end - first > EVENT_RING_SIZE) {
		batch->dropped = end - first - EVENT_RING_SIZE;
		first = end - EVENT_RING_SIZE;
	}
	for (uint32_t number = first; number != end; number++) {
		if (event_read(&thread->ring, number, &e))
			write_event(out, batch, &e);
		else
			batch->dropped++;
	}
}

static void write_trace(struct writer *out)
{
	struct trace_header *header = reserve(out, sizeof *header);
	uint32_t records = os_load(&world->sched.records, memory_order_acquire);

	if (!header)
		return;
	*header = (struct trace_header){
		.magic = "hupstorm",
		.version = TRACE_VERSION,
		.byte_order = TRACE_BYTE_ORDER,
		.started = world->trace.since,
		.stopped = os_now(),
		.first_stop = world->trace.first_stop,
		.last_stop = stops(),
	};
	/* Switched off, there is nothing to write. */
	if (fault(FAULT_TRACE_EMPTY))
		return;
	for (uint32_t id = 0; id < records; id++) {
		write_batch(out, thread_at(id));
		header->batches++;
	}
}

/* Flush, then disable: the other way round the trace would be empty. */
int trace_stop(void *buffer, size_t capacity, size_t *size)
{
	struct writer out = { .next = buffer, .end = (char *)buffer + capacity };
	int error = stop_for_trace();

	*size = 0;
	if (error)
		return error;
	if (world->trace.on)
		write_trace(&out);
	else
		error = -EINVAL;
	world->trace.on = false;
	restart_after_trace();
	if (out.full)
		return -ENOSPC;
	*size = (size_t)(out.next - (char *)buffer);
	return error;
}
