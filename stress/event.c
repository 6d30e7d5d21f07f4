/* SPDX-License-Identifier: BSD-2-Clause */
#include "event.h"
#include "runtime.h"

static const char *const names[EVENT_KIND_COUNT] = {
	[EVENT_NONE] = "none",
	[EVENT_THREAD_BORN] = "thread born",
	[EVENT_THREAD_GONE] = "thread gone",
	[EVENT_SLOT_TAKEN] = "slot taken",
	[EVENT_SLOT_LEFT] = "slot left",
	[EVENT_PARK] = "park",
	[EVENT_UNPARK] = "unpark",
	[EVENT_READY] = "ready",
	[EVENT_SYSCALL_ENTER] = "system call entered",
	[EVENT_SYSCALL_EXIT] = "system call left",
	[EVENT_WORLD_STOPPED] = "world stopped",
	[EVENT_WORLD_STARTED] = "world started",
	[EVENT_BROADCAST_BEGIN] = "broadcast begins",
	[EVENT_BROADCAST_END] = "broadcast ends",
	[EVENT_FIXUP_POSTED] = "fixup posted",
	[EVENT_FIXUP_RUN] = "fixup run",
	[EVENT_HANDLER_ENTER] = "handler entered",
	[EVENT_HANDLER_LEAVE] = "handler left",
	[EVENT_SIGNAL_SENT] = "signal sent",
	[EVENT_SIGNAL_TAKEN] = "signal taken",
	[EVENT_POLL_ENTER] = "poll entered",
	[EVENT_POLL_LEAVE] = "poll left",
};

const char *event_name(enum event_kind kind)
{
	return kind < EVENT_KIND_COUNT ? names[kind] : "unknown";
}

/* A handler may come between any two of these steps; it appends behind the number that
 * was taken here, so the fetch-add is the reservation. Nobody else appends, so relaxed is
 * enough for it; the release store of the number publishes the entry to event_read. */
void event(enum event_kind kind, uint32_t argument)
{
	struct thread *self = os_self();
	struct event_ring *ring;
	struct event_entry *entry;
	uint32_t number;

	if (!self || !os_keeps_events())
		return;
	ring = &self->ring;
	number = atomic_fetch_add_explicit(&ring->next, 1, memory_order_relaxed) + 1;
	entry = &ring->entries[number % EVENT_RING_SIZE];
	atomic_store_explicit(&entry->number, 0, memory_order_relaxed);
	atomic_thread_fence(memory_order_release);
	atomic_store_explicit(&entry->time, os_now(), memory_order_relaxed);
	atomic_store_explicit(&entry->what,
		(uint32_t)kind << 24 | (argument & EVENT_ARGUMENT_MAX),
		memory_order_relaxed);
	atomic_store_explicit(&entry->number, number, memory_order_release);
}

void event_signal_sent(int signal, uint32_t thread)
{
	event(EVENT_SIGNAL_SENT, thread << 8 | (uint32_t)signal);
}

bool event_read(const struct event_ring *ring, uint32_t number, struct event *out)
{
	const struct event_entry *entry = &ring->entries[number % EVENT_RING_SIZE];
	uint32_t what;

	/* Acquire pairs with the release in event(); the fence with the one there: a
	 * reader that saw a later writer's bytes also sees that the number has changed.
	 */
	if (atomic_load_explicit(&entry->number, memory_order_acquire) != number)
		return false;
	out->time = atomic_load_explicit(&entry->time, memory_order_relaxed);
	what = atomic_load_explicit(&entry->what, memory_order_relaxed);
	atomic_thread_fence(memory_order_acquire);
	if (atomic_load_explicit(&entry->number, memory_order_relaxed) != number)
		return false;
	out->number = number;
	out->kind = what >> 24;
	out->argument = what & EVENT_ARGUMENT_MAX;
	return true;
}

uint32_t event_count(const struct event_ring *ring)
{
	return atomic_load_explicit(&ring->next, memory_order_acquire);
}
