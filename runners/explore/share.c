/* SPDX-License-Identifier: BSD-2-Clause */
#include "share.h"

#include "clock.h"
#include "intern.h"
#include "opening.h"

#include <inttypes.h>
#include <stdio.h>

/* Of the first schedules, and of their steps, so many are the sample. */
enum { SAMPLED_SCHEDULES = 4, SAMPLED_STEPS = 16 * 1024 };

static struct chosen choose(const struct share *s, uint64_t schedule)
{
	return (struct chosen){ .kind = (enum scheduler_kind)(
					s->scheduler < 0 ? schedule % SCHEDULER_KINDS
							 : (uint64_t)s->scheduler),
		.depth = s->depth,
		.seed = s->seed + schedule };
}

void share_try(struct program *program, const struct share *s, uint64_t schedule,
	uint64_t until, struct opening *opening, struct schedule *list,
	struct trial *trial)
{
	struct chosen chosen = choose(s, schedule);

	chosen.until = until;
	trial->kind = chosen.kind;
	trial->seed = chosen.seed;
	explore_once(program, opening, &chosen, list, &trial->attempt);
}

struct share_result share_search(struct program *program, const struct share *s,
	struct schedule *list, struct trial *last)
{
	struct opening opening = { 0 };
	struct share_result r = { .fails = NONE_FAILS };
	uint64_t end = clock_now() + s->budget;

	for (uint64_t i = s->first;
		i < s->end && r.fails == NONE_FAILS && clock_now() < end;
		i += s->stride) {
		share_try(program, s, i, end, &opening, list, last);
		if (last->attempt.verdict == VERDICT_MISSING) {
			last->attempt.verdict = VERDICT_PASS;
			break;
		}
		r.schedules++;
		r.steps += last->attempt.steps;
		if (last->attempt.verdict != VERDICT_PASS)
			r.fails = i;
	}
	opening_free(&opening);
	return r;
}

uint64_t share_sample(struct program *program, const struct share *s)
{
	struct opening opening = { 0 };
	struct schedule list = { 0 };
	struct attempt attempt;
	uint64_t sample = 0;

	for (uint64_t i = 0; i < SAMPLED_SCHEDULES; i++) {
		struct chosen chosen = choose(s, i);

		chosen.steps = SAMPLED_STEPS;
		explore_once(program, &opening, &chosen, &list, &attempt);
		sample = hash_fold(sample, attempt.steps);
		if (list.count)
			sample = hash_fold(
				sample, hash_of_any(list.actions,
						list.count * sizeof list.actions[0]));
	}
	schedule_free(&list);
	opening_free(&opening);
	return sample;
}

void share_print(const struct share *s, char text[SHARE_TEXT])
{
	snprintf(text, SHARE_TEXT,
		"%d,%u,%" PRIu64 ",%" PRIu64 ",%" PRIu64 ",%" PRIu64 ",%" PRIu64,
		s->scheduler, s->depth, s->seed, s->first, s->stride, s->end, s->budget);
}

bool share_parse(struct share *s, const char *text)
{
	int end = 0;

	sscanf(text,
		"%d,%u,%" SCNu64 ",%" SCNu64 ",%" SCNu64 ",%" SCNu64 ",%" SCNu64 "%n",
		&s->scheduler, &s->depth, &s->seed, &s->first, &s->stride, &s->end,
		&s->budget, &end);
	return end && !text[end] && s->scheduler < SCHEDULER_KINDS && s->stride;
}
