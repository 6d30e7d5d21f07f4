/* SPDX-License-Identifier: BSD-2-Clause */
#include "prove.h"

#include "archive.h"
#include "chance.h"
#include "child.h"
#include "clock.h"
#include "pool.h"
#include "table.h"
#include "worlds.h"

#include "runners/commands.h"

#include <errno.h>
#include <inttypes.h>
#include <limits.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

enum { JOBS_MAX = 64 };

struct proving {
	const struct prove_options *options;
	struct proof *proofs;
	size_t count;
	struct archive archive;
};

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
static void write_interleaving(const struct proof *proof, struct program *program,
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
	fprintf(out, "# World: %s. %zu actions, %zu switches, %s.\n", proof->text,
		f->path.count, schedule_switches(&f->path),
		proof->bound == NO_BOUND ? "no shorter way" : "few preemptions");
	table_print(out, program, &f->path);
	table_print_end(out, program, &f->path, &f->again);
	fclose(out);
}

static void take_result(struct proof *proof, struct program *program,
	struct graph_result *result, const struct prove_options *o)
{
	struct graph_failure *failure = failure_of(proof, result);

	archive_graph(&proof->outcome, program, result, failure, proof->bound);
	proof->outcome.wall = (uint64_t)(result->seconds * (double)OS_SECOND);
	proof->outcome.cpu = clock_cpu();
	proof->bytes = result->bytes;
	if (!failure)
		return;
	proof->steps = failure->path.count;
	if (o->record)
		write_interleaving(proof, program, failure, o->record);
}

static int explore_graph(struct proof *proof, struct program *program,
	const struct prove_options *o, uint64_t budget)
{
	const struct graph_options options = { .bound = proof->bound,
		.states = o->states,
		.budget = budget,
		.every_kind = proof->expected != VERDICT_PASS,
		.wanted = proof->expected };
	struct graph_result result;
	int error = graph_explore(program, &options, &result);

	if (error)
		snprintf(proof->outcome.reason, REASON_SIZE, "%s",
			result.failure_count ? result.failures[0].reason
					     : strerror(-error));
	else
		take_result(proof, program, &result, o);
	graph_result_free(&result);
	return error;
}

static int explore_by_chance(
	struct proof *proof, struct program *program, uint64_t budget)
{
	const struct chance_options options = { .scheduler = -1,
		.depth = 3,
		.schedules = PROVE_SCHEDULES,
		.jobs = 1,
		.budget = budget,
		.seed = 1 };
	struct chance_result result;
	int error = chance_explore(program, &options, &result);

	if (error)
		snprintf(proof->outcome.reason, REASON_SIZE, "%s", strerror(-error));
	else if (result.last.attempt.verdict != VERDICT_PASS)
		archive_failure(
			&proof->outcome, program, &result.list, &result.last.attempt);
	else if (result.schedules == options.schedules)
		archive_schedules(&proof->outcome, result.schedules);
	else
		proof->outcome.verdict = VERDICT_SLOW;
	proof->steps = result.list.count * verdict_is_red(proof->outcome.verdict);
	proof->outcome.wall = (uint64_t)(result.seconds * (double)OS_SECOND);
	proof->outcome.cpu = clock_cpu();
	chance_result_free(&result);
	return error;
}

static void explore_world(
	struct proof *proof, const struct prove_options *o, uint64_t budget)
{
	struct program program;
	int error = program_make_small(&program, &proof->cell, &proof->plan,
		proof->coarse, proof->outcome.reason, REASON_SIZE);

	if (!error)
		error = proof->by_chance ? explore_by_chance(proof, &program, budget)
					 : explore_graph(proof, &program, o, budget);
	if (error)
		proof->outcome.verdict = VERDICT_INVALID;
}

