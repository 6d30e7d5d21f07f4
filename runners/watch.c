/* SPDX-License-Identifier: BSD-2-Clause */
#include "watch.h"

#include "judge.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>

#define WINDOW		  (100 * OS_MILLISECOND)
#define STALLED_AFTER	  (60 * OS_MILLISECOND)
#define WAITED_LONG_AFTER (300 * OS_MILLISECOND)
#define LIVELOCK_CPU	  (500 * OS_MILLISECOND)
#define ALONE_CPU	  (10 * OS_SECOND)
#define HANDLER_CPU	  (50 * OS_MILLISECOND)

enum { HANDLER_SWITCHES = 200 };
enum { WINDOWS_ASLEEP = 3, WINDOWS_LOST = 3, WINDOWS_BUSY = 5, LIVELOCK_SWITCHES = 2000 };

/* Something that moves on, and since when it has not. */
struct clock {
	uint64_t reading;
	uint64_t since;
};

struct handler_seen {
	uint32_t tid, handlers;
	uint64_t run, switches,
		time; /* of the thread when it was first seen in this one */
};

struct watch {
	struct watch_target target;
	uint64_t began,
		allowed;  /* time that it has, beside the coordinator's in the queue */
	struct clock all; /* anything in the cell */
	struct clock coordinator; /* what the coordinator does */
	struct clock ping_pong;
	uint64_t coordinator_cpu;   /* of the cell, when the coordinator last moved on */
	uint64_t coordinator_delay; /* its own run delay then */
	uint64_t starved, stopped;  /* time in such windows, in all */
	uint32_t asleep, lost, busy;
	uint64_t busy_cpu, busy_switches;
	bool disarmed, runs_free; /* faults */
	bool has_before;
	struct snapshot *before, *now;
	struct handler_seen handlers[THREADS_MAX];
};

/* A cell has this long to end by itself, if it goes on moving. */
static uint64_t time_allowed(const struct watch_target *target)
{
	const struct cell *cell = target->cell;
	uint64_t allowed = target->grace ? target->grace : 20 * OS_SECOND;

	if (cell->time_limit)
		allowed += 4 * cell->time_limit;
	else
		allowed += cell->cycles * 100 * OS_MILLISECOND;
	return allowed * target->patience;
}

static void take_faults(struct watch *watch)
{
	struct fault_set faults = fault_set_of(watch->target.cell->faults);

	watch->disarmed = faults.on[FAULT_WATCH_DISARMED];
	watch->runs_free = faults.on[FAULT_PROGRESS_RUNS_FREE];
}

struct watch *watch_new(const struct watch_target *target)
{
	struct watch *watch = calloc(1, sizeof *watch);

	if (!watch)
		return NULL;
	watch->target = *target;
	take_faults(watch);
	watch->began = os_now();
	watch->allowed = time_allowed(target);
	watch->all.since = watch->coordinator.since = watch->ping_pong.since =
		watch->began;
	watch->before = malloc(sizeof *watch->before);
	watch->now = malloc(sizeof *watch->now);
	if (watch->before && watch->now)
		return watch;
	watch_free(watch);
	return NULL;
}

void watch_free(struct watch *watch)
{
	if (!watch)
		return;
	free(watch->before);
	free(watch->now);
	free(watch);
}

static bool read_clock(struct clock *clock, uint64_t reading, uint64_t now)
{
	bool moved = clock->reading != reading;

	if (moved)
		*clock = (struct clock){ reading, now };
	return moved;
}

/* The readings are sums of what only ever grows, so none hides behind another. */
static uint64_t coordinator_reading(const struct watch *watch)
{
	const struct storm_progress *progress = watch->target.progress;
	const struct world_counters *world =
		world_inspect_counters(watch->target.memory, watch->target.memory_size);
	uint64_t reading = os_load(&progress->state, memory_order_relaxed) +
			   os_counted(&progress->cycles) + os_counted(&progress->traces) +
			   watch->runs_free * os_now();

	if (world)
		reading += os_counted(&world->stops) + os_counted(&world->broadcasts) +
			   os_counted(&world->fixups);
	return reading;
}

static uint64_t cell_reading(const struct watch *watch, const struct world_view *view)
{
	const struct world_counters *world =
		world_inspect_counters(watch->target.memory, watch->target.memory_size);
	uint64_t reading = watch->coordinator.reading + watch->ping_pong.reading;

	if (world)
		reading += os_counted(&world->taken) + os_counted(&world->births) +
			   os_counted(&world->deaths);
	for (uint32_t i = 0; i < view->thread_count; i++)
		reading += view->threads[i].steps + view->threads[i].safepoints;
	return reading + watch->runs_free * os_now();
}

/* How long the coordinator has been runnable and had no processor; the last that was
 * known, if it has gone. */
static uint64_t coordinator_delay(const struct watch *watch)
{
	uint32_t tid =
		os_load(&watch->target.progress->coordinator, memory_order_relaxed);
	struct thread_sample sample;

	return thread_usage(watch->target.pid, tid, &sample) ? sample.delay
							     : watch->coordinator_delay;
}

