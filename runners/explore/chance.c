/* SPDX-License-Identifier: BSD-2-Clause */
#include "chance.h"

#include "clock.h"
#include "minimise.h"
#include "opening.h"

#include <errno.h>

/* From the start. What seemed to be a livelock may prove to be a deadlock, at the end of
 * some more steps. */
static bool fails_again(
	struct program *program, struct schedule *list, struct attempt *failure)
{
	struct schedule done = { 0 };
	struct attempt again;
	bool fails;

	replay(program, list, tail_of(failure), &done, NULL, NULL, &again);
	fails = verdict_is_red(again.verdict) && !again.diverged;
	if (fails) {
		*failure = again;
		if (!tail_of(&again))
			schedule_copy(list, &done);
	}
	schedule_free(&done);
	return fails;
}

/* A failure counts only if it fails again; a hang is cut to the part in which something
 * still moved, if it hangs without the rest too. */
static bool confirm(
	struct program *program, struct schedule *list, struct attempt *failure)
{
	struct schedule whole = { 0 };
	bool fails = false;

	schedule_copy(&whole, list);
	if (tail_of(failure)) {
		list->count = failure->moved;
		fails = fails_again(program, list, failure);
		if (!fails)
			schedule_copy(list, &whole);
	}
	schedule_free(&whole);
	return fails || fails_again(program, list, failure);
}

/* The same seed must give the same schedule, or nothing here means anything. */
static bool is_deterministic(struct program *program)
{
	struct schedule one = { 0 }, two = { 0 };
	struct attempt first, second;
	bool same;

	explore_once(program, NULL, SCHEDULER_RANDOM, 0, 1, &one, &first);
	explore_once(program, NULL, SCHEDULER_RANDOM, 0, 1, &two, &second);
	same = one.count == two.count && first.verdict == second.verdict;
	for (size_t i = 0; same && i < one.count; i++)
		same = sim_same_action(one.actions[i], two.actions[i]);
	schedule_free(&one);
	schedule_free(&two);
	return same;
}

static void search(
	struct program *program, const struct chance_options *o, struct chance_result *r)
{
	uint64_t began = clock_now();
	struct opening opening = { 0 };
	struct attempt *last = &r->failure;

	while (r->schedules < o->schedules && clock_now() - began < o->budget &&
		last->verdict == VERDICT_PASS) {
		r->kind = (enum scheduler_kind)(o->scheduler < 0
							? r->schedules % SCHEDULER_KINDS
							: (uint64_t)o->scheduler);
		r->seed = o->seed + r->schedules++;
		explore_once(
			program, &opening, r->kind, o->depth, r->seed, &r->list, last);
		r->steps += last->steps;
	}
	opening_free(&opening);
	r->seconds = (double)(clock_now() - began) / (double)OS_SECOND;
}

int chance_explore(struct program *program, const struct chance_options *options,
	struct chance_result *result)
{
	*result = (struct chance_result){ .failure = { .verdict = VERDICT_PASS } };
	if (!is_deterministic(program))
		return -EPROTO;
	search(program, options, result);
	if (result->failure.verdict == VERDICT_PASS)
		return 0;
	return confirm(program, &result->list, &result->failure) ? 0 : -EIO;
}

void chance_result_free(struct chance_result *result)
{
	schedule_free(&result->list);
}
