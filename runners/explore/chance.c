/* SPDX-License-Identifier: BSD-2-Clause */
#include "chance.h"

#include "child.h"
#include "clock.h"
#include "minimise.h"
#include "opening.h"

#include "runners/beside.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

/* Schedules that are run in this process. */
enum { HERE = 32 };

/* How far a seed's schedule is compared with itself. */
enum { COMPARED_STEPS = 256 * 1024 };

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

static bool gives_the_same(struct program *program, enum scheduler_kind kind)
{
	const struct chosen chosen = { kind, 0, 1, COMPARED_STEPS, 0 };
	struct schedule one = { 0 }, two = { 0 };
	struct attempt first, second;
	bool same;

	explore_once(program, NULL, &chosen, &one, &first);
	explore_once(program, NULL, &chosen, &two, &second);
	same = one.count == two.count && first.verdict == second.verdict;
	for (size_t i = 0; same && i < one.count; i++)
		same = sim_same_action(one.actions[i], two.actions[i]);
	schedule_free(&one);
	schedule_free(&two);
	return same;
}

/* The same seed must give the same schedule, or nothing here means anything. */
static bool is_deterministic(struct program *program, int scheduler)
{
	for (int kind = 0; kind < SCHEDULER_KINDS; kind++)
		if ((scheduler < 0 || scheduler == kind) &&
			!gives_the_same(program, (enum scheduler_kind)kind))
			return false;
	return true;
}

static const char share_program[] = "hupstorm-chance";

/* Become a process that has the share. It is written in one piece to the pipe. */
static _Noreturn void become_share(
	const struct program *program, const struct share *share, int pipe)
{
	char name[sizeof share_program], text[PROGRAM_TEXT + 1], numbers[SHARE_TEXT];
	char *argv[] = { name, text, numbers, NULL };

	memcpy(name, share_program, sizeof name);
	program_print(program, text);
	strcat(text, ":");
	share_print(share, numbers);
	if (pipe == STDOUT_FILENO)
		fcntl(pipe, F_SETFD, 0);
	else
		dup2(pipe, STDOUT_FILENO);
	_exit(become_beside(share_program, argv));
}

/* Each job has every so many-th of the schedules that are left. The first that is told to fail ends the others. A job in
 * which the sample is another one is not believed. */
static int search_shares(struct program *program, const struct share *left, unsigned jobs,
	struct chance_result *r, uint64_t *fails)
{
	pid_t processes[CHANCE_JOBS_MAX];
	struct share_result result = { .fails = NONE_FAILS };
	struct share share = *left;
	uint64_t sample = share_sample(program, left);
	char path[BESIDE_PATH];
	unsigned told = 0;
	bool same = true;
	int ends[2];

	if (path_beside(share_program, path))
		return -ENOENT;
	if (pipe2(ends, O_CLOEXEC))
		abort();
	fflush(stdout);
	share.stride = jobs;
	for (unsigned job = 0; job < jobs; job++, share.first++) {
		processes[job] = child_begin();
		if (!processes[job])
			become_share(program, &share, ends[1]);
	}
	close(ends[1]);
	while (result.fails == NONE_FAILS && same &&
		read(ends[0], &result, sizeof result) == sizeof result) {
		r->schedules += result.schedules;
		r->steps += result.steps;
		same = result.sampled == sample;
		told++;
	}
	close(ends[0]);
	for (unsigned job = 0; job < jobs; job++) {
		kill(processes[job], SIGKILL);
		waitpid(processes[job], NULL, 0);
	}
	if (!same)
		return -ESTALE;
	*fails = result.fails;
	return *fails == NONE_FAILS && told < jobs ? -ECHILD : 0;
}

/* The schedule that failed elsewhere, here. */
static int run_again(struct program *program, const struct share *share,
	uint64_t schedule, struct chance_result *r)
{
	struct opening opening = { 0 };
	struct attempt *attempt = &r->last.attempt;

	share_try(program, share, schedule, 0, &opening, &r->list, &r->last);
	opening_free(&opening);
	r->schedules = schedule + 1;
	if (attempt->verdict != VERDICT_PASS)
		return 0;
	snprintf(attempt->reason, REASON_SIZE, "seed %" PRIu64 ", in %s", r->last.seed,
		share_program);
	return -EIO;
}

/* Some of the schedules here, for what fails mostly fails in few, and a process takes its time to begin; the others
 * where they are fast. */
static int search(
	struct program *program, const struct chance_options *o, struct chance_result *r)
{
	struct share share = { .scheduler = o->scheduler,
		.depth = o->depth,
		.seed = o->seed,
		.stride = 1,
		.end = o->schedules < HERE ? o->schedules : HERE,
		.budget = o->budget };
	uint64_t began = clock_now(), passed, fails = NONE_FAILS;
	struct share_result here = share_search(program, &share, &r->list, &r->last);
	int error;

	r->schedules = here.schedules;
	r->steps = here.steps;
	passed = clock_now() - began;
	if (here.fails != NONE_FAILS || share.end == o->schedules || passed > o->budget)
		return 0;
	share.first = share.end;
	share.end = o->schedules;
	share.budget = o->budget - passed;
	error = search_shares(program, &share, o->jobs, r, &fails);
	return fails == NONE_FAILS ? error : run_again(program, &share, fails, r);
}

int chance_explore(struct program *program, const struct chance_options *options,
	struct chance_result *result)
{
	uint64_t began;
	int error;

	*result = (struct chance_result){ .last.attempt.verdict = VERDICT_PASS };
	if (!is_deterministic(program, options->scheduler))
		return -EPROTO;
	began = clock_now();
	error = search(program, options, result);
	result->seconds = (double)(clock_now() - began) / (double)OS_SECOND;
	if (error || result->last.attempt.verdict == VERDICT_PASS)
		return error;
	return confirm(program, &result->list, &result->last.attempt) ? 0 : -EIO;
}

void chance_result_free(struct chance_result *result)
{
	schedule_free(&result->list);
}
