/* SPDX-License-Identifier: BSD-2-Clause */
#include "program.h"

#include "stranger.h"
#include "words.h"

#include "runners/judge.h"
#include "stress/runtime.h"

#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const char magic[] = "hupstorm-1";

static struct snapshot snapshot;
static const struct program *running; /* the last that was run */

static int refuse(char *complaint, size_t size, const char *what, const char *name)
{
	snprintf(complaint, size, "no %s is called '%s' (see hupstorm list)", what, name);
	return -EINVAL;
}

static void make_plan(struct program *p, const struct stress_case *c)
{
	case_plan(c, &p->plan);
	p->plan.cycles = p->cell.cycles;
	p->plan.coordinator_on_leader = p->cell.coordinator_on_leader;
	p->plan.target = storm_target_named(p->cell.target);
	p->plan.seed = p->cell.seed;
	p->config.nudge = c->nudge;
	for (size_t i = 0; i < STORM_ROLES_MAX; i++)
		if (p->plan.roles[i].count > p->cell.workers)
			p->plan.roles[i].count = p->cell.workers;
}

/* Room for the storm's own threads and those of the runtime. */
static uint32_t threads_needed(const struct storm_plan *plan)
{
	uint32_t threads = storm_threads(plan);

	return threads < 8 ? 8 : threads;
}

static int read_faults(struct program *p, char *complaint, size_t size)
{
	const char *unknown, *foreign;
	size_t length;

	if (fault_parse(p->cell.faults, &p->config.faults, &unknown, &length))
		return refuse(complaint, size, "fault", p->cell.faults);
	foreign = fault_foreign_to(&p->config.faults, p->subject->name);
	if (foreign) {
		snprintf(complaint, size,
			"'%s' is no fault of subject '%s' (see hupstorm list faults)",
			foreign, p->subject->name);
		return -EINVAL;
	}
	fault_print(&p->config.faults, p->cell.faults, sizeof p->cell.faults);
	return 0;
}

static int make_world(
	struct program *p, uint32_t threads, size_t extra, char *complaint, size_t size)
{
	p->config.slots = p->cell.slots;
	p->config.threads_max = threads;
	if (threads > SIM_THREADS_MAX) {
		snprintf(complaint, size,
			"%u threads are too many: a simulated machine has %d", threads,
			SIM_THREADS_MAX);
		return -EINVAL;
	}
	p->config.memory_size = world_size(threads, extra);
	p->config.memory = aligned_alloc(4096, (p->config.memory_size + 4095) & ~4095UL);
	if (p->config.memory)
		return 0;
	snprintf(complaint, size, "no memory for the world");
	return -EINVAL;
}

int program_make(struct program *p, const struct cell *cell, char *complaint, size_t size)
{
	const struct stress_case *c = case_named(cell->case_name);

	*p = (struct program){ .cell = *cell, .subject = subject_named(cell->subject) };
	if (!c)
		return refuse(complaint, size, "case", cell->case_name);
	if (case_why_not_simulated(c)) {
		snprintf(complaint, size, "case '%s' cannot be explored: %s",
			cell->case_name, case_why_not_simulated(c));
		return -EINVAL;
	}
	if (!p->subject)
		return refuse(complaint, size, "subject", cell->subject);
	if (read_faults(p, complaint, size))
		return -EINVAL;
	make_plan(p, c);
	return make_world(p, threads_needed(&p->plan),
		storm_size(threads_needed(&p->plan)), complaint, size);
}

static int make_stranger(struct program *p, char *complaint, size_t size)
{
	/* No case of the runtime's. */
	p->config = (struct world_config){ 0 };
	p->invariant = p->stranger->invariant;
	if (stranger_faults(p->stranger, p->cell.faults, &p->stranger_faults))
		return 0;
	return refuse(complaint, size, "fault of that stranger", p->cell.faults);
}

int program_make_small(struct program *p, const struct cell *cell,
	const struct small_plan *plan, bool coarse, char *complaint, size_t size)
{
	*p = (struct program){ .cell = *cell,
		.subject = subject_named(cell->subject),
		.is_small = true,
		.small = *plan,
		.machine = {
			.coarse = coarse, .abstract_time = true, .points = UINT64_MAX } };
	p->stranger = stranger_named(cell->subject);
	if (p->stranger)
		return make_stranger(p, complaint, size);
	if (!p->subject)
		return refuse(complaint, size, "subject", cell->subject);
	if (read_faults(p, complaint, size))
		return -EINVAL;
	p->config.without_sysmon = !plan->sysmon;
	p->invariant = small_invariant;
	return make_world(
		p, small_threads(plan), sizeof(struct small_world), complaint, size);
}

