/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * hupstorm hunt: look for the cell in which a fault, or a subject of the user's own, fails
 * soonest. A bandit (bandit.h) picks on each axis; a trial is a short cell.
 */
#include "commands.h"

#include "bandit.h"
#include "power_plan.h"
#include "session.h"

#include "cases/cases.h"
#include "results/again.h"
#include "stress/noise.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* Of one trial: some hundreds of cycles. */
#define TRIAL_TIME (1500 * OS_MILLISECOND)
/* What cannot be run is not tried often, and if it is all that there is, not for long. */
#define SKIPPED_COSTS 10.0
enum { SKIPPED_MAX = 100 };

enum axis {
	AXIS_CASE,
	AXIS_PLACEMENT,
	AXIS_SLOTS,
	AXIS_COORDINATOR,
	AXIS_TARGET,
	AXIS_NOISE,
	AXIS_WORKERS,
	AXIS_COUNT
};

static const char *const axis_names[AXIS_COUNT] = { "case", "placement", "slots",
	"coordinator", "target", "noise", "workers" };

struct hunt {
	struct session *session;
	struct bandit bandit;
	const char *values[AXIS_COUNT][BANDIT_VALUES];
	size_t value_count[AXIS_COUNT];
	char numbers[BANDIT_VALUES][12];
	size_t number_count;
	struct bandit_choice chosen;
	struct cell wanted; /* its faults, and the sign of what is looked for */
	struct cell last;   /* the last that failed, and what came of it */
	struct outcome outcome;
	unsigned failures, trials, skipped; /* the last in a row */
	double seconds;			    /* of CPU time, until the first failure */
};

static void add_value(struct hunt *h, enum axis axis, const char *value)
{
	if (h->value_count[axis] < BANDIT_VALUES)
		h->values[axis][h->value_count[axis]++] = value;
}

static const char *number(struct hunt *h, uint32_t value)
{
	char *text = h->numbers[h->number_count++];

	snprintf(text, sizeof h->numbers[0], "%u", value);
	return text;
}

static bool add_chosen(struct hunt *h, enum axis axis, const struct choices *choices)
{
	for (size_t i = 0; i < choices->count; i++)
		add_value(h, axis, choices->at[i]);
	return choices->count;
}

static void add_cases(struct hunt *h)
{
	const struct stress_case *c;

	if (add_chosen(h, AXIS_CASE, &h->session->options.cases))
		return;
	for (size_t i = 0; (c = case_at(i)); i++)
		add_value(h, AXIS_CASE, c->name);
}

/* Of those by role the ones that give every relation of two roles. */
static void add_by_role(struct hunt *h)
{
	const struct placements *placements = &h->session->placements;

	for (size_t i = 0; i < placements->classes.cover; i++)
		add_value(h, AXIS_PLACEMENT, placements->by_role[i].name);
}

static void add_chosen_placements(struct hunt *h, const struct choices *choices)
{
	for (size_t i = 0; i < choices->count; i++) {
		if (!strcmp(choices->at[i], BY_ROLE))
			add_by_role(h);
		else
			add_value(h, AXIS_PLACEMENT, choices->at[i]);
	}
}

static void add_placements(struct hunt *h)
{
	const struct placements *placements = &h->session->placements;

	if (h->session->options.placements.count) {
		add_chosen_placements(h, &h->session->options.placements);
		return;
	}
	for (size_t i = 0; i < PLACEMENT_COUNT; i++)
		if (placements->at[i].available)
			add_value(h, AXIS_PLACEMENT, placements->at[i].name);
	add_by_role(h);
}

static void add_slots(struct hunt *h)
{
	static const uint32_t usual[] = { 1, 2, 4, 8 };
	const struct run_options *o = &h->session->options;
	const uint32_t *slots = o->slot_count ? o->slots : usual;

	for (size_t i = 0; i < (o->slot_count ? o->slot_count : 4); i++)
		add_value(h, AXIS_SLOTS, number(h, slots[i]));
}

static void add_coordinators(struct hunt *h)
{
	if (h->session->options.coordinator != ONLY_LEADER)
		add_value(h, AXIS_COORDINATOR, "thread");
	if (h->session->options.coordinator != ONLY_THREAD)
		add_value(h, AXIS_COORDINATOR, "leader");
}

