/* SPDX-License-Identifier: BSD-2-Clause */
#include "program_watch.h"

#include "processes.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>

#define WINDOW		 (100 * OS_MILLISECOND)
#define SILENT_AFTER	 (200 * OS_MILLISECOND)
#define STORM_AGAIN	 (300 * OS_MILLISECOND)
#define REST_AT_MOST	 (3 * OS_SECOND)
#define LIVELOCK_CPU	 (500 * OS_MILLISECOND)
#define STOPPED_FOR	 (10 * OS_SECOND)
#define CPU_STANDS_STILL OS_MILLISECOND

enum { WINDOWS_ASLEEP = 3, WINDOWS_BUSY = 5, LIVELOCK_SWITCHES = 2000 };
enum { GAPS_SILENT = 4, GAPS_LIVELOCK = 20, BEFORE_FIRST_MARK = 10 };

struct program_watch {
	struct program_watch_target target;
	uint64_t began, marks;
	uint64_t since;	    /* the last mark, or other sign of life */
	uint64_t cpu_then;  /* of the leader's process at that time */
	uint64_t gap;	    /* the longest between two marks, while the storm went on */
	uint64_t gap_cpu;   /* the most CPU time between two marks */
	bool rests, rested; /* the storm: now, since the last mark */
	uint64_t turned;    /* when it came to rest, or began again */
	bool seen_before; /* what would be a verdict: once the storm must have its chance */
	uint32_t asleep, lost, busy;
	uint64_t busy_cpu, busy_switches;
	uint64_t stopped, stopped_since; /* time, in all; 0: it is not */
	bool has_window, has_before;
	struct snapshot *before, *now;
	char woken_by[WHY_WOKEN_SIZE];
};

struct program_watch *program_watch_new(const struct program_watch_target *target)
{
	struct program_watch *watch = calloc(1, sizeof *watch);

	if (!watch)
		return NULL;
	watch->target = *target;
	watch->began = watch->since = watch->turned = os_now();
	watch->before = malloc(sizeof *watch->before);
	watch->now = malloc(sizeof *watch->now);
	if (watch->before && watch->now)
		return watch;
	program_watch_free(watch);
	return NULL;
}

void program_watch_free(struct program_watch *watch)
{
	if (!watch)
		return;
	free(watch->before);
	free(watch->now);
	free(watch);
}

bool program_watch_is_suspicious(const struct program_watch *watch)
{
	return watch->has_before;
}

bool program_watch_snapshots(const struct program_watch *watch,
	const struct snapshot **before, const struct snapshot **after)
{
	/* They were swapped when the window had been judged. */
	*before = watch->now;
	*after = watch->before;
	return watch->has_window;
}

static void storm_rests(struct program_watch *w, bool rests, uint64_t now)
{
	if (!w->target.storm || w->rests == rests)
		return;
	os_store(&w->target.storm->rests, rests, memory_order_relaxed);
	w->rests = rests;
	w->rested |= rests;
	w->turned = now;
}

static void forget_windows(struct program_watch *w)
{
	w->asleep = w->lost = w->busy = 0;
	w->busy_cpu = w->busy_switches = 0;
	w->has_before = false;
}

static uint64_t larger(uint64_t a, uint64_t b)
{
	return a > b ? a : b;
}

static void get_on(struct program_watch *w, uint64_t now)
{
	uint64_t cpu = process_cpu(w->target.pid);

	if (w->marks && !w->rested)
		w->gap = larger(w->gap, now - w->since);
	if (w->marks)
		w->gap_cpu = larger(w->gap_cpu, cpu - w->cpu_then);
	w->cpu_then = cpu;
	w->since = now;
	w->rested = w->seen_before = false;
	storm_rests(w, false, now);
	forget_windows(w);
}

static void read_progress(struct program_watch *w, uint64_t marks, uint64_t now)
{
	bool runs = !w->target.by_marks &&
		    process_cpu(w->target.pid) - w->cpu_then > CPU_STANDS_STILL;

	if (marks != w->marks || runs)
		get_on(w, now);
	w->marks = marks;
}