static void begin_job(struct job *job, struct proof *proof, const struct prove_options *o,
	uint64_t budget)
{
	int ends[2];

	if (pipe(ends))
		abort();
	fflush(stdout);
	job->process = child_begin();
	if (!job->process) {
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
		job->proof->outcome.verdict = VERDICT_INVALID;
	job->proof = NULL;
}

static bool is_expected(const struct proof *p)
{
	return p->outcome.verdict == p->expected;
}

static void print_proof(const struct proof *p)
{
	const struct outcome *o = &p->outcome;
	char extent[NAME_SIZE];

	memcpy(extent, o->extent, sizeof extent);
	if (p->steps)
		snprintf(extent, sizeof extent, "%" PRIu64 " actions", p->steps);
	printf("%-3s %-9s %-14s %12" PRIu64 " states %7.2f s  %s%s%s\n",
		is_expected(p) ? "ok" : "NOT", verdict_name(o->verdict), extent,
		o->states, (double)o->wall / (double)OS_SECOND,
		*p->cell.faults ? p->cell.faults : "", *p->cell.faults ? ": " : "",
		p->text);
	if (!is_expected(p) && *o->reason)
		printf("    %s\n", o->reason);
}

static int wait_for_one(struct job *jobs, unsigned count, struct proving *p)
{
	struct pollfd wait[JOBS_MAX];
	int status = 0;

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
		if (!status)
			status = archive_add(&p->archive, (size_t)(proof - p->proofs),
				&proof->outcome, NULL);
	}
	return status;
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

/* Until all are done, the time is over, or the store takes no more. */
static int run_all(struct proving *p)
{
	struct job jobs[JOBS_MAX] = { 0 };
	uint64_t end = clock_now() + p->options->budget;
	unsigned n = p->options->jobs < JOBS_MAX ? p->options->jobs : JOBS_MAX;
	int status = 0;

	for (size_t i = 0; i < p->count && clock_now() < end && !status; i++) {
		while (!free_job(jobs, n) && !status)
			status = wait_for_one(jobs, n, p);
		if (!status)
			begin_job(free_job(jobs, n), &p->proofs[i], p->options,
				end - clock_now());
	}
	while (any_runs(jobs, n) && !status)
		status = wait_for_one(jobs, n, p);
	return status;
}

/* Nothing is known of it; the last if it cannot be explored as it is described. */
static bool is_unfinished(const struct proof *p)
{
	return p->outcome.verdict == VERDICT_SLOW ||
	       p->outcome.verdict == VERDICT_MISSING ||
	       p->outcome.verdict == VERDICT_INVALID;
}

static int sum_up(const struct proving *p)
{
	size_t expected = 0, unfinished = 0, unexpected;
	uint64_t states = 0, bytes = 0;

	for (size_t i = 0; i < p->count; i++) {
		expected += is_expected(&p->proofs[i]);
		unfinished += is_unfinished(&p->proofs[i]);
		states += p->proofs[i].outcome.states;
		bytes += p->proofs[i].bytes;
	}
	unexpected = p->count - expected - unfinished;
	printf("%zu worlds, %" PRIu64 " states, %.1f bytes a state: %zu as expected, %zu "
	       "not, %zu not finished\n",
		p->count, states, states ? (double)bytes / (double)states : 0.0, expected,
		unexpected, unfinished);
	if (unexpected)
		return STATUS_UNEXPECTED;
	return unfinished ? STATUS_ENVIRONMENT : STATUS_EXPECTED;
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

/* Leave out the worlds whose faults are none of the subject's. */
static size_t leave_out_foreign(struct proof *proofs, size_t count, const char *subject)
{
	size_t kept = 0;

	for (size_t i = 0; i < count; i++) {
		const struct cell *cell = &proofs[i].cell;
		struct fault_set set = fault_set_of(cell->faults);

		if (!*cell->subject && fault_foreign_to(&set, subject))
			continue;
		proofs[kept++] = proofs[i];
	}
	return kept;
}

static void describe_cells(struct proving *p, struct cell *cells)
{
	for (size_t i = 0; i < p->count; i++) {
		struct proof *proof = &p->proofs[i];
		struct cell *cell = &proof->cell;
		const char *scheduler = proof->by_chance	   ? "chance"
					: proof->bound != NO_BOUND ? "bounded"
								   : "graph";

		if (!*cell->subject)
			snprintf(cell->subject, NAME_SIZE, "%s", p->options->subject);
		archive_describe_small(cell, &proof->plan, proof->coarse);
		archive_scheduler(cell, scheduler);
		if (proof->bound != NO_BOUND)
			archive_number(cell, "bound", proof->bound);
		if (proof->by_chance)
			archive_number(cell, "schedules", PROVE_SCHEDULES);
		cell->expected =
			proof->expected == VERDICT_PASS ? EXPECT_GREEN : EXPECT_RED;
		cells[i] = *cell;
	}
}

static int prove_all(struct proving *p)
{
	struct cell *cells = reallocate(NULL, p->count * sizeof *cells);
	int status;

	describe_cells(p, cells);
	status = archive_begin(
		&p->archive, p->options->store, p->options->command, 0, cells, p->count);
	free(cells);
	if (!status)
		status = run_all(p);
	if (!status)
		status = archive_end(&p->archive);
	archive_close(&p->archive);
	return status ? status : sum_up(p);
}

/* A word that is no fault must not look like one that was found. */
static int check_faults(const struct prove_options *o)
{
	struct fault_set set = { 0 };
	const char *unknown;
	size_t length;

	if (!o->faults)
		return 0;
	if (fault_parse(o->faults, &set, &unknown, &length))
		return complain("--fault '%s': no fault is called '%.*s' (hupstorm list "
				"faults)",
			o->faults, (int)length, unknown);
	unknown = fault_foreign_to(&set, o->subject);
	if (unknown)
		return complain(
			"--fault '%s': '%s' is no fault of subject '%s' (--subject)",
			o->faults, unknown, o->subject);
	return 0;
}

int prove(const struct prove_options *o)
{
	struct proving p = { .options = o };
	int status = check_faults(o);

	if (!status)
		status = worlds_read(o->file, &p.proofs, &p.count);

	if (!status && o->faults)
		p.count = turn_off(p.proofs, p.count, o->faults);
	else if (!status)
		p.count = leave_out_foreign(p.proofs, p.count, o->subject);
	if (!status && !p.count)
		status = complain("%s: there is no world in it", o->file);
	if (!status)
		status = prove_all(&p);
	free(p.proofs);
	return status;
}