static void add_targets(struct hunt *h)
{
	if (add_chosen(h, AXIS_TARGET, &h->session->options.targets))
		return;
	for (int t = 0; t < TARGET_COUNT; t++)
		add_value(h, AXIS_TARGET, storm_target_name((enum storm_target)t));
}

static void add_noise(struct hunt *h)
{
	static const char *const plans[] = { "", "mixed", "aligned", "aligned,mixed" };

	for (size_t i = 0; i < sizeof plans / sizeof plans[0]; i++)
		add_value(h, AXIS_NOISE, plans[i]);
	for (int p = 0; p < NOISE_POINT_COUNT; p++)
		add_value(h, AXIS_NOISE, noise_point_name((enum noise_point)p));
}

static void set_up(struct hunt *h)
{
	h->bandit.random.state = h->session->options.seed;
	add_cases(h);
	add_placements(h);
	add_slots(h);
	add_coordinators(h);
	add_targets(h);
	add_noise(h);
	add_value(h, AXIS_WORKERS, "0");
	add_value(h, AXIS_WORKERS, "12");
	for (int a = 0; a < AXIS_COUNT; a++)
		bandit_add_axis(&h->bandit, h->value_count[a]);
}

static const char *chosen(const struct hunt *h, enum axis axis)
{
	return h->values[axis][h->chosen.at[axis]];
}

/* The first subject that all of these are faults of. */
static const char *first_with(const char *faults)
{
	struct fault_set set = fault_set_of(faults);
	const struct subject *subject;

	for (size_t i = 0; (subject = subject_at(i)); i++)
		if (!fault_foreign_to(&set, subject->name))
			return subject->name;
	return subject_at(0)->name;
}

/* A fault that is hunted alone is put back with those that it needs, and told from them. */
static void take_faults(struct hunt *h)
{
	const struct choices *faults = &h->session->options.faults;
	struct fault_set set;
	enum fault fault;

	if (!faults->count)
		return;
	if (power_fault(faults->at[0], &fault)) {
		power_cell(fault, 0, &h->wanted);
		return;
	}
	set = fault_set_of(faults->at[0]);
	fault_print(&set, h->wanted.faults, sizeof h->wanted.faults);
}

static void make_cell(const struct hunt *h, struct cell *cell)
{
	const struct run_options *o = &h->session->options;

	*cell = (struct cell){
		.slots = (uint32_t)atoi(chosen(h, AXIS_SLOTS)),
		.workers = (uint32_t)atoi(chosen(h, AXIS_WORKERS)),
		.coordinator_on_leader = *chosen(h, AXIS_COORDINATOR) == 'l',
		.nudge = o->nudge || case_named(chosen(h, AXIS_CASE))->nudge,
		.seed = o->seed + h->session->run->count,
		.cycles = CYCLES_NO_END,
		.time_limit = TRIAL_TIME,
		.expected = EXPECT_NOTHING,
	};
	snprintf(cell->case_name, NAME_SIZE, "%s", chosen(h, AXIS_CASE));
	snprintf(cell->subject, NAME_SIZE, "%s",
		o->subjects.count ? o->subjects.at[0] : first_with(h->wanted.faults));
	memcpy(cell->faults, h->wanted.faults, sizeof cell->faults);
	snprintf(cell->placement, PLACEMENT_SIZE, "%s", chosen(h, AXIS_PLACEMENT));
	snprintf(cell->target, NAME_SIZE, "%s", chosen(h, AXIS_TARGET));
	snprintf(cell->noise, NOISE_SIZE, "%s", chosen(h, AXIS_NOISE));
	snprintf(cell->perturbation, PERTURBATION_SIZE, "%s", o->perturbation);
}