/* Since when has it been silent for so long that it must be looked at. */
static bool is_silent(const struct program_watch *w, uint64_t now)
{
	uint64_t limit = larger(SILENT_AFTER, GAPS_SILENT * w->gap);

	return now - w->since > limit;
}

static void count_window(struct program_watch *w, const struct window *window)
{
	uint64_t length = w->now->time - w->before->time;
	bool asleep = window->kind == WINDOW_ASLEEP || window->kind == WINDOW_LOST;

	w->lost = window->kind == WINDOW_LOST ? w->lost + 1 : 0;
	w->asleep = asleep ? w->asleep + 1 : 0;
	if (window->kind != WINDOW_STOPPED)
		w->stopped_since = 0;
	else if (!w->stopped_since)
		w->stopped_since = w->before->time;
	if (window->kind == WINDOW_STOPPED)
		w->stopped += length;
	if (window->kind != WINDOW_BUSY)
		return;
	/* Other processes of the program are not in the leader's clock. */
	if (!w->target.by_marks) {
		get_on(w, w->now->time);
		return;
	}
	w->busy++;
	w->busy_cpu += window->cpu;
	w->busy_switches += window->switches;
}

static bool is_livelock(const struct program_watch *w)
{
	uint64_t patience =
		w->target.patience * (w->marks ? 1 : (unsigned)BEFORE_FIRST_MARK);
	uint64_t cpu = larger(LIVELOCK_CPU, GAPS_LIVELOCK * w->gap_cpu) * patience;
	uint64_t silent = w->now->time - w->since;

	if (!w->target.by_marks || w->busy < WINDOWS_BUSY * patience)
		return false;
	return w->busy_cpu >= cpu || (w->busy_switches >= LIVELOCK_SWITCHES * patience &&
					     silent >= GAPS_LIVELOCK * w->gap);
}

/* Without marks it must be certain that nothing outside is waited for. */
static bool sleeps_for_good(struct program_watch *w)
{
	if (w->asleep < WINDOWS_ASLEEP * w->target.patience)
		return false;
	if (w->target.by_marks)
		return true;
	return !program_can_be_woken(w->target.pid, w->now, w->woken_by);
}

static enum verdict find_verdict(struct program_watch *w)
{
	if (w->lost >= WINDOWS_ASLEEP * w->target.patience)
		return VERDICT_LOST_SIGNAL;
	if (sleeps_for_good(w))
		return VERDICT_DEADLOCK;
	return is_livelock(w) ? VERDICT_LIVELOCK : VERDICT_MISSING;
}

static void explain(const struct program_watch *w, enum verdict verdict, char *reason)
{
	double silent = os_seconds(w->now->time - w->since);
	char where[REASON_SIZE / 2];

	program_describe(w->now, where, sizeof where);
	if (verdict == VERDICT_LOST_SIGNAL)
		snprintf(reason, REASON_SIZE,
			"everybody sleeps, for %.1f s, and a signal that is caught is "
			"pending and blocked; %s",
			silent, where);
	else if (verdict == VERDICT_DEADLOCK)
		snprintf(reason, REASON_SIZE, "everybody sleeps, for %.1f s; %s", silent,
			where);
	else
		snprintf(reason, REASON_SIZE,
			"no progress for %.1f s, %.1f s of CPU time, %" PRIu64
			" switches; %s",
			silent, os_seconds(w->busy_cpu), w->busy_switches, where);
}

static enum verdict conclude(struct program_watch *w, char *reason)
{
	enum verdict verdict = find_verdict(w);

	if (verdict == VERDICT_MISSING)
		return verdict;
	if (w->rests && !w->seen_before) {
		w->seen_before = true;
		storm_rests(w, false, w->now->time);
		forget_windows(w);
		return VERDICT_MISSING;
	}
	explain(w, verdict, reason);
	return verdict;
}

