/* SPDX-License-Identifier: BSD-2-Clause */
#include "prove.h"

#include "clock.h"
#include "table.h"
#include "worlds.h"

#include "runners/commands.h"

#include <errno.h>
#include <inttypes.h>
#include <limits.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

enum { JOBS_MAX = 64 };

/* A world that is being explored by a process of its own. */
struct job {
	pid_t process;
	int pipe;
	struct proof *proof;
};

/* The failure that was expected, or else the first; NULL if there is none. */
static struct graph_failure *failure_of(const struct proof *proof, struct graph_result *r)
{
	for (unsigned i = 0; i < r->failure_count; i++)
		if (r->failures[i].verdict == proof->expected)
			return &r->failures[i];
	return r->failure_count ? &r->failures[0] : NULL;
}

static void take_result(struct proof *proof, struct graph_result *r)
{
	const struct graph_failure *f = failure_of(proof, r);

	proof->verdict = r->complete ? VERDICT_PASS : VERDICT_MISSING;
	proof->states = r->states;
	proof->transitions = r->transitions;
	proof->seconds = r->seconds;
	if (!f)
		return;
	proof->verdict = f->verdict;
	proof->steps = f->path.count;
	memcpy(proof->reason, f->reason, sizeof proof->reason);
}

static void comment_on_faults(FILE *out, const struct program *program)
{
	for (enum fault f = 0; f < FAULT_COUNT; f++) {
		const struct fault_info *info = fault_info(f);

		if (program->config.faults.on[f])
			fprintf(out, "# %s (%s): taken out: %s.\n", info->name,
				info->reference, info->taken_out);
	}
}

/* The name of the file is that of the faults. */
static void record(const struct proof *proof, struct program *program,
	const struct graph_failure *f, const char *folder)
{
	char path[PATH_MAX];
	FILE *out;

	snprintf(path, sizeof path, "%s/%s", folder, proof->cell.faults);
	out = fopen(path, "w");
	if (!out) {
		complain("%s: %s", path, strerror(errno));
		return;
	}
	comment_on_faults(out, program);
	fprintf(out, "# World: %s. %zu actions, %zu switches, no shorter way.\n",
		proof->text, f->path.count, schedule_switches(&f->path));
	table_print(out, program, &f->path);
	table_print_end(out, program, &f->path, &f->again);
	fclose(out);
}

static void explore_world(
	struct proof *proof, const struct prove_options *o, uint64_t budget)
{
	const struct graph_options options = { .bound = proof->bound,
		.states = o->states,
		.budget = budget,
		.every_kind = proof->expected != VERDICT_PASS,
		.wanted = proof->expected };
	struct graph_result result;
	struct program program;
	int error = program_make_small(&program, &proof->cell, &proof->plan,
		proof->coarse, proof->reason, sizeof proof->reason);

	proof->verdict = VERDICT_INVALID;
	if (error)
		return;
	error = graph_explore(&program, &options, &result);
	if (error) {
		snprintf(proof->reason, sizeof proof->reason, "%s",
			result.failure_count ? result.failures[0].reason
					     : strerror(-error));
		return;
	}
	take_result(proof, &result);
	if (o->record && failure_of(proof, &result))
		record(proof, &program, failure_of(proof, &result), o->record);
	graph_result_free(&result);
}

/* The child goes with its parent. */
static void begin_job(struct job *job, struct proof *proof, const struct prove_options *o,
	uint64_t budget)
{
	int ends[2];

	if (pipe(ends))
		abort();
	fflush(stdout);
	job->process = fork();
	if (job->process < 0)
		abort();
	if (!job->process) {
		prctl(PR_SET_PDEATHSIG, SIGKILL);
		close(ends[0]);
		explore_world(proof, o, budget);
		_exit(write(ends[1], proof, sizeof *proof) != sizeof *proof);
	}
	close(ends[1]);
	job->pipe = ends[0];
	job->proof = proof;
}

static void end_job(struct job *job)
{
	struct proof result;
	size_t got = 0;
	ssize_t n;

	while (got < sizeof result &&
		(n = read(job->pipe, (char *)&result + got, sizeof result - got)) > 0)
		got += (size_t)n;
	close(job->pipe);
	waitpid(job->process, NULL, 0);
	if (got == sizeof result)
		*job->proof = result;
	else
		job->proof->verdict = VERDICT_INVALID;
	job->proof = NULL;
}

