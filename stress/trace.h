/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The format of a written trace, and a strict reader.
 *
 * Numbers are in the byte order of the machine that wrote them; the reader takes either.
 *
 *   header
 *	magic "hupstorm", uint32 version, uint32 byte-order mark, uint64 time of start,
 *	uint64 time of stop, uint32 first stop, uint32 last stop, uint32 batches, uint32 0
 *   batch
 *	uint32 thread, uint32 kind, char name[16], uint32 first event, uint32 dropped,
 *	uint32 events, uint32 0
 *   event
 *	uint64 time, uint32 kind << 24 | argument, uint32 number
 *
 * One batch for each record that a thread has ever used, even if it has no events; a
 * thread that was born on the record of one that had ended goes on in its batch.
 * "Dropped" events were overwritten in the ring, or being written when the trace ended.
 */
#ifndef HUPSTORM_STRESS_TRACE_H
#define HUPSTORM_STRESS_TRACE_H

#include "stress.h"

enum { TRACE_VERSION = 1, TRACE_BYTE_ORDER = 0x01020304 };

struct trace_header {
	char magic[8];
	uint32_t version, byte_order;
	uint64_t started, stopped;
	uint32_t first_stop, last_stop;
	uint32_t batches, reserved;
};

struct trace_batch {
	uint32_t thread, kind;
	char name[THREAD_NAME_SIZE];
	uint32_t first, dropped, events, reserved;
};

struct trace_event {
	uint64_t time;
	uint32_t what, number;
};

struct trace_summary {
	uint32_t threads;
	uint64_t events, dropped;
	uint64_t stops;	  /* world stopped, seen in the events */
	uint64_t starts;  /* world started */
	uint64_t signals; /* handlers entered */
};

/*
 * Read a trace and check all that must hold: the sizes, every field's range, that the
 * numbers of a thread's events rise and their times do not fall (but into a handler that
 * interrupted the writing of an event), that on each thread slots are taken and left in
 * turn and handlers are entered and left in turn, and that the stops and starts of all
 * threads together are as many as the header says, each in its span. Where events were
 * dropped, what can no longer be known is not held against the trace.
 *
 * Returns 0, or -EBADMSG with *complaint saying what is wrong (a constant string). Any
 * context; pure.
 */
int trace_read(const void *trace, size_t size, struct trace_summary *summary,
	const char **complaint);

#endif