static void note_coordinator(struct watch *watch)
{
	watch->coordinator_cpu = process_cpu(watch->target.pid);
	watch->coordinator_delay = coordinator_delay(watch);
}

static void forget_windows(struct watch *watch)
{
	watch->asleep = watch->lost = watch->busy = 0;
	watch->busy_cpu = watch->busy_switches = 0;
	watch->has_before = false;
}

static void read_clocks(struct watch *watch, const struct world_view *view, uint64_t now)
{
	if (read_clock(&watch->coordinator, coordinator_reading(watch), now))
		note_coordinator(watch);
	if (read_clock(&watch->ping_pong, os_counted(&watch->target.progress->received),
		    now))
		watch->lost = 0;
	if (read_clock(&watch->all, cell_reading(watch, view), now)) {
		watch->asleep = watch->busy = 0;
		watch->busy_cpu = watch->busy_switches = 0;
	}
}

static bool is_stalled(const struct watch *watch, uint64_t now)
{
	return now - watch->all.since > STALLED_AFTER;
}

static bool signal_is_awaited_long(
	const struct watch *watch, const struct world_view *view, uint64_t now)
{
	if (now - watch->ping_pong.since < WAITED_LONG_AFTER)
		return false;
	for (uint32_t i = 0; i < view->thread_count; i++)
		if (view->threads[i].awaits_signal)
			return true;
	return false;
}

static void count_window(struct watch *watch, const struct window *window, bool stalled)
{
	uint64_t length = watch->now->time - watch->before->time;

	if (window->kind == WINDOW_LOST)
		watch->lost++;
	else if (window->kind != WINDOW_UNCLEAR)
		watch->lost = 0;
	if (window->kind == WINDOW_STARVED)
		watch->starved += length;
	if (window->kind == WINDOW_STOPPED)
		watch->stopped += length;
	if (!stalled)
		return;
	if (window->kind == WINDOW_ASLEEP)
		watch->asleep++;
	if (window->kind == WINDOW_BUSY) {
		watch->busy++;
		watch->busy_cpu += window->cpu;
		watch->busy_switches += window->switches;
		watch->asleep = 0;
	}
}

static bool is_livelock(const struct watch *watch)
{
	unsigned patience = watch->target.patience;

	return watch->busy >= WINDOWS_BUSY * patience &&
	       (watch->busy_cpu >= LIVELOCK_CPU * patience ||
		       watch->busy_switches >= (uint64_t)LIVELOCK_SWITCHES * patience);
}

static enum verdict conclude(struct watch *watch, char *reason)
{
	unsigned patience = watch->target.patience;
	char where[REASON_SIZE / 2];
	double silent = os_seconds(watch->now->time - watch->all.since);

	if (watch->disarmed)
		return VERDICT_MISSING;
	judge_describe(watch->now, where, sizeof where);
	if (watch->lost >= WINDOWS_LOST * patience) {
		snprintf(reason, REASON_SIZE,
			"a signal was sent and is not handled, queued or pending any "
			"more; %s",
			where);
		return VERDICT_LOST_SIGNAL;
	}
	if (watch->asleep >= WINDOWS_ASLEEP * patience) {
		snprintf(reason, REASON_SIZE, "everybody sleeps, for %.1f s; %s", silent,
			where);
		return VERDICT_DEADLOCK;
	}
	if (is_livelock(watch)) {
		snprintf(reason, REASON_SIZE,
			"no progress for %.1f s, %.1f s of CPU time, %" PRIu64
			" switches; %s",
			silent, os_seconds(watch->busy_cpu), watch->busy_switches, where);
		return VERDICT_LIVELOCK;
	}
	return VERDICT_MISSING;
}

static void swap_snapshots(struct watch *watch)
{
	struct snapshot *snapshot = watch->before;

	watch->before = watch->now;
	watch->now = snapshot;
	watch->has_before = true;
}

/* A window ends when it is long enough; what it shows is added to what the ones before it
 * have shown. */
static enum verdict look_closely(struct watch *watch, uint64_t now, char *reason)
{
	struct window window;
	enum verdict verdict;

	if (watch->has_before && now - watch->before->time < WINDOW)
		return VERDICT_MISSING;
	if (snapshot_take(watch->now, watch->target.pid, watch->target.memory,
		    watch->target.memory_size))
		return VERDICT_MISSING;
	if (!watch->has_before) {
		swap_snapshots(watch);
		return VERDICT_MISSING;
	}
	window = judge_window(watch->before, watch->now);
	count_window(watch, &window, watch->before->time > watch->all.since);
	verdict = conclude(watch, reason);
	swap_snapshots(watch);
	return verdict;
}

/* The coordinator alone stands still while others move on: no clean stall, so the
 * evidence must be overwhelming. If it spent the time in the queue for a processor, the
 * system's scheduler has starved it. */
static enum verdict look_at_coordinator(struct watch *watch, char *reason)
{
	uint64_t limit = ALONE_CPU * watch->target.patience;
	uint64_t cpu = process_cpu(watch->target.pid) - watch->coordinator_cpu;
	uint64_t silent = os_now() - watch->coordinator.since, delay;
	char where[REASON_SIZE / 2];

