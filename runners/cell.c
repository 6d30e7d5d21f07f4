/* SPDX-License-Identifier: BSD-2-Clause */
#include "cell.h"

#include "audit.h"
#include "inside.h"
#include "kill.h"
#include "stress/fault.h"
#include "stress/oracles.h"

#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/eventfd.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

enum { SPARE_THREADS = 16, THREADS_FOR_BIRTHS = 3 };

struct running_cell {
	struct cell cell;
	struct cell_settings settings;
	const struct placement *placement;
	struct inside inside; /* what the child gets */
	size_t mapping_size;
	pid_t pid;
	int ended; /* pidfd */
	struct watch *watch;
	struct perturber *perturber;
	uint64_t began;
	bool decided;
	struct evidence *evidence;
	struct outcome outcome;
};

int cell_ended_descriptor(const struct running_cell *running)
{
	return running->ended;
}

int cell_audit_descriptor(const struct running_cell *running)
{
	return running->inside.audit_wanted;
}

struct perturber *cell_perturber(const struct running_cell *running)
{
	return running->perturber;
}

pid_t cell_process(const struct running_cell *running)
{
	return running->pid;
}

const char *cell_why_not(const struct cell *cell, const struct cell_settings *settings)
{
	const char *why_not = placement_why_not(settings->placements, cell->placement);
	const struct stress_case *c = case_named(cell->case_name);
	const char *why = perturber_why_not(cell);

	if (why_not)
		return why_not;
	if (why)
		return why;
	if ((c->needs & NEED_ATTRIBUTE) && os_attribute_set(false))
		return "prctl(PR_SET_KEEPCAPS) is not permitted";
	return NULL;
}

/* The storm, as the child runs it. */
static void plan_storm(struct inside *inside, const struct cell *cell)
{
	const struct stress_case *c = case_named(cell->case_name);
	struct storm_plan *plan = &inside->plan;
	struct noise_plan *noise = &inside->config.noise;
	const char *unknown;
	size_t length;

	noise_parse(cell->noise, noise, &unknown, &length);
	noise->seed = cell->seed;
	case_plan(c, plan);
	plan->cycles = cell->cycles;
	plan->time_limit = cell->time_limit;
	plan->coordinator_on_leader = cell->coordinator_on_leader;
	plan->target = *cell->target ? storm_target_named(cell->target) : TARGET_PROCESS;
	plan->aligned = noise->aligned && c->sends_signals;
	plan->seed = cell->seed;
	for (size_t i = 0; i < STORM_ROLES_MAX; i++)
		if (plan->roles[i].kind == ROLE_WORKER && cell->workers)
			plan->roles[i].count = cell->workers;
	inside->subject = subject_named(cell->subject);
	inside->few_threads = c->few_threads;
	inside->processes = c->needs & NEED_PROCESSES;
}

/* Under a limit those that births cannot do without, and a few. */
static uint32_t threads_for(const struct inside *inside)
{
	if (inside->few_threads)
		return storm_threads_least(&inside->plan) + THREADS_FOR_BIRTHS;
	return storm_threads(&inside->plan) + SPARE_THREADS;
}

