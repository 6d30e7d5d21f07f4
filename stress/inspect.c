/* SPDX-License-Identifier: BSD-2-Clause */
#include "inspect.h"
#include "runtime.h"
#include "text.h"

#include <string.h>

static const char *const phases[PHASE_COUNT] = {
	[PHASE_IDLE] = "idle",
	[PHASE_STOPPING] = "stopping the world",
	[PHASE_STOPPED] = "world stopped",
	[PHASE_BROADCASTING] = "broadcasting",
	[PHASE_STARTING] = "starting the world",
};

static const char *const places[WHERE_COUNT] = {
	[WHERE_GONE] = "gone",
	[WHERE_BIRTH] = "being born",
	[WHERE_RUNTIME] = "in the runtime",
	[WHERE_USER] = "running user code",
	[WHERE_PARKED] = "parked",
	[WHERE_SYSCALL] = "in a system call",
	[WHERE_NOTE] = "asleep as receiver",
	[WHERE_POLLER] = "in the poller",
	[WHERE_SYSMON] = "asleep as sysmon",
	[WHERE_TEMPLATE] = "asleep as template",
};

static const char *const wakers[WAKER_COUNT] = {
	[WAKER_UNKNOWN] = "nobody knows what",
	[WAKER_POST] = "a post",
	[WAKER_SIGNAL] = "a signal",
	[WAKER_ITSELF] = "its own timeout or work",
};

const char *world_phase_name(enum world_phase phase)
{
	return phase < PHASE_COUNT ? phases[phase] : "unknown";
}

const char *thread_where_name(enum thread_where where)
{
	return where < WHERE_COUNT ? places[where] : "unknown";
}

const char *thread_waker_name(enum thread_waker waker)
{
	return waker < WAKER_COUNT ? wakers[waker] : "unknown";
}

static const struct world *world_in(const void *memory, size_t size)
{
	const struct world *w = memory;

	if (size < sizeof *w || !w->config.slots || w->config.threads_max > THREADS_MAX ||
		size < world_size(w->config.threads_max, 0))
		return NULL;
	return w;
}

static void view_thread(
	const struct thread *thread, uint32_t index, struct thread_view *view)
{
	uint32_t handlers = os_load(&thread->handler, memory_order_relaxed);
	uint32_t where = os_load(&thread->where, memory_order_relaxed);

	*view = (struct thread_view){
		.index = index,
		.tid = os_load(&thread->tid, memory_order_relaxed),
		.kind = thread->kind <= THREAD_RECEIVER ? thread->kind : THREAD_USER,
		.where = where < WHERE_COUNT ? where : WHERE_RUNTIME,
		.owes = os_load(&thread->fixup.state, memory_order_relaxed) !=
				FIXUP_NONE ||
			os_load(&thread->fixup.mark, memory_order_relaxed),
		.waits = os_load(&thread->status, memory_order_relaxed) == THREAD_WAITING,
		.in_handler = handlers & 1,
		.handlers = handlers,
		.awaits_signal = os_load(&thread->awaits_signal, memory_order_relaxed),
		.steps = os_counted(&thread->steps),
		.safepoints = os_counted(&thread->safepoints),
		.slot = thread->slot,
		.park = os_load(&thread->park.events, memory_order_relaxed),
		.fixup = os_load(&thread->fixup.state, memory_order_relaxed),
		.mark = os_load(&thread->fixup.mark, memory_order_relaxed),
		.locks = thread->locks_held,
		.mask = thread->mask.bits,
	};
	memcpy(view->name, thread->name, sizeof view->name);
	view->name[sizeof view->name - 1] = '\0';
}

static uint64_t mask(const os_word words[2])
{
	return (uint64_t)os_load(&words[1], memory_order_relaxed) << 32 |
	       os_load(&words[0], memory_order_relaxed);
}

static void view_broadcasts(const struct observed *o, struct broadcast_view *view)
{
	*view = (struct broadcast_view){
		.quick = os_counted(&o->quick),
		.legal = os_counted(&o->legal),
		.slow = os_counted(&o->slow),
		.stalled = os_counted(&o->stalled),
		.ticks = os_counted(&o->slowest_ticks),
		.last = (uint32_t)os_counted(&o->slowest_last),
		.slept_at = (enum thread_where)os_counted(&o->slowest_at),
		.woken_by = (enum thread_waker)os_counted(&o->slowest_woken_by),
	};
}