	if (os_load(&watch->target.progress->state, memory_order_relaxed) != STORM_RUNS ||
		watch->disarmed || cpu < limit || silent < limit)
		return VERDICT_MISSING;
	delay = coordinator_delay(watch) - watch->coordinator_delay;
	if (delay > silent / 2) {
		snprintf(reason, REASON_SIZE,
			"the coordinator could run and was not let for %.1f of %.1f s, "
			"while others were",
			os_seconds(delay), os_seconds(silent));
		return VERDICT_STARVED;
	}
	judge_describe(watch->now, where, sizeof where);
	snprintf(reason, REASON_SIZE,
		"the coordinator has made no progress for %.1f s of CPU time; the others "
		"have; %s",
		os_seconds(cpu), where);
	return VERDICT_LIVELOCK;
}

/* True if the thread has been in one and the same handler for too long and the rest of
 * the cell has moved on for as long: otherwise nothing moves, and it will be judged for
 * that. Long in CPU time, or, since a handler that yields uses next to none where others
 * want the processor, in context switches. */
static bool handler_is_too_long(
	struct watch *watch, const struct thread_view *thread, uint64_t now)
{
	struct handler_seen *seen = &watch->handlers[thread->index % THREADS_MAX];
	struct thread_sample usage;
	uint64_t patience = watch->target.patience;

	if (!thread_usage(watch->target.pid, thread->tid, &usage))
		return false;
	if (seen->tid != thread->tid || seen->handlers != thread->handlers) {
		*seen = (struct handler_seen){ thread->tid, thread->handlers, usage.run,
			usage.switches, now };
		return false;
	}
	if (watch->all.since < seen->time + HANDLER_CPU * patience)
		return false;
	return usage.run - seen->run > HANDLER_CPU * patience ||
	       usage.switches - seen->switches > HANDLER_SWITCHES * patience;
}

static enum verdict look_at_handlers(
	struct watch *watch, const struct world_view *view, uint64_t now, char *reason)
{
	for (uint32_t i = 0; i < view->thread_count; i++) {
		const struct thread_view *thread = &view->threads[i];
		uint64_t since;

		if (!thread->in_handler || !thread->tid ||
			!handler_is_too_long(watch, thread, now))
			continue;
		since = watch->handlers[thread->index % THREADS_MAX].time;
		snprintf(reason, REASON_SIZE,
			"handler: thread %u (%s) has been in one for %.1f s, and others "
			"move on",
			thread->index, thread->name, os_seconds(now - since));
		return VERDICT_ORACLE;
	}
	return VERDICT_MISSING;
}

static enum verdict time_is_up(const struct watch *watch, char *reason)
{
	uint64_t cycles = os_counted(&watch->target.progress->cycles);
	double took = os_seconds(os_now() - watch->began);

	if (watch->stopped > OS_SECOND) {
		snprintf(reason, REASON_SIZE,
			"stopped by a signal or a debugger for %.1f of %.1f s",
			os_seconds(watch->stopped), took);
		return VERDICT_INVALID;
	}
	if (watch->starved > OS_SECOND) {
		snprintf(reason, REASON_SIZE,
			"a thread was runnable and not run for %.1f of %.1f s",
			os_seconds(watch->starved), took);
		return VERDICT_STARVED;
	}
	snprintf(reason, REASON_SIZE, "%" PRIu64 " of %" PRIu64 " cycles in %.1f s",
		cycles, watch->target.cell->cycles, took);
	return VERDICT_SLOW;
}

/* What the coordinator spends in the queue for a processor is not the cell's time; up to twice what
 * it has, for a cell must end. */
static bool has_time(const struct watch *watch, uint64_t now)
{
	uint64_t delay;

	if (now < watch->began + watch->allowed)
		return true;
	delay = coordinator_delay(watch);
	return now < watch->began + watch->allowed +
			     (delay < watch->allowed ? delay : watch->allowed);
}

enum verdict watch_look(struct watch *watch, char *reason)
{
	struct world_view *view = &watch->now->view;
	enum verdict verdict;
	uint64_t now = os_now();

	if (!has_time(watch, now))
		return time_is_up(watch, reason);
	if (world_inspect(watch->target.memory, watch->target.memory_size, view))
		return VERDICT_MISSING;
	read_clocks(watch, view, now);
	verdict = look_at_handlers(watch, view, now, reason);
	if (verdict == VERDICT_MISSING)
		verdict = look_at_coordinator(watch, reason);
	if (verdict != VERDICT_MISSING)
		return verdict;
	if (is_stalled(watch, now) || signal_is_awaited_long(watch, view, now))
		return look_closely(watch, now, reason);
	forget_windows(watch);
	return VERDICT_MISSING;
}

bool watch_is_suspicious(const struct watch *watch)
{
	return watch->has_before;
}

const struct snapshot *watch_snapshot(const struct watch *watch)
{
	/* They were swapped when the window had been judged. */
	return watch->has_before ? watch->now : NULL;
}
