/* SPDX-License-Identifier: BSD-2-Clause */
#include "program.h"

#include "companion.h"
#include "go.h"
#include "kill.h"
#include "output.h"
#include "processes.h"
#include "program_child.h"
#include "program_watch.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#define SAMPLE_EVERY	(500 * OS_MILLISECOND)
#define LAST_WORDS_TAKE (3 * OS_SECOND)

struct running_program {
	struct cell cell;
	struct cell_settings settings;
	const struct program_plan *plan;
	const struct placement *placement;
	struct program_page *page;
	pid_t pid;
	int ended; /* pidfd */
	struct companion companion;
	struct output output, marks; /* the second by descriptor */
	struct program_watch *watch;
	struct perturber *perturber;
	uint64_t began, sampled;
	uint64_t
		last_call; /* when a program that was asked to tell of itself is killed; 0: it was not */
	bool decided, strayed;
	bool knows_sysmon;
	uint32_t sysmon; /* the thread of a Go program that wakes by itself; 0: none */
	struct evidence *evidence;
	struct outcome outcome;
	struct snapshot sample;
};

static int program_ended_descriptor(const void *running)
{
	return ((const struct running_program *)running)->ended;
}

static int program_asking_descriptor(const void *running)
{
	return ((const struct running_program *)running)->output.descriptor;
}

static const char *program_why_not(
	const struct cell *cell, const struct cell_settings *settings)
{
	const char *why = placement_why_not(settings->placements, cell->placement);

	return why ? why : perturber_why_not(cell);
}

static int open_pipe(int ends[2])
{
	if (pipe2(ends, O_CLOEXEC))
		return -errno;
	fcntl(ends[0], F_SETFL, O_NONBLOCK);
	return 0;
}

static int start_perturber(struct running_program *running, struct program_child *child)
{
	struct perturber_plan plan = { .seed = running->cell.seed,
		.sandboxed = running->settings.sandboxed,
		.processes = true,
		.tally = running->settings.tally,
		.perturbation = perturbation_of(&running->cell) };

	child->perturbation = plan.perturbation;
	return perturber_new(&running->perturber, &plan, &child->handover);
}

static int launch(struct running_program *running)
{
	int output[2] = { -1, -1 }, marks[2] = { -1, -1 };
	struct program_child child = { .plan = running->plan,
		.settings = &running->settings,
		.placement = running->placement,
		.page = running->page,
		.parent = getpid(),
		.handover = -1 };
	int error = open_pipe(output);

	if (!error)
		error = start_perturber(running, &child);
	if (!error && running->plan->progress == PROGRESS_BY_DESCRIPTOR)
		error = open_pipe(marks);
	running->output.descriptor = output[0];
	running->marks.descriptor = marks[0];
	child.output = output[1];
	child.marks = marks[1];
	if (!error) {
		running->began = os_now();
		running->pid = fork();
		if (running->pid == 0)
			program_child_run(&child);
		if (running->pid < 0)
			error = -errno;
	}
	close(output[1]);
	if (marks[1] >= 0)
		close(marks[1]);
	if (child.handover >= 0)
		close(child.handover);
	if (error)
		return error;
	perturber_begin(running->perturber, running->pid);
	running->ended = (int)syscall(SYS_pidfd_open, running->pid, 0);
	return running->ended < 0 ? -errno : 0;
}

/* Asked of threads that do not just sleep, when nothing seems to get on. */
static bool is_service(void *argument, uint32_t tid)
{
	struct running_program *running = argument;

	if (!running->plan->is_go)
		return false;
	if (!running->knows_sysmon) {
		running->knows_sysmon = true;
		running->sysmon = go_sysmon(running->pid);
	}
	return tid == running->sysmon;
}

static int start_watch(struct running_program *running)
{
	const struct program_watch_target target = {
		.pid = running->pid,
		.by_marks = running->plan->progress != PROGRESS_BY_CPU,
		.storm = running->plan->storm.count ? &running->page->companion : NULL,
		.time_limit = running->cell.time_limit,
		.patience = running->settings.patience,
		.is_service = is_service,
		.argument = running,
	};

	running->watch = program_watch_new(&target);
	return running->watch ? 0 : -ENOMEM;
}

