/* SPDX-License-Identifier: BSD-2-Clause */
#include "chance.h"

#include "child.h"
#include "clock.h"
#include "minimise.h"
#include "opening.h"

#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

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

/* One of the schedules. */
static void run_one(struct program *program, const struct chance_options *o,
	uint64_t index, struct opening *opening, struct chance_result *r)
{
	r->kind = (enum scheduler_kind)(
		o->scheduler < 0 ? index % SCHEDULER_KINDS : (uint64_t)o->scheduler);
	r->seed = o->seed + index;
	explore_once(program, opening, r->kind, o->depth, r->seed, &r->list, &r->failure);
	r->schedules++;
	r->steps += r->failure.steps;
}

/* What one of several jobs has found. */
struct share {
	uint64_t schedules, steps;
	uint64_t fails; /* the index of the schedule; NONE */
};

#define NONE UINT64_MAX

/* Each job has every o->jobs-th schedule, until one fails. */
static struct share search(struct program *program, const struct chance_options *o,
	unsigned job, struct chance_result *r)
{
	struct opening opening = { 0 };
	struct share share = { .fails = NONE };
	uint64_t end = clock_now() + o->budget;

	for (uint64_t i = job;
		i < o->schedules && share.fails == NONE && clock_now() < end;
		i += o->jobs) {
		run_one(program, o, i, &opening, r);
		if (r->failure.verdict != VERDICT_PASS)
			share.fails = i;
	}
	opening_free(&opening);
	share.schedules = r->schedules;
	share.steps = r->steps;
	return share;
}

/* A process that searches its share and writes down what it found. */
static pid_t begin_share(struct program *program, const struct chance_options *o,
	unsigned job, int pipe, struct chance_result *r)
{
	pid_t process = child_begin();
	struct share share;

	if (process)
		return process;
	share = search(program, o, job, r);
	_exit(write(pipe, &share, sizeof share) != sizeof share);
}

/* The first that is told to fail ends the others. A share is written in one piece. */
static int search_shares(struct program *program, const struct chance_options *o,
	struct chance_result *r, uint64_t *fails)
{
	pid_t processes[CHANCE_JOBS_MAX];
	struct share share = { .fails = NONE };
	unsigned told = 0;
	int ends[2];

	if (pipe(ends))
		abort();
	fflush(stdout);
	for (unsigned job = 0; job < o->jobs; job++)
		processes[job] = begin_share(program, o, job, ends[1], r);
	close(ends[1]);
	while (share.fails == NONE &&
		read(ends[0], &share, sizeof share) == sizeof share) {
		r->schedules += share.schedules;
		r->steps += share.steps;
		told++;
	}
	close(ends[0]);
	for (unsigned job = 0; job < o->jobs; job++) {
		kill(processes[job], SIGKILL);
		waitpid(processes[job], NULL, 0);
	}
	*fails = share.fails;
	return *fails == NONE && told < o->jobs ? -ECHILD : 0;
}

/* The schedule that failed elsewhere, here. */
static void run_again(struct program *program, const struct chance_options *o,
	uint64_t index, struct chance_result *r)
{
	struct opening opening = { 0 };

	run_one(program, o, index, &opening, r);
	opening_free(&opening);
	r->schedules = index + 1;
}

int chance_explore(struct program *program, const struct chance_options *options,
	struct chance_result *result)
{
	uint64_t began, fails = NONE;
	int error = 0;

	*result = (struct chance_result){ .failure = { .verdict = VERDICT_PASS } };
	if (!is_deterministic(program))
		return -EPROTO;
	began = clock_now();
	if (options->jobs == 1) {
		search(program, options, 0, result);
	} else {
		error = search_shares(program, options, result, &fails);
		if (fails != NONE)
			run_again(program, options, fails, result);
	}
	result->seconds = (double)(clock_now() - began) / (double)OS_SECOND;
	if (error || result->failure.verdict == VERDICT_PASS)
		return error;
	return confirm(program, &result->list, &result->failure) ? 0 : -EIO;
}

void chance_result_free(struct chance_result *result)
{
	schedule_free(&result->list);
}
