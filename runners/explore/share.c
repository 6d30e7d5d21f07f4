/* SPDX-License-Identifier: BSD-2-Clause */
#include "share.h"

#include "clock.h"
#include "opening.h"

#include <inttypes.h>
#include <stdio.h>

void share_try(struct program *program, const struct share *s, uint64_t schedule,
	struct opening *opening, struct schedule *list, struct trial *trial)
{
	trial->kind = (enum scheduler_kind)(
		s->scheduler < 0 ? schedule % SCHEDULER_KINDS : (uint64_t)s->scheduler);
	trial->seed = s->seed + schedule;
	explore_once(program, opening, trial->kind, s->depth, trial->seed, list,
		&trial->attempt);
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
		share_try(program, s, i, &opening, list, last);
		r.schedules++;
		r.steps += last->attempt.steps;
		if (i < SHARE_SAMPLE)
			r.sampled += last->attempt.steps;
		if (last->attempt.verdict != VERDICT_PASS)
			r.fails = i;
	}
	opening_free(&opening);
	return r;
}

uint64_t share_sample(struct program *program, const struct share *s)
{
	struct share sample = *s;
	struct trial last;

	sample.first = 0;
	sample.stride = 1;
	sample.end = SHARE_SAMPLE;
	sample.budget = UINT64_MAX / 2;
	return share_search(program, &sample, NULL, &last).sampled;
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