static int prepare(struct running_program *running)
{
	running->ended = running->output.descriptor = running->marks.descriptor = -1;
	if (running->plan->progress == PROGRESS_BY_OUTPUT)
		running->output.expression = &running->plan->expression;
	running->page = mmap(NULL, sizeof *running->page, PROT_READ | PROT_WRITE,
		MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	if (running->page != MAP_FAILED)
		return 0;
	running->page = NULL;
	return -errno;
}

static void discard(struct running_program *running)
{
	const int descriptors[] = { running->ended, running->output.descriptor,
		running->marks.descriptor };

	for (size_t i = 0; i < sizeof descriptors / sizeof descriptors[0]; i++)
		if (descriptors[i] >= 0)
			close(descriptors[i]);
	if (running->page)
		munmap(running->page, sizeof *running->page);
	program_watch_free(running->watch);
	perturber_free(running->perturber);
	evidence_free(running->evidence);
	free(running);
}

static void program_abandon(void *argument)
{
	struct running_program *running = argument;

	companion_end(&running->companion);
	kill_cell(running->ended, running->pid);
	waitid(P_PID, (id_t)running->pid, NULL, WEXITED | WNOWAIT);
	kill_leftovers(running->pid);
	waitpid(running->pid, NULL, 0);
	discard(running);
}

static int program_start(
	void **out, const struct cell *cell, const struct cell_settings *settings)
{
	struct running_program *running = calloc(1, sizeof *running);
	int error;

	if (!running)
		return -ENOMEM;
	running->cell = *cell;
	running->settings = *settings;
	running->plan = settings->program;
	running->placement = placement_named(settings->placements, cell->placement);
	error = prepare(running);
	if (!error)
		error = launch(running);
	if (!error)
		error = start_watch(running);
	if (!error)
		error = companion_start(&running->companion, running->pid, running->ended,
			&running->plan->storm, &running->page->companion);
	if (error && running->pid > 0)
		program_abandon(running);
	else if (error)
		discard(running);
	*out = running;
	return error;
}

static void take_evidence(struct running_program *running)
{
	const struct snapshot *before = NULL, *after;
	pid_t processes[PROCESSES_MAX];
	struct evidence_source source = {
		.processes = processes,
		.process_count = processes_list(running->pid, processes),
	};

	if (program_watch_snapshots(running->watch, &before, &after))
		source.before = before;
	if (!running->settings.evidence)
		return;
	/* A thread whose call nobody answers cannot be traced. */
	if (!perturber_answer_meanwhile(running->perturber))
		return;
	running->evidence = evidence_take(&source);
	perturber_answer_no_more(running->perturber);
}

/* For all its goroutines, which it prints before it ends. */
static bool ask_go(struct running_program *running)
{
	os_store(&running->page->companion.rests, 1, memory_order_relaxed);
	return !syscall(SYS_pidfd_send_signal, running->ended, SIGQUIT, NULL, 0);
}

static void decide(struct running_program *running, enum verdict verdict)
{
	running->decided = true;
	running->outcome.verdict = verdict;
	take_evidence(running);
	if (running->plan->is_go && ask_go(running))
		running->last_call = os_now() + LAST_WORDS_TAKE;
	else
		kill_cell(running->ended, running->pid);
}

/* Now and then: how many threads there are, and whether they are where they should be. */
static void sample(struct running_program *running, uint64_t now)
{
	pid_t processes[PROCESSES_MAX];
	struct snapshot *s = &running->sample;
	uint64_t delay = 0;

	if (now - running->sampled < SAMPLE_EVERY)
		return;
	running->sampled = now;
	if (snapshot_take_processes(
		    s, processes, processes_list(running->pid, processes)))
		return;
	for (uint32_t i = 0; i < s->count; i++) {
		bool placed = !running->placement->count;

		for (size_t k = 0; k < running->placement->count; k++)
			placed |= placement_has(
				running->placement, k, PARTY_WORKERS, s->threads[i].pu);
		running->strayed |= !placed;
		delay += s->threads[i].delay;
	}
	if (s->count > running->outcome.threads)
		running->outcome.threads = s->count;
	if (delay > running->outcome.run_delay)
		running->outcome.run_delay = delay;
}

static void read_output(struct running_program *running)
{
	output_read(&running->output);
	output_read(&running->marks);
}

static uint64_t marks_of(const struct running_program *running)
{
	switch (running->plan->progress) {
	case PROGRESS_BY_OUTPUT:
		return running->output.matches;
	case PROGRESS_BY_DESCRIPTOR:
		return running->marks.bytes;
	default:
		return running->output.bytes;
	}
}

static struct perturber *program_perturber(const void *running)
{
	return ((const struct running_program *)running)->perturber;
}

static void program_look(void *argument)
{
	struct running_program *running = argument;
	enum verdict verdict;

	read_output(running);
	if (running->last_call && os_now() > running->last_call)
		kill_cell(running->ended, running->pid);
	if (running->decided)
		return;
	sample(running, os_now());
	verdict = program_watch_look(
		running->watch, marks_of(running), running->outcome.reason);
	perturber_rest(running->perturber, program_watch_is_suspicious(running->watch));
	if (verdict != VERDICT_MISSING)
		decide(running, verdict);
}

static void program_answer(void *argument)
{
	read_output(argument);
}

/* Behind the reason, what the program said last. */
static void add_last_line(struct running_program *running)
{
	char line[REASON_SIZE / 2], *reason = running->outcome.reason;
	size_t used = strlen(reason);

	output_last_line(&running->output, line, sizeof line);
	if (*line)
		snprintf(reason + used, REASON_SIZE - used, "; it said last: %s", line);
}

static bool is_of_storm(const struct running_program *running, int signal)
{
	for (size_t i = 0; i < running->plan->storm.count; i++)
		if (running->plan->storm.streams[i].signal == signal)
			return true;
	return false;
}

static void judge_signal(struct running_program *running, int signal)
{
	struct outcome *outcome = &running->outcome;

	outcome->verdict = is_of_storm(running, signal) ? VERDICT_INVALID : VERDICT_CRASH;
	snprintf(outcome->reason, sizeof outcome->reason, "SIG%s%s", sigabbrev_np(signal),
		outcome->verdict == VERDICT_INVALID
			? ", of the storm, which it did not catch any more"
			: "");
}

static void judge_exit(struct running_program *running, int status)
{
	struct outcome *outcome = &running->outcome;

	if (program_child_explain(
		    running->page, outcome->reason, sizeof outcome->reason)) {
		outcome->verdict = VERDICT_SKIPPED;
		return;
	}
	if (WIFSIGNALED(status)) {
		judge_signal(running, WTERMSIG(status));
	} else if (WEXITSTATUS(status)) {
		outcome->verdict = VERDICT_ORACLE;
		snprintf(outcome->reason, sizeof outcome->reason, "exit status %d",
			WEXITSTATUS(status));
	} else {
		outcome->verdict = VERDICT_PASS;
		return;
	}
	add_last_line(running);
}

/* What passed without what it should have gone through. */
static void check_exposure(struct running_program *running)
{
	const struct storm_outside *storm = &running->plan->storm;
	struct outcome *outcome = &running->outcome;
	const char *lack = NULL;
	char text[STREAM_TEXT_SIZE];

	for (size_t i = 0; i < storm->count; i++) {
		uint64_t sent = os_counted(&running->page->companion.sent[i]);

		outcome->sent += sent;
		if (!sent)
			lack = sigabbrev_np(storm->streams[i].signal);
	}
	if (outcome->verdict != VERDICT_PASS)
		return;
	if (lack) {
		snprintf(text, sizeof text, "SIG%s was never sent", lack);
		snprintf(outcome->reason, sizeof outcome->reason,
			"%s, for the program never caught it", text);
	} else if (running->strayed) {
		snprintf(outcome->reason, sizeof outcome->reason,
			"a thread ran outside its placement %s", running->cell.placement);
	} else {
		return;
	}
	outcome->verdict = VERDICT_INVALID;
}

/* With the end of what it wrote. */
static struct evidence *hand_over_evidence(struct running_program *running)
{
	struct evidence *evidence = running->evidence;

	running->evidence = NULL;
	if (running->outcome.verdict <= VERDICT_PASS || !running->settings.evidence) {
		evidence_free(evidence);
		return NULL;
	}
	if (!evidence)
		evidence = evidence_take_remains(NULL, 0);
	if (evidence)
		evidence->output = malloc(OUTPUT_KEPT);
	if (evidence && evidence->output)
		evidence->output_length =
			output_tail(&running->output, evidence->output, OUTPUT_KEPT);
	return evidence;
}

static void program_collect(
	void *argument, struct outcome *out, struct evidence **evidence)
{
	struct running_program *running = argument;
	struct outcome *outcome = &running->outcome;
	struct rusage usage = { 0 };
	int status = 0;

	companion_end(&running->companion);
	kill_leftovers(running->pid);
	wait4(running->pid, &status, 0, &usage);
	outcome->wall = os_now() - running->began;
	outcome->cpu = usage_cpu(&usage);
	outcome->cycles = 1;
	while (output_read(&running->output))
		;
	if (running->decided)
		add_last_line(running);
	else
		judge_exit(running, status);
	check_exposure(running);
	perturber_report(running->perturber, outcome);
	if (!running->strayed)
		snprintf(outcome->achieved, sizeof outcome->achieved, "%s",
			running->cell.placement);
	*evidence = hand_over_evidence(running);
	*out = *outcome;
	discard(running);
}

const struct engine_operations program_engine = {
	.why_not = program_why_not,
	.start = program_start,
	.ended_descriptor = program_ended_descriptor,
	.asking_descriptor = program_asking_descriptor,
	.perturber = program_perturber,
	.look = program_look,
	.answer = program_answer,
	.collect = program_collect,
	.abandon = program_abandon,
};