int world_inspect(const void *memory, size_t size, struct world_view *view)
{
	const struct world *w = world_in(memory, size);
	uint32_t records;

	if (!w)
		return -EINVAL;
	records = os_load(&w->sched.records, memory_order_acquire);
	if (records > w->config.threads_max)
		return -EINVAL;
	view->running = os_load(&w->sysmon.up, memory_order_relaxed) &&
			!os_load(&w->ending, memory_order_relaxed);
	view->phase = os_counted(&w->phase) < PHASE_COUNT
			      ? (enum world_phase)os_counted(&w->phase)
			      : PHASE_IDLE;
	view->stop_wait = w->sched.stop_wait;
	view->broadcast = w->broadcast.number;
	view->signals_pending = mask(w->signals.pending);
	view->signals_wanted = mask(w->signals.wanted);
	view->receiver_asleep =
		os_load(&w->signals.state, memory_order_relaxed) == SIGNAL_RECEIVING &&
		!os_load(&w->signals.note.events, memory_order_relaxed);
	view_broadcasts(&w->observed, &view->broadcasts);
	view->thread_count = 0;
	for (uint32_t id = 0; id < records; id++) {
		if (os_load(&w->threads[id].where, memory_order_relaxed) == WHERE_GONE)
			continue;
		view_thread(&w->threads[id], id, &view->threads[view->thread_count++]);
	}
	return 0;
}

const struct world_counters *world_inspect_counters(const void *memory, size_t size)
{
	const struct world *w = world_in(memory, size);

	return w ? &w->counters : NULL;
}

const struct event_ring *world_inspect_events(
	const void *memory, size_t size, uint32_t index)
{
	const struct world *w = world_in(memory, size);

	if (!w || index >= w->config.threads_max)
		return NULL;
	return &w->threads[index].ring;
}

/* A lock is waited for at its state, a note at its events; both come first. */
static bool name_lock(const struct world *w, const void *address,
	char name[WORD_NAME_SIZE], uint32_t *owner)
{
	const struct {
		const struct lock *lock;
		const char *name;
	} locks[] = {
		{ &w->sched.lock, "the scheduler's lock" },
		{ &w->sysmon.lock, "sysmon's lock" },
		{ &w->template_thread.lock, "the template thread's lock" },
		{ &w->timers.lock, "the lock of the timers" },
		{ &w->signals.lock, "the lock of the subscriptions" },
	};

	for (size_t i = 0; i < sizeof locks / sizeof locks[0]; i++) {
		uint32_t held;

		if (address != locks[i].lock)
			continue;
		text_append(name, WORD_NAME_SIZE, "%s", locks[i].name);
		held = os_load(&locks[i].lock->owner, memory_order_relaxed);
		*owner = held ? held - 1 : THREADS_MAX;
		return true;
	}
	return false;
}

/* There are such locks with a fault alone. */
static bool name_fixup_lock(const struct world *w, const void *address,
	char name[WORD_NAME_SIZE], uint32_t *owner)
{
	for (uint32_t i = 0; i < w->config.threads_max; i++) {
		const struct lock *lock = &w->threads[i].fixup.lock;
		uint32_t held;

		if (address != lock)
			continue;
		text_append(name, WORD_NAME_SIZE, "the fixup lock of thread %u", i);
		held = os_load(&lock->owner, memory_order_relaxed);
		*owner = held ? held - 1 : THREADS_MAX;
		return true;
	}
	return false;
}

static bool name_note(
	const struct world *w, const void *address, char name[WORD_NAME_SIZE])
{
	const struct {
		const struct note *note;
		const char *name;
	} notes[] = {
		{ &w->sched.stop_note, "the note of the stop" },
		{ &w->sysmon.note, "sysmon's note" },
		{ &w->template_thread.note, "the template thread's note" },
		{ &w->signals.note, "the receiver's note" },
	};

	for (size_t i = 0; i < sizeof notes / sizeof notes[0]; i++) {
		if (address != notes[i].note)
			continue;
		text_append(name, WORD_NAME_SIZE, "%s", notes[i].name);
		return true;
	}
	if (address == &w->broadcast.owing) {
		text_append(name, WORD_NAME_SIZE, "the threads that owe the broadcast");
		return true;
	}
	for (uint32_t i = 0; i < w->config.threads_max; i++) {
		if (address != &w->threads[i].park)
			continue;
		text_append(name, WORD_NAME_SIZE, "the park note of thread %u", i);
		return true;
	}
	return false;
}

bool world_inspect_word(const void *memory, size_t size, const void *address,
	char name[WORD_NAME_SIZE], uint32_t *owner)
{
	const struct world *w = world_in(memory, size);

	*owner = THREADS_MAX;
	name[0] = '\0';
	if (!w)
		return false;
	return name_lock(w, address, name, owner) ||
	       name_fixup_lock(w, address, name, owner) || name_note(w, address, name);
}
