/* SPDX-License-Identifier: BSD-2-Clause */
#include "minimise.h"

#include "clock.h"
#include "results/alike.h"

struct search {
	struct program *program;
	struct schedule *list, trial, done;
	struct attempt *failure;
	uint64_t deadline, replays;
};

bool same_failure_kind(const struct attempt *a, const struct attempt *b)
{
	return a->verdict == b->verdict && same_kind_of_reason(a->reason, b->reason);
}

enum tail tail_of(const struct attempt *failure)
{
	if (failure->verdict != VERDICT_LIVELOCK)
		return TAIL_NONE;
	if (failure->never)
		return TAIL_NEVER;
	return failure->alone ? TAIL_ALONE : TAIL_STILL;
}

static bool is_better(const struct schedule *a, const struct schedule *b)
{
	size_t a_switches = schedule_switches(a), b_switches = schedule_switches(b);

	return a->count + a_switches < b->count + b_switches;
}

/* Take the trial's list if it fails in the same way and is better. What it did is the new
 * list: that is possible, all of it. */
static bool accept(struct search *s)
{
	struct attempt attempt;

	s->replays++;
	replay(s->program, &s->trial, tail_of(s->failure), &s->done, NULL, NULL,
		&attempt);
	if (!same_failure_kind(&attempt, s->failure))
		return false;
	/* The tail is the same for every list. */
	if (tail_of(s->failure) && s->done.count > s->trial.count - attempt.diverged)
		s->done.count = s->trial.count - attempt.diverged;
	if (!is_better(&s->done, s->list))
		return false;
	schedule_copy(s->list, &s->done);
	*s->failure = attempt;
	return true;
}

static bool time_is_up(const struct search *s)
{
	return clock_now() > s->deadline;
}

/* The end of the stretch of one thread that begins at i. */
static size_t stretch_end(const struct schedule *list, size_t i)
{
	size_t end = i + 1;

	while (end < list->count && list->actions[end].thread == list->actions[i].thread)
		end++;
	return end;
}

static size_t stretches_end(const struct schedule *list, size_t i, size_t stretches)
{
	while (stretches-- && i < list->count)
		i = stretch_end(list, i);
	return i;
}

static void leave_out(struct search *s, size_t from, size_t to)
{
	s->trial.count = 0;
	for (size_t i = 0; i < s->list->count; i++)
		if (i < from || i >= to)
			schedule_add(&s->trial, s->list->actions[i]);
}

static size_t actions_end(const struct schedule *list, size_t i, size_t actions)
{
	return i + actions < list->count ? i + actions : list->count;
}

/* Try without `count` of what `end` counts, here and there. */
static bool leave_out_each(struct search *s, size_t count,
	size_t (*end)(const struct schedule *list, size_t i, size_t count))
{
	bool better = false;

	for (size_t i = 0; i < s->list->count && !time_is_up(s);) {
		size_t to = end(s->list, i, count);

		leave_out(s, i, to);
		if (accept(s))
			better = true;
		else
			i = to;
	}
	return better;
}

/* Bring the next stretch of the same thread forward, behind the one at i. */
static bool join_stretches(struct search *s, size_t i)
{
	const struct sim_action *actions = s->list->actions;
	size_t end = stretch_end(s->list, i), next = end;

	while (next < s->list->count && actions[next].thread != actions[i].thread)
		next++;
	if (next == s->list->count)
		return false;
	s->trial.count = 0;
	for (size_t k = 0; k < end; k++)
		schedule_add(&s->trial, actions[k]);
	for (size_t k = next; k < stretch_end(s->list, next); k++)
		schedule_add(&s->trial, actions[k]);
	for (size_t k = end; k < next; k++)
		schedule_add(&s->trial, actions[k]);
	for (size_t k = stretch_end(s->list, next); k < s->list->count; k++)
		schedule_add(&s->trial, actions[k]);
	return accept(s);
}

static bool join_all(struct search *s)
{
	bool better = false;

	for (size_t i = 0; i < s->list->count && !time_is_up(s);) {
		if (join_stretches(s, i))
			better = true;
		else
			i = stretch_end(s->list, i);
	}
	return better;
}

static bool pass(struct search *s)
{
	bool better = false;

	for (size_t n = schedule_switches(s->list) / 2 + 1; n; n /= 2)
		better |= leave_out_each(s, n, stretches_end);
	better |= join_all(s);
	for (size_t n = 32; n; n /= 2)
		better |= leave_out_each(s, n, actions_end);
	return better;
}

uint64_t minimise(struct program *program, struct schedule *list, struct attempt *failure,
	uint64_t budget)
{
	struct search s = { .program = program,
		.list = list,
		.failure = failure,
		.deadline = clock_now() + budget };

	while (!time_is_up(&s) && pass(&s))
		;
	schedule_free(&s.trial);
	schedule_free(&s.done);
	return s.replays;
}