static bool is_expected(const struct proof *p)
{
	return p->verdict == p->expected;
}

static void print_proof(const struct proof *p)
{
	char extent[32];

	snprintf(extent, sizeof extent, "bound %u", p->bound);
	if (p->bound == NO_BOUND)
		snprintf(extent, sizeof extent, "complete");
	if (p->verdict == VERDICT_MISSING)
		snprintf(extent, sizeof extent, "not finished");
	else if (p->verdict != VERDICT_PASS)
		snprintf(extent, sizeof extent, "%" PRIu64 " actions", p->steps);
	printf("%-3s %-9s %-12s %12" PRIu64 " states %7.2f s  %s%s%s\n",
		is_expected(p) ? "ok" : "NOT", verdict_name(p->verdict), extent,
		p->states, p->seconds, *p->cell.faults ? p->cell.faults : "",
		*p->cell.faults ? ": " : "", p->text);
	if (!is_expected(p) && *p->reason)
		printf("    %s\n", p->reason);
}

static void wait_for_one(struct job *jobs, unsigned count)
{
	struct pollfd wait[JOBS_MAX];

	for (unsigned i = 0; i < count; i++)
		wait[i] = (struct pollfd){ jobs[i].proof ? jobs[i].pipe : -1, POLLIN, 0 };
	while (poll(wait, count, -1) < 0 && errno == EINTR)
		;
	for (unsigned i = 0; i < count; i++) {
		struct proof *proof = jobs[i].proof;

		if (!proof || !wait[i].revents)
			continue;
		end_job(&jobs[i]);
		print_proof(proof);
	}
}

static struct job *free_job(struct job *jobs, unsigned count)
{
	for (unsigned i = 0; i < count; i++)
		if (!jobs[i].proof)
			return &jobs[i];
	return NULL;
}

static bool any_runs(const struct job *jobs, unsigned count)
{
	for (unsigned i = 0; i < count; i++)
		if (jobs[i].proof)
			return true;
	return false;
}

static void run_all(struct proof *proofs, size_t count, const struct prove_options *o)
{
	struct job jobs[JOBS_MAX] = { 0 };
	uint64_t end = clock_now() + o->budget;
	unsigned n = o->jobs < JOBS_MAX ? o->jobs : JOBS_MAX;

	for (size_t i = 0; i < count && clock_now() < end; i++) {
		while (!free_job(jobs, n))
			wait_for_one(jobs, n);
		begin_job(free_job(jobs, n), &proofs[i], o, end - clock_now());
	}
	while (any_runs(jobs, n))
		wait_for_one(jobs, n);
}

static int sum_up(const struct proof *proofs, size_t count)
{
	size_t expected = 0, missing = 0;
	uint64_t states = 0;

	for (size_t i = 0; i < count; i++) {
		expected += is_expected(&proofs[i]);
		missing += proofs[i].verdict == VERDICT_MISSING;
		states += proofs[i].states;
	}
	printf("%zu worlds, %" PRIu64 " states: %zu as expected, %zu not, %zu not "
	       "finished\n",
		count, states, expected, count - expected - missing, missing);
	if (count - expected - missing)
		return STATUS_UNEXPECTED;
	return missing ? STATUS_ENVIRONMENT : STATUS_EXPECTED;
}

/* Leave out the worlds that have faults or a subject of their own, and give the others
 * these. */
static size_t turn_off(struct proof *proofs, size_t count, const char *faults)
{
	size_t kept = 0;

	for (size_t i = 0; i < count; i++) {
		if (*proofs[i].cell.faults || *proofs[i].cell.subject)
			continue;
		proofs[kept] = proofs[i];
		snprintf(proofs[kept++].cell.faults, FAULTS_SIZE, "%s", faults);
	}
	return kept;
}

int prove(const struct prove_options *o)
{
	struct proof *proofs;
	size_t count;
	int status = worlds_read(o->file, &proofs, &count);

	if (!status && o->faults)
		count = turn_off(proofs, count, o->faults);
	for (size_t i = 0; i < count; i++)
		if (!*proofs[i].cell.subject)
			snprintf(proofs[i].cell.subject, NAME_SIZE, "%s", o->subject);
	if (!status) {
		run_all(proofs, count, o);
		status = sum_up(proofs, count);
	}
	free(proofs);
	return status;
}