/* The last run may have left the world standing. */
void program_forget(struct program *p)
{
	world = NULL;
	running = p;
	p->progress = (struct storm_progress){ 0 };
}

void program_run(void *argument)
{
	struct program *p = argument;
	int error;

	program_forget(p);
	if (p->stranger) {
		memset(p->stranger->state, 0, p->stranger->state_size);
		p->stranger->run(&p->small, p->stranger_faults);
	}
	memset(p->config.memory, 0, p->config.memory_size);
	if (p->is_small)
		small_run(&p->small, p->subject, &p->config);
	storm_prepare(&p->plan);
	error = storm_run(p->subject, &p->config, &p->plan, &p->progress, NULL);
	if (error)
		die("the storm could not be started (error %d)", -error);
}

uint64_t program_coordinator_reading(const struct program *p)
{
	uint64_t reading = os_load(&p->progress.state, memory_order_relaxed) +
			   os_counted(&p->progress.cycles) +
			   os_counted(&p->progress.traces);

	if (world)
		reading += os_counted(&world->counters.stops) +
			   os_counted(&world->counters.broadcasts) +
			   os_counted(&world->counters.fixups);
	return reading;
}

uint64_t program_reading(const struct program *p)
{
	uint64_t reading =
		program_coordinator_reading(p) + os_counted(&p->progress.received);

	if (!world)
		return reading;
	reading += os_counted(&world->counters.taken) +
		   os_counted(&world->counters.births) +
		   os_counted(&world->counters.deaths);
	for (uint32_t i = 0; i < threads_ever(); i++)
		reading += thread_moves(i);
	return reading;
}

const char *program_thread_name(unsigned thread)
{
	const struct thread *record;

	if (running && running->stranger)
		return running->stranger->thread_name(thread);
	record = sim_record_of(thread);
	return record && *record->name ? record->name : "-";
}

const char *program_word_name(const void *word)
{
	if (running && running->stranger)
		return running->stranger->word_name(word);
	return small_word_name(word);
}

/* What each thread of a stranger is about to do. */
static void describe_stranger(char *text, size_t size)
{
	size_t used = 0;
	char step[64];

	for (unsigned i = 0; sim_point_of(i).operation != SIM_OP_START && used < size;
		i++) {
		step_describe(
			(struct sim_action){ .thread = (uint8_t)i }, step, sizeof step);
		used += (size_t)snprintf(text + used, size - used, "%s%s: %s",
			i ? "; " : "", running->stranger->thread_name(i), step);
	}
}

void program_describe(char *text, size_t size)
{
	*text = '\0';
	if (running && running->stranger)
		describe_stranger(text, size);
	if (!world || world_inspect(world, world->config.memory_size, &snapshot.view))
		return;
	judge_describe(&snapshot, text, size);
}

static void print_small(const struct program *p, char *text)
{
	size_t used = 0;
	struct small_plan plan = p->small;

	for (size_t i = 0; i < SMALL_FIELDS; i++)
		used += (size_t)snprintf(text + used, PROGRAM_TEXT - used, ";%s=%u",
			small_fields[i].name, *small_number(&plan, i));
}

void program_print(const struct program *p, char text[PROGRAM_TEXT])
{
	const struct cell *c = &p->cell;
	int used = snprintf(text, PROGRAM_TEXT, "%s;%s=%s;subject=%s;fault=%s;slots=%u",
		magic, p->is_small ? "level" : "case",
		!p->is_small	    ? c->case_name
		: p->machine.coarse ? "coarse"
				    : "fine",
		c->subject, *c->faults ? c->faults : "none", c->slots);

	if (p->is_small) {
		char fields[PROGRAM_TEXT];

		print_small(p, fields);
		snprintf(text + used, PROGRAM_TEXT - (size_t)used,
			"%.320s;points=%" PRIx64, fields, p->machine.points);
		return;
	}
	snprintf(text + used, PROGRAM_TEXT - (size_t)used,
		";cycles=%" PRIu64 ";coordinator=%s;target=%s;workers=%u;seed=%" PRIu64,
		c->cycles, c->coordinator_on_leader ? "leader" : "thread", c->target,
		c->workers, c->seed);
}

