/* SPDX-License-Identifier: BSD-2-Clause */
#include "execute.h"

#include "anchor.h"

#include "engine.h"
#include "kill.h"

#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/signalfd.h>
#include <sys/timerfd.h>
#include <unistd.h>

enum { TICKS_PER_DISPLAY = 10 };

/* What is polled, of the whole and of a job. */
enum { POLL_SIGNALS, POLL_TICKS, POLL_JOBS };
enum { POLL_ENDED, POLL_ASKING, POLL_PERTURBER, POLL_OF_JOB };

struct job {
	const struct engine_operations *engine;
	void *running; /* NULL: free */
	size_t number;
	bool second_try;
};

struct executor {
	struct execution *execution;
	struct job *jobs;
	struct pollfd *polled; /* signals, ticks, then those of each job */
	size_t next;	       /* cell to start */
	size_t done;
	unsigned ticks;
	int stopped_by; /* signal */
	int error;
	char *complaint;
	sigset_t mask_before;
};

static int fail(struct executor *x, int error, const char *what)
{
	snprintf(x->complaint, COMPLAINT_SIZE, "%s: %s", what, strerror(-error));
	x->error = error;
	return error;
}

static int open_signals(struct executor *x)
{
	sigset_t signals;

	sigemptyset(&signals);
	sigaddset(&signals, SIGINT);
	sigaddset(&signals, SIGTERM);
	sigaddset(&signals, SIGHUP);
	sigprocmask(SIG_BLOCK, &signals, &x->mask_before);
	return signalfd(-1, &signals, SFD_CLOEXEC | SFD_NONBLOCK);
}

static int open_ticks(void)
{
	struct itimerspec every = { .it_interval.tv_nsec = WATCH_TICK_MS * 1000000L,
		.it_value.tv_nsec = WATCH_TICK_MS * 1000000L };
	int timer = timerfd_create(CLOCK_MONOTONIC, TFD_CLOEXEC | TFD_NONBLOCK);

	if (timer >= 0)
		timerfd_settime(timer, 0, &every, NULL);
	return timer;
}

static int set_up(struct executor *x)
{
	unsigned jobs = x->execution->jobs;

	x->jobs = calloc(jobs, sizeof *x->jobs);
	x->polled = calloc(POLL_JOBS + POLL_OF_JOB * (size_t)jobs, sizeof *x->polled);
	if (!x->jobs || !x->polled)
		return fail(x, -ENOMEM, "cannot run cells");
	x->polled[POLL_SIGNALS] =
		(struct pollfd){ .fd = open_signals(x), .events = POLLIN };
	x->polled[POLL_TICKS] = (struct pollfd){ .fd = open_ticks(), .events = POLLIN };
	if (x->polled[POLL_SIGNALS].fd < 0 || x->polled[POLL_TICKS].fd < 0)
		return fail(x, -errno, "cannot run cells");
	for (size_t i = 0; i < POLL_OF_JOB * (size_t)jobs; i++)
		x->polled[POLL_JOBS + i].fd = -1;
	return 0;
}

static void tear_down(struct executor *x)
{
	for (unsigned j = 0; x->jobs && j < x->execution->jobs; j++)
		if (x->jobs[j].running)
			x->jobs[j].engine->abandon(x->jobs[j].running);
	if (x->polled) {
		close(x->polled[POLL_SIGNALS].fd);
		close(x->polled[POLL_TICKS].fd);
	}
	sigprocmask(SIG_SETMASK, &x->mask_before, NULL);
	free(x->jobs);
	free(x->polled);
}

static void keep(struct executor *x, size_t number, const struct outcome *outcome)
{
	struct execution *e = x->execution;

	e->run->outcomes[number] = *outcome;
	x->done++;
	if (store_add(e->store, e->run->info.id, number, outcome, x->complaint)) {
		x->error = -EIO;
		return;
	}
	if (e->on_outcome)
		e->on_outcome(e->argument, number);
}

static void skip(struct executor *x, size_t number, const char *why)
{
	struct outcome outcome = { .verdict = VERDICT_SKIPPED };

	snprintf(outcome.reason, sizeof outcome.reason, "%s", why);
	keep(x, number, &outcome);
}

static struct pollfd *polled_of(const struct executor *x, unsigned j)
{
	return &x->polled[POLL_JOBS + POLL_OF_JOB * (size_t)j];
}

static void poll_job(struct executor *x, unsigned j)
{
	struct pollfd *polled = polled_of(x, j);
	const struct job *job = &x->jobs[j];

	for (int i = 0; i < POLL_OF_JOB; i++)
		polled[i] = (struct pollfd){ .fd = -1, .events = POLLIN };
	if (!job->running)
		return;
	polled[POLL_ENDED].fd = job->engine->ended_descriptor(job->running);
	polled[POLL_ASKING].fd = job->engine->asking_descriptor(job->running);
	polled[POLL_PERTURBER].fd =
		perturber_descriptor(job->engine->perturber(job->running));
}

static void start(struct executor *x, unsigned j, size_t number, bool second_try)
{
	struct execution *e = x->execution;
	const struct cell *cell = &e->run->cells[number];
	const struct engine_operations *engine = engine_of(cell);
	void *running;
	int error = engine->start(&running, cell, &e->settings);

	if (error) {
		fail(x, error, "cannot start a cell");
		return;
	}
	x->jobs[j] = (struct job){ engine, running, number, second_try };
	poll_job(x, j);
}

