/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What happened, thread by thread: a ring of the last events on each thread, always on.
 *
 * The owner and the handlers on it append; anybody may read, also from outside the
 * process, at any time. Events belong to the seam, like os.h: they never decide anything,
 * and are no scheduling points.
 *
 * An entry carries the number of its event, stored last: a reader that finds another
 * number there knows that the entry is being written or was overwritten, and takes it as
 * absent.
 */
#ifndef HUPSTORM_STRESS_EVENT_H
#define HUPSTORM_STRESS_EVENT_H

#include "os.h"

enum event_kind {
	EVENT_NONE,
	EVENT_THREAD_BORN,     /* argument: nothing */
	EVENT_THREAD_GONE,     /* nothing */
	EVENT_SLOT_TAKEN,      /* slot */
	EVENT_SLOT_LEFT,       /* slot */
	EVENT_PARK,	       /* nothing */
	EVENT_UNPARK,	       /* nothing */
	EVENT_READY,	       /* thread made runnable */
	EVENT_SYSCALL_ENTER,   /* slot */
	EVENT_SYSCALL_EXIT,    /* nothing */
	EVENT_WORLD_STOPPED,   /* number of the stop */
	EVENT_WORLD_STARTED,   /* number of the stop that ends */
	EVENT_BROADCAST_BEGIN, /* number of the broadcast */
	EVENT_BROADCAST_END,   /* number of the broadcast */
	EVENT_FIXUP_POSTED,    /* thread */
	EVENT_FIXUP_RUN,       /* number of the broadcast */
	EVENT_HANDLER_ENTER,   /* signal */
	EVENT_HANDLER_LEAVE,   /* signal */
	EVENT_SIGNAL_SENT,     /* by event_signal_sent */
	EVENT_SIGNAL_TAKEN,    /* signal */
	EVENT_POLL_ENTER,      /* nothing */
	EVENT_POLL_LEAVE,      /* 1 if broken out */
	EVENT_KIND_COUNT
};

enum { EVENT_RING_SIZE = 1024, EVENT_ARGUMENT_MAX = 0xffffff };

struct event_entry {
	_Atomic uint64_t time;	 /* os_now() */
	_Atomic uint32_t what;	 /* kind << 24 | argument */
	_Atomic uint32_t number; /* of the event on its thread, from 1, low 32 bits; 0
				    while written */
};

struct event_ring {
	_Atomic uint32_t next; /* number of the next event, less 1 */
	struct event_entry entries[EVENT_RING_SIZE];
};

struct event {
	uint64_t time;
	uint32_t number;
	uint32_t argument;
	enum event_kind kind;
};

/* Append to the ring of the calling thread; does nothing on a thread of no world. The low
 * 24 bits of the argument are kept. Async-signal-safe; never blocks. */
void event(enum event_kind kind, uint32_t argument);

/* Before a signal is sent to the thread with that index, or to the process. As event(). */
enum { EVENT_TO_PROCESS = 0xffff };
void event_signal_sent(int signal, uint32_t thread);

/* Of EVENT_SIGNAL_SENT: which signal, and the thread or EVENT_TO_PROCESS. */
static inline uint32_t event_sent_signal(const struct event *event)
{
	return event->argument & 0xff;
}

static inline uint32_t event_sent_to(const struct event *event)
{
	return event->argument >> 8;
}

/* Read event `number` (from 1). False if it is not, or no longer, or not wholly there.
 * Lock-free. */
bool event_read(const struct event_ring *ring, uint32_t number, struct event *out);

/* The number of events so far. */
uint32_t event_count(const struct event_ring *ring);

/* "slot taken", ... */
const char *event_name(enum event_kind kind);

#endif