/* The value of `key`, copied; false if it is not there or does not fit. */
static bool value_of(
	const char *text, size_t length, const char *key, char *value, size_t size)
{
	size_t key_length = strlen(key), n;
	const char *at = text, *stop = text + length;

	while (at < stop) {
		const char *next = memchr(at, ';', (size_t)(stop - at));

		if (!next)
			next = stop;
		n = (size_t)(next - at);
		if (n > key_length && at[key_length] == '=' &&
			!strncmp(at, key, key_length)) {
			n -= key_length + 1;
			if (n >= size)
				return false;
			memcpy(value, at + key_length + 1, n);
			value[n] = '\0';
			return true;
		}
		at = next + 1;
	}
	return false;
}

static bool number_of(const char *text, size_t length, const char *key, uint64_t least,
	uint64_t most, uint64_t *number)
{
	char value[32], *end;

	if (!value_of(text, length, key, value, sizeof value) || *value < '0' ||
		*value > '9')
		return false;
	*number = strtoull(value, &end, 10);
	return !*end && *number >= least && *number <= most;
}

static bool word_of(const char *text, size_t length, const char *key, const char *no,
	const char *yes, bool *is_yes)
{
	char value[16];

	if (!value_of(text, length, key, value, sizeof value))
		return false;
	*is_yes = !strcmp(value, yes);
	return *is_yes || !strcmp(value, no);
}

static bool parse_storm(const char *text, size_t length, struct cell *cell)
{
	uint64_t workers = 0;

	if (!value_of(text, length, "case", cell->case_name, NAME_SIZE) ||
		!number_of(text, length, "workers", 1, SIM_THREADS_MAX, &workers) ||
		!number_of(text, length, "cycles", 1, UINT32_MAX, &cell->cycles) ||
		!number_of(text, length, "seed", 0, UINT64_MAX, &cell->seed) ||
		!word_of(text, length, "coordinator", "thread", "leader",
			&cell->coordinator_on_leader) ||
		!value_of(text, length, "target", cell->target, NAME_SIZE) ||
		storm_target_named(cell->target) == TARGET_COUNT)
		return false;
	cell->workers = (uint32_t)workers;
	return true;
}

static bool parse_small(const char *text, size_t length, struct small_plan *plan)
{
	uint64_t number;

	for (size_t i = 0; i < SMALL_FIELDS; i++) {
		const struct small_field *field = &small_fields[i];

		if (!number_of(text, length, field->name, field->least, field->most,
			    &number))
			return false;
		*small_number(plan, i) = (uint32_t)number;
	}
	return true;
}

int program_parse(struct program *p, const char *text, const char **end, char *complaint,
	size_t size)
{
	const char *colon = strchr(text, ':');
	size_t length = colon ? (size_t)(colon - text) : 0;
	struct cell cell = { 0 };
	struct small_plan plan = { 0 };
	uint64_t slots = 0;
	bool coarse = false, is_small;
	char points[24] = "";
	int error;

	is_small = colon && word_of(text, length, "level", "fine", "coarse", &coarse);
	if (!colon || strncmp(text, magic, sizeof magic - 1) != 0 ||
		!value_of(text, length, "subject", cell.subject, NAME_SIZE) ||
		!value_of(text, length, "fault", cell.faults, FAULTS_SIZE) ||
		!number_of(text, length, "slots", 1, SLOTS_MAX, &slots) ||
		!(is_small ? parse_small(text, length, &plan)
			   : parse_storm(text, length, &cell))) {
		snprintf(complaint, size,
			"not a schedule of this version: it begins '%s;case=...' or "
			"'%s;level=...' and has a ':'",
			magic, magic);
		return -EINVAL;
	}
	if (!strcmp(cell.faults, "none"))
		*cell.faults = '\0';
	cell.slots = (uint32_t)slots;
	*end = colon + 1;
	if (is_small && !value_of(text, length, "points", points, sizeof points)) {
		snprintf(complaint, size, "schedule: it lacks its points");
		return -EINVAL;
	}
	if (is_small) {
		error = program_make_small(p, &cell, &plan, coarse, complaint, size);
		p->machine.points = strtoull(points, NULL, 16);
		if (p->machine.points != UINT64_MAX)
			p->machine.class_of = word_class;
		return error;
	}
	return program_make(p, &cell, complaint, size);
}