/* One mapping, shared with the child: the page, then the world's memory. */
static int share_memory(struct running_cell *running)
{
	struct inside *inside = &running->inside;
	struct world_config *config = &inside->config;
	uint32_t threads = threads_for(inside);
	size_t page = (sizeof(struct cell_page) + 4095) & ~(size_t)4095;
	size_t extra;

	if (threads > THREADS_MAX)
		return -EINVAL;
	extra = storm_size(threads);
	config->threads_max = threads;
	config->memory_size = world_size(threads, extra);
	running->mapping_size = page + config->memory_size;
	inside->page = mmap(NULL, running->mapping_size, PROT_READ | PROT_WRITE,
		MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	if (inside->page == MAP_FAILED) {
		inside->page = NULL;
		return -errno;
	}
	config->memory = (char *)inside->page + page;
	return 0;
}

static int open_descriptors(struct inside *inside)
{
	inside->last_words = memfd_create("last words", MFD_CLOEXEC);
	inside->audit_wanted = eventfd(0, EFD_CLOEXEC);
	inside->audit_done = eventfd(0, EFD_CLOEXEC);
	inside->death_seen = eventfd(0, EFD_CLOEXEC | EFD_SEMAPHORE);
	if (inside->last_words < 0 || inside->audit_wanted < 0 ||
		inside->audit_done < 0 || inside->death_seen < 0)
		return -errno;
	return 0;
}

static void close_if_open(int descriptor)
{
	if (descriptor >= 0)
		close(descriptor);
}

static void discard(struct running_cell *running)
{
	struct inside *inside = &running->inside;

	close_if_open(inside->last_words);
	close_if_open(inside->audit_wanted);
	close_if_open(inside->audit_done);
	close_if_open(inside->death_seen);
	close_if_open(inside->handover);
	close_if_open(running->ended);
	if (inside->page)
		munmap(inside->page, running->mapping_size);
	watch_free(running->watch);
	perturber_free(running->perturber);
	evidence_free(running->evidence);
	free(running);
}

static int start_perturber(struct running_cell *running)
{
	struct perturber_plan plan = { .seed = running->cell.seed,
		.sandboxed = running->settings.sandboxed,
		.processes = running->inside.processes,
		.tally = running->settings.tally,
		.perturbation = perturbation_of(&running->cell) };

	running->inside.perturbation = plan.perturbation;
	return perturber_new(&running->perturber, &plan, &running->inside.handover);
}

static int prepare(struct running_cell *running)
{
	struct inside *inside = &running->inside;
	int error;

	inside->last_words = inside->audit_wanted = inside->handover = -1;
	inside->audit_done = inside->death_seen = -1;
	running->ended = -1;
	plan_storm(inside, &running->cell);
	error = share_memory(running);
	if (!error)
		error = open_descriptors(inside);
	if (!error)
		error = start_perturber(running);
	inside->config.slots = running->cell.slots;
	inside->config.nudge = running->cell.nudge;
	inside->config.faults = fault_set_of(running->cell.faults);
	inside->sandboxed = running->settings.sandboxed;
	inside->evidence = running->settings.evidence;
	inside->placements = running->settings.placements;
	inside->placement = running->placement;
	inside->parent = getpid();
	return error;
}

/* Raised for the cell alone: a child that dies at once leaves its page behind for
 * cell_collect. */
static int launch(struct running_cell *running)
{
	running->began = os_now();
	running->pid = fork();
	if (running->pid < 0)
		return -errno;
	if (running->pid == 0)
		inside_run(&running->inside);
	close(running->inside.handover);
	running->inside.handover = -1;
	perturber_begin(running->perturber, running->pid);
	running->ended = (int)syscall(SYS_pidfd_open, running->pid, 0);
	return running->ended < 0 ? -errno : 0;
}

static int start_watch(struct running_cell *running)
{
	struct watch_target target = {
		.pid = running->pid,
		.memory = running->inside.config.memory,
		.memory_size = running->inside.config.memory_size,
		.progress = &running->inside.page->progress,
		.cell = &running->cell,
		.patience = running->settings.patience,
		.grace = running->settings.grace,
	};

	running->watch = watch_new(&target);
	return running->watch ? 0 : -ENOMEM;
}

int cell_start(struct running_cell **out, const struct cell *cell,
	const struct cell_settings *settings)
{
	struct running_cell *running = calloc(1, sizeof *running);
	int error;

	if (!running)
		return -ENOMEM;
	running->cell = *cell;
	running->settings = *settings;
	running->placement = placement_named(settings->placements, cell->placement);
	error = prepare(running);
	if (!error)
		error = launch(running);
	if (!error)
		error = start_watch(running);
	if (error && running->pid > 0)
		cell_abandon(running);
	else if (error)
		discard(running);
	*out = running;
	return error;
}

static void take_evidence(struct running_cell *running)
{
	const struct evidence_source source = {
		.processes = &running->pid,
		.process_count = 1,
		.memory = running->inside.config.memory,
		.memory_size = running->inside.config.memory_size,
		.before = watch_snapshot(running->watch),
	};

	if (!running->settings.evidence || running->evidence)
		return;
	/* A thread whose call nobody answers cannot be traced. */
	if (!perturber_answer_meanwhile(running->perturber))
		return;
	running->evidence = evidence_take(&source);
	perturber_answer_no_more(running->perturber);
}

static void decide(struct running_cell *running, enum verdict verdict)
{
	running->decided = true;
	running->outcome.verdict = verdict;
	if (verdict_is_red(verdict))
		take_evidence(running);
	kill_cell(running->ended, running->pid);
}

void cell_look(struct running_cell *running)
{
	enum verdict verdict;

	if (running->decided)
		return;
	verdict = watch_look(running->watch, running->outcome.reason);
	perturber_rest(running->perturber, watch_is_suspicious(running->watch));
	if (verdict != VERDICT_MISSING)
		decide(running, verdict);
}

/* Where each thread runs, or has ended, against the placement that was asked for. */
static bool is_placed(const struct running_cell *running, const struct snapshot *snapshot)
{
	if (os_load(&running->inside.page->strayed, memory_order_relaxed))
		return false;
	for (uint32_t i = 0; i < snapshot->count; i++) {
		const struct thread_sample *thread = &snapshot->threads[i];
		enum storm_party party;
		uint32_t number;

		if (!inside_thread_number(
			    running->inside.page, thread->tid, &number, &party))
			continue;
		if (!placement_has(running->placement, number, party, thread->pu))
			return false;
	}
	return true;
}

/* An audit that has not seen every thread proves nothing (golang/go#42462: Go's own test
 * looked at the leader, and was green). */
static bool saw_everybody(struct running_cell *running, const struct audit *audit)
{
	uint64_t inside = os_counted(&running->inside.page->progress.checked);

	if (inside == audit->threads && audit->checked == audit->threads)
		return true;
	snprintf(running->outcome.reason, sizeof running->outcome.reason,
		"threads: of %u, the oracles inside have checked %u and the audit %u",
		audit->threads, (unsigned)inside, audit->checked);
	return false;
}

static void judge_audit(struct running_cell *running, struct snapshot *snapshot)
{
	struct outcome *outcome = &running->outcome;
	struct audit audit;
	int error = audit_cell(running->pid, running->inside.config.memory,
		running->inside.config.memory_size,
		storm_blocked(&running->inside.plan).bits, &running->inside.config.faults,
		os_now() + 5 * OS_SECOND * running->settings.patience, snapshot, &audit,
		outcome->reason, sizeof outcome->reason);

	if (error == -EBADMSG) {
		decide(running, VERDICT_ORACLE);
		return;
	}
	*outcome->reason = '\0';
	if (error)
		return;
	outcome->threads = audit.threads;
	outcome->run_delay = audit.run_delay;
	outcome->migrations = audit.migrations;
	if (!saw_everybody(running, &audit)) {
		decide(running, VERDICT_INVALID);
		return;
	}
	if (is_placed(running, snapshot)) {
		snprintf(outcome->achieved, sizeof outcome->achieved, "%s",
			running->cell.placement);
		return;
	}
	snprintf(outcome->reason, sizeof outcome->reason,
		"a thread ran outside its placement %s", running->cell.placement);
	decide(running, VERDICT_INVALID);
}

/* Before it dies: every thread that wants to waits for that. */
static void look_at_dying(struct running_cell *running)
{
	uint64_t all = THREADS_MAX;

	take_evidence(running);
	if (write(running->inside.death_seen, &all, sizeof all) < 0)
		perror("hupstorm: evidence");
}

void cell_audit(struct running_cell *running)
{
	struct snapshot *snapshot;
	uint64_t value;

	if (read(running->inside.audit_wanted, &value, sizeof value) < 0 ||
		running->decided)
		return;
	if (os_load(&running->inside.page->dying, memory_order_acquire)) {
		look_at_dying(running);
		return;
	}
	snapshot = malloc(sizeof *snapshot);
	perturber_answer_meanwhile(running->perturber);
	if (snapshot)
		judge_audit(running, snapshot);
	perturber_answer_no_more(running->perturber);
	free(snapshot);
	value = 1;
	if (write(running->inside.audit_done, &value, sizeof value) < 0)
		perror("hupstorm: audit");
}

/* The first line of what the cell said last. */
static void read_last_words(const struct running_cell *running, char *line, size_t size)
{
	ssize_t length = pread(running->inside.last_words, line, size - 1, 0);

	line[length > 0 ? length : 0] = '\0';
	line[strcspn(line, "\n")] = '\0';
}

/* A process may hang when it has said already why it dies. */
static void add_last_words(const struct running_cell *running, char *reason)
{
	char words[REASON_SIZE / 2];
	size_t used = strlen(reason);

	read_last_words(running, words, sizeof words);
	if (*words)
		snprintf(reason + used, REASON_SIZE - used, "; it had said: %s", words);
}

static void judge_exit(struct running_cell *running, int status)
{
	struct outcome *outcome = &running->outcome;
	char words[REASON_SIZE / 2];

	read_last_words(running, words, sizeof words);
	if (WIFSIGNALED(status)) {
		outcome->verdict = VERDICT_CRASH;
		snprintf(outcome->reason, sizeof outcome->reason, "SIG%s%s%s",
			sigabbrev_np(WTERMSIG(status)), *words ? ": " : "", words);
		return;
	}
	switch (WEXITSTATUS(status)) {
	case 0:
		outcome->verdict = VERDICT_PASS;
		return;
	case EXIT_ORACLE:
		outcome->verdict = VERDICT_ORACLE;
		break;
	case EXIT_TROUBLE:
		outcome->verdict = inside_explain(
			running->inside.page, outcome->reason, sizeof outcome->reason);
		return;
	default:
		outcome->verdict = VERDICT_CRASH;
		snprintf(outcome->reason, sizeof outcome->reason, "exit status %d: %s",
			WEXITSTATUS(status), words);
		return;
	}
	snprintf(outcome->reason, sizeof outcome->reason, "%s", words);
}

static uint32_t octaves_drawn(const struct world_counters *world)
{
	uint32_t octaves = 0;

	for (size_t i = 0; i < NOISE_OCTAVES; i++)
		octaves += os_counted(&world->noise_octaves[i]) != 0;
	return octaves;
}

/* Of so many delays that a seed draws not all are of one length. */
enum { DELAYS_ENOUGH = 64 };

/* What is wrong with a cell that passed: it was not exposed to what it should have been.
 * NULL: nothing. */
static const char *find_lack(
	const struct running_cell *running, const struct world_counters *world)
{
	const struct outcome *outcome = &running->outcome;
	const struct noise_plan *noise = &running->inside.config.noise;
	uint32_t cycle = running->inside.plan.cycle;

	if (cycle & CYCLE_BROADCAST && outcome->broadcasts < outcome->cycles)
		return "fewer broadcasts than cycles";
	if (cycle & CYCLE_TRACE && outcome->stops < 2 * outcome->cycles)
		return "fewer stops than cycles";
	if (!noise->delays || noise->alone || outcome->cycles < DELAYS_ENOUGH)
		return NULL;
	if (!outcome->noise_time)
		return "the perturber has injected nothing";
	if (outcome->noise_count >= 4 * DELAYS_ENOUGH && octaves_drawn(world) < 2)
		return "all delays are alike";
	return NULL;
}

static void check_exposure(
	struct running_cell *running, const struct world_counters *world)
{
	const char *lack = find_lack(running, world);

	if (!lack)
		return;
	running->outcome.verdict = VERDICT_INVALID;
	snprintf(running->outcome.reason, REASON_SIZE, "%s", lack);
}

static void add_counters(struct running_cell *running)
{
	const struct inside *inside = &running->inside;
	const struct storm_progress *progress = &inside->page->progress;
	const struct world_counters *world =
		world_inspect_counters(inside->config.memory, inside->config.memory_size);
	struct outcome *outcome = &running->outcome;

	outcome->cycles = os_counted(&progress->cycles);
	outcome->sent = os_counted(&progress->sent);
	outcome->received = os_counted(&progress->received);
	if (!world)
		return;
	outcome->handled = os_counted(&world->handled);
	outcome->stops = os_counted(&world->stops);
	outcome->broadcasts = os_counted(&world->broadcasts);
	outcome->noise_count = os_counted(&world->noise_count);
	outcome->noise_time = os_counted(&world->noise_time);
	for (size_t i = 0; i < OVERLAPS; i++)
		outcome->overlaps[i] = os_counted(
			&world->overlaps[i / SIGNAL_MOMENTS][i % SIGNAL_MOMENTS]);
	if (outcome->verdict == VERDICT_PASS)
		check_exposure(running, world);
}

/* What there is to say of one that has died without a word. */
static void hand_over_evidence(struct running_cell *running, struct evidence **evidence)
{
	const struct world_config *config = &running->inside.config;

	if (!evidence)
		return;
	*evidence = NULL;
	if (!verdict_is_red(running->outcome.verdict) || !running->settings.evidence)
		return;
	if (!running->evidence)
		running->evidence =
			evidence_take_remains(config->memory, config->memory_size);
	*evidence = running->evidence;
	running->evidence = NULL;
}

void cell_collect(
	struct running_cell *running, struct outcome *outcome, struct evidence **evidence)
{
	struct rusage usage = { 0 };
	int status = 0;

	kill_leftovers(running->pid);
	wait4(running->pid, &status, 0, &usage);
	running->outcome.wall = os_now() - running->began;
	running->outcome.cpu = usage_cpu(&usage);
	if (!running->decided)
		judge_exit(running, status);
	else
		add_last_words(running, running->outcome.reason);
	add_counters(running);
	perturber_report(running->perturber, &running->outcome);
	hand_over_evidence(running, evidence);
	*outcome = running->outcome;
	discard(running);
}

void cell_abandon(struct running_cell *running)
{
	kill_cell(running->ended, running->pid);
	waitid(P_PID, (id_t)running->pid, NULL, WEXITED | WNOWAIT);
	kill_leftovers(running->pid);
	waitpid(running->pid, NULL, 0);
	discard(running);
}