static int take_snapshot(struct program_watch *w)
{
	pid_t processes[PROCESSES_MAX];
	size_t count = processes_list(w->target.pid, processes);

	return snapshot_take_processes(w->now, processes, count);
}

static void swap_snapshots(struct program_watch *w)
{
	struct snapshot *snapshot = w->before;

	w->before = w->now;
	w->now = snapshot;
	w->has_before = true;
}

static enum verdict look_closely(struct program_watch *w, uint64_t now, char *reason)
{
	enum verdict verdict = VERDICT_MISSING;
	struct window window;

	if (w->has_before && now - w->before->time < WINDOW)
		return VERDICT_MISSING;
	if (take_snapshot(w))
		return VERDICT_MISSING;
	if (w->has_before) {
		window = judge_program(
			w->before, w->now, w->target.is_service, w->target.argument);
		w->has_window = true;
		count_window(w, &window);
		verdict = conclude(w, reason);
	}
	swap_snapshots(w);
	return verdict;
}

/* Let the storm rest while the program is looked at, and go on now and then. True if it is as it
 * should be for a look. */
static bool is_calm(struct program_watch *w, uint64_t now)
{
	uint64_t again = larger(STORM_AGAIN, GAPS_SILENT * w->gap);

	if (!w->target.storm || !w->target.by_marks)
		return true;
	if (w->rests && now - w->turned > REST_AT_MOST * w->target.patience) {
		storm_rests(w, false, now);
		forget_windows(w);
	} else if (!w->rests && now - w->turned > again) {
		storm_rests(w, true, now);
		forget_windows(w);
	}
	return w->rests;
}

static uint64_t longest_delay(const struct snapshot *s)
{
	uint64_t longest = 0;

	for (uint32_t i = 0; i < s->count; i++)
		longest = larger(longest, s->threads[i].delay);
	return longest;
}

static enum verdict time_is_up(struct program_watch *w, uint64_t now, char *reason)
{
	double took = os_seconds(now - w->began);
	char where[REASON_SIZE / 2] = "it gets on";

	if (w->stopped > OS_SECOND) {
		snprintf(reason, REASON_SIZE,
			"stopped by a signal or a debugger for %.1f of %.1f s",
			os_seconds(w->stopped), took);
		return VERDICT_INVALID;
	}
	if (!take_snapshot(w) && longest_delay(w->now) > (now - w->began) / 2) {
		snprintf(reason, REASON_SIZE,
			"a thread could run and was not let for %.1f of %.1f s",
			os_seconds(longest_delay(w->now)), took);
		return VERDICT_STARVED;
	}
	if (w->has_before)
		program_describe(w->now, where, sizeof where);
	snprintf(reason, REASON_SIZE, "not done after %.1f s; %s%s%s%s", took, where,
		*w->woken_by ? ", but " : "", w->woken_by,
		*w->woken_by ? " may wake it" : "");
	return VERDICT_SLOW;
}

/* Time in the queue for a processor is the host's, and does not count. */
static bool has_time(const struct program_watch *w, uint64_t now)
{
	struct thread_sample leader;
	uint64_t limit = w->target.time_limit * w->target.patience;

	if (!limit || now < w->began + limit)
		return true;
	if (!thread_usage(w->target.pid, (uint32_t)w->target.pid, &leader))
		return true;
	return now < w->began + limit + (leader.delay < limit ? leader.delay : limit);
}

enum verdict program_watch_look(struct program_watch *watch, uint64_t marks, char *reason)
{
	uint64_t now = os_now();

	read_progress(watch, marks, now);
	if (!has_time(watch, now))
		return time_is_up(watch, now, reason);
	if (!is_silent(watch, now))
		return VERDICT_MISSING;
	if (watch->stopped_since &&
		now - watch->stopped_since > STOPPED_FOR * watch->target.patience)
		return time_is_up(watch, now, reason);
	return is_calm(watch, now) ? look_closely(watch, now, reason) : VERDICT_MISSING;
}