static const char *why_not(const struct execution *e, size_t number)
{
	if (e->deadline && os_now() >= e->deadline)
		return "the time is used up";
	return engine_of(&e->run->cells[number])
		->why_not(&e->run->cells[number], &e->settings);
}

static bool has_next(struct executor *x)
{
	struct execution *e = x->execution;

	if (x->error || e->stop)
		return false;
	while (e->others && x->next < e->run->count && e->others[x->next])
		x->next++;
	return x->next < e->run->count || (e->wants_more && e->wants_more(e->argument));
}

static void start_more(struct executor *x)
{
	struct execution *e = x->execution;

	for (unsigned j = 0; j < e->jobs; j++) {
		while (!x->jobs[j].running && has_next(x)) {
			size_t number = x->next++;
			const char *why = why_not(e, number);

			if (why)
				skip(x, number, why);
			else
				start(x, j, number, false);
		}
	}
}

/* Neither green nor red, and perhaps for reasons that have passed; unless that is what the
 * cell is known for. Foreign programs are run again anyway. */
static bool deserves_second_try(const struct cell *cell, const struct outcome *outcome)
{
	return cell->engine != ENGINE_EXECUTED && !cell_shows_sign(cell, outcome) &&
	       verdict_is_unsure(outcome->verdict);
}

/* Whoever did not hang may have been anywhere. */
static void keep_anchor(const struct evidence *evidence, struct outcome *outcome)
{
	if (evidence && verdict_is_hang(outcome->verdict))
		anchor_of(evidence, outcome->anchor);
}

/* A disk that has no room for the evidence has none for much else, but the outcome may still fit. */
static void keep_evidence(struct executor *x, size_t number,
	const struct evidence *evidence, struct outcome *outcome)
{
	struct execution *e = x->execution;
	size_t used = strlen(outcome->reason);
	int error;

	if (!evidence || !e->bundles)
		return;
	error = bundle_write(
		e->bundles, e->run->info.id, number + 1, evidence, outcome->evidence);
	if (error)
		snprintf(outcome->reason + used, sizeof outcome->reason - used,
			" (its evidence is not kept: %s)", strerror(-error));
}

static void finish(struct executor *x, unsigned j)
{
	struct job job = x->jobs[j];
	struct evidence *evidence;
	struct outcome outcome;

	job.engine->collect(job.running, &outcome, &evidence);
	x->jobs[j].running = NULL;
	poll_job(x, j);
	if (deserves_second_try(&x->execution->run->cells[job.number], &outcome) &&
		!job.second_try) {
		start(x, j, job.number, true);
	} else {
		keep_anchor(evidence, &outcome);
		keep_evidence(x, job.number, evidence, &outcome);
		keep(x, job.number, &outcome);
	}
	evidence_free(evidence);
}

static void serve(struct executor *x, unsigned j, bool tick)
{
	const struct pollfd *polled = polled_of(x, j);
	const struct job *job = &x->jobs[j];

	if (!job->running)
		return;
	if (polled[POLL_PERTURBER].revents)
		perturber_serve(job->engine->perturber(job->running));
	if (polled[POLL_ENDED].revents) {
		finish(x, j);
		return;
	}
	if (polled[POLL_ASKING].revents)
		job->engine->answer(job->running);
	if (polled[POLL_ASKING].revents || polled[POLL_PERTURBER].revents)
		poll_job(x, j);
	if (tick)
		job->engine->look(job->running);
}

static void take_signal(struct executor *x)
{
	struct signalfd_siginfo info;

	if (read(x->polled[POLL_SIGNALS].fd, &info, sizeof info) == sizeof info)
		x->stopped_by = (int)info.ssi_signo;
}

static bool take_tick(struct executor *x)
{
	struct execution *e = x->execution;
	uint64_t expirations;

	if (!x->polled[POLL_TICKS].revents ||
		read(x->polled[POLL_TICKS].fd, &expirations, sizeof expirations) < 0)
		return false;
	if (e->on_tick && ++x->ticks % TICKS_PER_DISPLAY == 0)
		e->on_tick(e->argument);
	return true;
}

static void loop(struct executor *x)
{
	struct execution *e = x->execution;
	nfds_t count = POLL_JOBS + POLL_OF_JOB * (nfds_t)e->jobs;

	while (!x->error && !x->stopped_by) {
		bool tick;

		start_more(x);
		if (x->error || e->stop || x->done == e->run->count)
			return;
		if (poll(x->polled, count, -1) < 0 && errno != EINTR) {
			fail(x, -errno, "poll");
			return;
		}
		if (x->polled[POLL_SIGNALS].revents)
			take_signal(x);
		tick = take_tick(x);
		for (unsigned j = 0; j < e->jobs && !x->error && !e->stop; j++)
			serve(x, j, tick);
	}
}

int execute(struct execution *execution, char *complaint)
{
	struct executor x = { .execution = execution,
		.complaint = complaint,
		.next = execution->first,
		.done = execution->first };

	for (size_t i = execution->first; execution->others && i < execution->run->count;
		i++)
		x.done += execution->others[i];

	adopt_orphans();
	if (!set_up(&x))
		loop(&x);
	tear_down(&x);
	return x.error ? x.error : x.stopped_by;
}
