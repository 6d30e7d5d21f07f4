/* SPDX-License-Identifier: BSD-2-Clause */
#include "judge.h"

#include "conduct.h"
#include "line.h"

#include <stdio.h>
#include <string.h>

/* Threads that wake by themselves in a world at rest. Those that are none of the world's
 * belong to the tools that the cell was built with. */
static bool is_service(const struct thread_view *view)
{
	return !view || view->kind == THREAD_SYSMON || view->kind == THREAD_POLLER;
}

static bool is_asleep(const struct conduct *c)
{
	if (c->after->state != 'S' && c->after->state != 'D')
		return false;
	if (is_service(c->view))
		return true;
	return !c->run && !c->switches && !c->after->timed;
}

static bool blocks_all(const struct snapshot *s, uint64_t signals)
{
	for (uint32_t i = 0; i < s->count; i++)
		if (snapshot_view(s, s->threads[i].tid) &&
			(s->threads[i].blocked & signals) != signals)
			return false;
	return true;
}

/* Wanted signals that the kernel holds and will still deliver. */
static bool signals_are_on_their_way(const struct snapshot *s)
{
	uint64_t wanted = s->view.signals_wanted, shared = s->shared_pending & wanted;

	for (uint32_t i = 0; i < s->count; i++)
		if (s->threads[i].pending & wanted & ~s->threads[i].blocked)
			return true;
	return shared && !blocks_all(s, shared);
}

static bool somebody_is_in_a_handler(const struct world_view *view)
{
	for (uint32_t i = 0; i < view->thread_count; i++)
		if (view->threads[i].in_handler)
			return true;
	return false;
}

static const struct thread_view *thread_with_index(
	const struct world_view *view, uint32_t index)
{
	for (uint32_t i = 0; i < view->thread_count; i++)
		if (view->threads[i].index == index)
			return &view->threads[i];
	return NULL;
}

/* A thread that waits for a signal, and has neither been woken nor moved on in the
 * window. */
static const struct thread_view *waiter_for_signal(
	const struct world_view *before, const struct world_view *after)
{
	for (uint32_t i = 0; i < after->thread_count; i++) {
		const struct thread_view *now = &after->threads[i];
		const struct thread_view *then = thread_with_index(before, now->index);

		if (now->awaits_signal && now->waits && then && then->awaits_signal &&
			then->waits && then->steps == now->steps)
			return now;
	}
	return NULL;
}

/* The mechanism is at rest, the receiver sleeps, and nobody carries the signal any more.
 */
static bool nobody_brings_it(const struct snapshot *s)
{
	return s->view.phase == PHASE_IDLE && s->view.receiver_asleep &&
	       !somebody_is_in_a_handler(&s->view) && !signals_are_on_their_way(s);
}

static uint32_t lost_signal_waiter(
	const struct snapshot *before, const struct snapshot *after)
{
	const struct thread_view *waiter = waiter_for_signal(&before->view, &after->view);

	if (!waiter || !nobody_brings_it(before) || !nobody_brings_it(after))
		return 0;
	return waiter->tid;
}

struct window judge_window(const struct snapshot *before, const struct snapshot *after)
{
	struct window window = { .kind = WINDOW_ASLEEP };
	bool ran = false;

	for (uint32_t i = 0; i < after->count; i++) {
		struct conduct c;

		/* Somebody was born: that is progress, and the next window will show the
		 * rest. */
		if (!conduct_observe(before, after, i, &c))
			return (struct window){ .kind = WINDOW_UNCLEAR };
		window.cpu += c.run;
		window.switches += c.switches;
		if (conduct_is_stopped(&c) || conduct_is_starved(&c)) {
			window.kind =
				conduct_is_stopped(&c) ? WINDOW_STOPPED : WINDOW_STARVED;
			window.culprit = c.after->tid;
			return window;
		}
		ran |= !is_service(c.view) && (c.run || c.switches);
		if (!is_asleep(&c))
			window.kind = WINDOW_UNCLEAR;
	}
	window.culprit = lost_signal_waiter(before, after);
	if (window.culprit)
		window.kind = WINDOW_LOST;
	else if (window.kind == WINDOW_ASLEEP && signals_are_on_their_way(after))
		window.kind = WINDOW_UNCLEAR;
	else if (window.kind == WINDOW_UNCLEAR && ran)
		window.kind = WINDOW_BUSY;
	return window;
}

static void describe_thread(struct line *line, const struct thread_view *thread)
{
	line_add(line, "thread %u (%s) %s%s", thread->index, thread->name,
		thread_where_name(thread->where),
		thread->in_handler ? ", in its handler" : "");
}

/* Name the threads for which the question is answered yes, three at the most. */
static void name_threads(struct line *line, const struct world_view *view,
	const char *what, bool (*question)(const struct thread_view *thread))
{
	uint32_t count = 0;

	for (uint32_t i = 0; i < view->thread_count; i++) {
		if (!question(&view->threads[i]) || ++count > 3)
			continue;
		line_add(line, "%s", count == 1 ? what : ", ");
		describe_thread(line, &view->threads[i]);
	}
	if (count > 3)
		line_add(line, " and %u more", count - 3);
}

static bool owes(const struct thread_view *thread)
{
	return thread->owes;
}

static bool in_handler(const struct thread_view *thread)
{
	return thread->in_handler && !thread->owes;
}

static bool awaits_signal(const struct thread_view *thread)
{
	return thread->awaits_signal;
}

/* Told if there was one that took much longer than broadcasts may. */
static void describe_stall(struct line *line, const struct broadcast_view *b)
{
	if (b->stalled)
		line_add(line,
			"; %llu broadcasts have stalled, the slowest for %llu ticks, "
			"until "
			"thread %u, %s, was woken by %s",
			(unsigned long long)b->stalled, (unsigned long long)b->ticks,
			b->last, thread_where_name(b->slept_at),
			thread_waker_name(b->woken_by));
}

void judge_describe(const struct snapshot *snapshot, char *text, size_t size)
{
	const struct world_view *view = &snapshot->view;
	struct line line = { .text = text, .size = size };

	*text = '\0';
	line_add(&line, "%s", world_phase_name(view->phase));
	if (view->phase == PHASE_STOPPING)
		line_add(&line, ", %u slots not given up", view->stop_wait);
	if (view->phase == PHASE_BROADCASTING)
		name_threads(&line, view, "; not reached: ", owes);
	name_threads(&line, view, "; in a handler: ", in_handler);
	if (view->phase == PHASE_IDLE)
		name_threads(&line, view, "; waiting for a signal: ", awaits_signal);
	describe_stall(&line, &view->broadcasts);
}