/* On each axis what found most for its time. */
static void print_best(const struct hunt *h)
{
	puts("\nWhat found most, for the CPU time that it took");
	for (int a = 0; a < AXIS_COUNT; a++) {
		size_t best = 0;

		for (size_t v = 1; v < h->bandit.at[a].values; v++)
			if (bandit_rate(&h->bandit, (size_t)a, v) >
				bandit_rate(&h->bandit, (size_t)a, best))
				best = v;
		printf("  %-12s %-20s %.3f / s\n", axis_names[a],
			*h->values[a][best] ? h->values[a][best] : "none",
			bandit_rate(&h->bandit, (size_t)a, best));
	}
}

static void print_result(const struct hunt *h)
{
	char command[COMMAND_SIZE];

	printf("\n%u trials, %u failed", h->trials, h->failures);
	if (!h->failures) {
		printf(", in %.1f s of CPU time\n", h->seconds);
		return;
	}
	printf("; the first after %.1f s of CPU time\n", h->seconds);
	cell_command(&h->last, &h->outcome, command, sizeof command);
	printf("%s: %s\n    again: %s\n", verdict_name(h->outcome.verdict),
		h->outcome.reason, command);
	print_best(h);
}

static void on_end(struct session *s)
{
	display_end(&s->display);
	print_result(s->context);
	fflush(stdout);
}

static void learn(struct hunt *h, size_t number)
{
	const struct outcome *outcome = &h->session->run->outcomes[number];
	bool failed = cell_shows_sign(&h->wanted, outcome);
	double seconds = (double)outcome->cpu / 1e9;

	if (outcome->verdict == VERDICT_SKIPPED) {
		bandit_learn(&h->bandit, &h->chosen, false, SKIPPED_COSTS);
		h->skipped++;
		return;
	}
	bandit_learn(&h->bandit, &h->chosen, failed, seconds);
	h->skipped = 0;
	h->trials++;
	if (!h->failures)
		h->seconds += seconds;
	if (!failed)
		return;
	h->failures++;
	h->last = h->session->run->cells[number];
	h->outcome = *outcome;
}

/* One cell, or as many at a time as there are jobs, all of one choice. */
static int try_choice(struct hunt *h)
{
	struct session *s = h->session;
	size_t first = s->run->count;
	struct cell cell;
	int status = 0;

	h->chosen = bandit_pick(&h->bandit);
	for (unsigned j = 0; j < s->options.jobs && !status; j++) {
		make_cell(h, &cell);
		status = session_add(s, &cell);
	}
	if (!status)
		status = session_run(s, first, on_end);
	for (size_t i = first; i < s->run->count && !status; i++)
		learn(h, i);
	if (!status && h->skipped >= SKIPPED_MAX)
		status = complain("hunt: nothing of this can be run here: %s",
			s->run->outcomes[s->run->count - 1].reason);
	return status;
}

static int check(const struct session *s)
{
	const struct run_options *o = &s->options;

	if (o->faults.count > 1 || o->subjects.count > 1)
		return complain("hunt: expected one --fault (names with commas) and one "
				"--subject");
	if (!o->subjects.count && (!o->faults.count || !strcmp(o->faults.at[0], "none")))
		return complain("hunt: expected --fault NAME or --subject NAME");
	for (size_t i = 0; i < o->placements.count; i++) {
		const char *name = o->placements.at[i];
		const char *why_not = placement_why_not(&s->placements, name);

		if (!strcmp(name, BY_ROLE))
			why_not = s->placements.why_not_by_role;
		if (why_not)
			return complain("--placement '%s': not on this machine: %s", name,
				why_not);
	}
	return 0;
}

static int hunt(struct session *s)
{
	struct hunt h = { .session = s };
	uint64_t end = os_now() + s->options.budget;
	int status = check(s);

	if (status)
		return status;
	s->context = &h;
	take_faults(&h);
	set_up(&h);
	status = session_begin(s, NULL, 0);
	while (!status && h.failures < s->options.repeat && os_now() < end)
		status = try_choice(&h);
	if (status)
		return status;
	on_end(s);
	status = session_finish(s);
	if (status)
		return status;
	return (h.failures != 0) == (*h.wanted.faults != 0) ? STATUS_EXPECTED
							    : STATUS_UNEXPECTED;
}

int command_hunt(int argc, char **argv)
{
	return session(argc, argv, OPTIONS_OF_HUNT, hunt);
}
