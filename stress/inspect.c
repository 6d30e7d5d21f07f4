/* SPDX-License-Identifier: BSD-2-Clause */
#include "inspect.h"
#include "runtime.h"

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
