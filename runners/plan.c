/* SPDX-License-Identifier: BSD-2-Clause */
#include "plan.h"

#include "power_plan.h"
#include "results/score.h"
#include "rota.h"

#include "cases/cases.h"

#include <errno.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* A known-red cell is let run until it is red; one that survives this long is reported as
 * survivor. Where the watchdog is to be patient, the machine is slow. */
#define RED_TIME_LIMIT (10 * OS_SECOND)
/* What a known-red cell takes on average, most of it the watchdog's. */
#define RED_TIME (700 * OS_MILLISECOND)

/* One combination of the axes. */
struct combination {
	uint32_t slots;
	bool leader;
	const char *target;
};

struct combinations {
	size_t count;
	struct combination at[2 * CHOICES_MAX * TARGET_COUNT];
};

struct planner {
	const struct run_options *options;
	const struct placements *placements;
	struct plan *plan;
	size_t capacity;
	int error;
};

static uint32_t processing_units(const struct placements *placements)
{
	return (uint32_t)hwloc_get_nbobjs_by_type(placements->topology, HWLOC_OBJ_PU);
}

/* 1, 2, the PUs and four times the PUs, each once. */
static size_t default_slots(const struct placements *placements, uint32_t slots[4])
{
	uint32_t pus = processing_units(placements);
	const uint32_t all[] = { 1, 2, pus, 4 * pus };
	size_t count = 0;

	for (size_t i = 0; i < 4; i++) {
		uint32_t value = all[i] < SLOTS_MAX ? all[i] : SLOTS_MAX;
		bool known = false;

		for (size_t k = 0; k < count; k++)
			known |= slots[k] == value;
		if (!known)
			slots[count++] = value;
	}
	return count;
}

/* Where nobody sends signals it does not matter to whom. */
static struct choices targets_of(
	const struct run_options *options, const struct stress_case *c)
{
	static const struct choices any = { 1, { "process" } };
	struct choices usual = { 2, { "process", "rotate" } };

	if (!c->sends_signals)
		return any;
	if (options->targets.count)
		return options->targets;
	for (size_t i = 0; i < TARGET_COUNT && c->targets[i]; i++)
		usual.at[usual.count++] = storm_target_name(c->targets[i]);
	return usual;
}

static void add_combinations(const struct run_options *options,
	const struct stress_case *c, uint32_t slots, struct combinations *all)
{
	struct choices targets = targets_of(options, c);

	for (int leader = 0; leader < 2; leader++) {
		if (options->coordinator == (leader ? ONLY_THREAD : ONLY_LEADER))
			continue;
		for (size_t t = 0; t < targets.count; t++)
			all->at[all->count++] =
				(struct combination){ slots, leader, targets.at[t] };
	}
}

static void combine(
	const struct planner *p, const struct stress_case *c, struct combinations *all)
{
	uint32_t defaults[4];
	const uint32_t *slots = p->options->slots;
	size_t count = p->options->slot_count;

	if (!count) {
		count = default_slots(p->placements, defaults);
		slots = defaults;
	}
	all->count = 0;
	for (size_t i = 0; i < count; i++)
		add_combinations(p->options, c, slots[i], all);
}

static void add_cell(struct planner *p, const struct cell *cell)
{
	struct plan *plan = p->plan;

	if (plan->count == p->capacity) {
		size_t more = p->capacity ? 2 * p->capacity : 256;
		struct cell *cells = realloc(plan->cells, more * sizeof *cells);

		if (!cells) {
			p->error = -ENOMEM;
			return;
		}
		plan->cells = cells;
		p->capacity = more;
	}
	plan->cells[plan->count++] = *cell;
}

static void set_axes(struct cell *cell, const struct combination *axes)
{
	cell->slots = axes->slots;
	cell->coordinator_on_leader = axes->leader;
	snprintf(cell->target, sizeof cell->target, "%s", axes->target);
}

/* True if a known-red case is soon red with these axes: it has the slots for it, and the
 * signals are not all the coordinator's, as those to the process are where it is the
 * thread-group leader, which the kernel prefers. */
static bool is_soon_red(const struct stress_case *c, const struct combination *axes)
{
	return axes->slots >= c->red_from_slots &&
	       !(c->sends_signals && axes->leader && !strcmp(axes->target, "process"));
}

/*
 * By role a bug may be hard to reach: on two PUs, with nothing else to do, broadcast-only + seed survives 50,000 cycles
 * where receiver and workers have a PU without the coordinator. And so it may on one PU where nobody sends signals: on an
 * emulated POWER9 broadcast-only + pre-seed survived 7,000 cycles 7 times of 8.
 */
static bool is_hard_to_reach(const struct stress_case *c, const struct cell *cell)
{
	return placement_is_by_role(cell->placement) ||
	       (!c->sends_signals && !strcmp(cell->subject, "cooperative") &&
		       !strcmp(cell->placement, "one-pu"));
}

/* Of a preset under which a case need not fail nothing is known unless it is a negative control, nor of other faults, nor
 * of a case that must fail with other axes than these. */
static enum expectation expectation(const struct stress_case *c, const struct cell *cell,
	const struct combination *axes)
{
	const char *faults = cell->faults;

	if (!*faults)
		return EXPECT_GREEN;
	if (case_is_red_under(c, faults))
		return is_soon_red(c, axes) && !is_hard_to_reach(c, cell)
			       ? EXPECT_RED
			       : EXPECT_NOTHING;
	for (size_t i = 0; fault_preset(i) && c->negative_control; i++)
		if (!strcmp(fault_preset(i)->name, faults))
			return EXPECT_GREEN;
	return EXPECT_NOTHING;
}

static void add_combined(
	struct planner *p, struct cell *cell, const struct combination *axes)
{
	set_axes(cell, axes);
	cell->expected = expectation(case_named(cell->case_name), cell, axes);
	add_cell(p, cell);
}

static bool is_chosen(const struct choices *choices, const char *name)
{
	for (size_t i = 0; i < choices->count; i++)
		if (!strcmp(choices->at[i], name))
			return true;
	return !choices->count;
}

/* There are many of these cases: unless one is asked for, it has its turn over the seeds.
 */
static bool is_sparse(const struct planner *p, const struct stress_case *c)
{
	return c->sparse && !p->options->cases.count;
}

/* So that cases which are sparse do not all take the same turn. */
static size_t place_of(const struct stress_case *c)
{
	size_t i = 0;

	while (case_at(i) != c)
		i++;
	return i;
}

/* The combination that a cell takes if it takes one alone. */
static size_t turn_of(const struct cell *cell, const struct stress_case *c,
	size_t placement, size_t count)
{
	size_t turn = (size_t)(cell->seed % count) + placement;

	return c->sparse ? turn + 5 * place_of(c) : turn;
}

/* One cell in each placement, not all combinations. */
static bool is_small_row(const struct planner *p, const struct cell *like)
{
	return *like->faults || is_sparse(p, case_named(like->case_name));
}

/* In one placement. */
static void add_cells(struct planner *p, const struct cell *like,
	const struct combinations *all, size_t placement)
{
	const struct stress_case *c = case_named(like->case_name);

	for (unsigned r = 0; r < p->options->repeat; r++) {
		struct cell cell = *like;
		size_t first = 0, count = all->count;

		cell.seed = p->options->seed + r;
		if (is_small_row(p, &cell)) {
			first = turn_of(&cell, c, placement, all->count);
			count = 1;
		}
		for (size_t i = first; i < first + count; i++)
			add_combined(p, &cell, &all->at[i % all->count]);
	}
}

static void add_by_class(struct planner *p, const struct cell *like, size_t class,
	const struct combination *axes)
{
	struct cell cell = *like;

	snprintf(cell.placement, sizeof cell.placement, "%s",
		p->placements->by_role[class].name);
	add_combined(p, &cell, axes);
}

/* Every relation of two roles, and a class of those that repeat them; each with one
 * combination. Another seed pairs them otherwise, and takes the next of the rest. */
static void add_cover(
	struct planner *p, const struct cell *like, const struct combinations *all)
{
	const struct role_classes *classes = &p->placements->classes;
	size_t rest = classes->count - classes->cover;
	size_t first = (size_t)(like->seed % all->count);

	for (size_t i = 0; i < classes->cover; i++)
		add_by_class(p, like, i, &all->at[(first + i) % all->count]);
	if (rest)
		add_by_class(p, like, classes->cover + (size_t)(like->seed % rest),
			&all->at[(first + classes->cover) % all->count]);
}

/* A row that is small elsewhere is one cell here too: the next class with each seed, in the
 * order of the cover, and another one in each case. */
static void add_turn(
	struct planner *p, const struct cell *like, const struct combinations *all)
{
	const struct stress_case *c = case_named(like->case_name);
	size_t count = p->placements->classes.count;
	size_t class = (size_t)(like->seed % count) + place_of(c);

	add_by_class(p, like, class % count,
		&all->at[turn_of(like, c, PLACEMENT_COUNT, all->count) % all->count]);
}

static void add_by_role(
	struct planner *p, const struct cell *like, const struct combinations *all)
{
	for (unsigned r = 0; r < p->options->repeat; r++) {
		struct cell cell = *like;

		cell.seed = p->options->seed + r;
		if (is_small_row(p, &cell))
			add_turn(p, &cell, all);
		else
			add_cover(p, &cell, all);
	}
}

/* As they were asked for: the family, or one of it by name. */
static void add_by_role_placements(
	struct planner *p, const struct cell *like, const struct combinations *all)
{
	const struct choices *asked = &p->options->placements;
	struct cell cell = *like;

	snprintf(cell.placement, sizeof cell.placement, BY_ROLE);
	if (is_chosen(asked, BY_ROLE)) {
		if (!p->placements->why_not_by_role)
			add_by_role(p, like, all);
		else if (asked->count)
			add_cells(p, &cell, all, PLACEMENT_COUNT);
	}
	for (size_t i = 0; i < asked->count; i++) {
		if (!placement_is_by_role(asked->at[i]) || !strcmp(asked->at[i], BY_ROLE))
			continue;
		snprintf(cell.placement, sizeof cell.placement, "%s", asked->at[i]);
		add_cells(p, &cell, all, PLACEMENT_COUNT);
	}
}

/* One that is not on this machine is only planned, to be skipped, if it was asked for. */
static void add_placements(
	struct planner *p, const struct cell *like, const struct combinations *all)
{
	for (size_t i = 0; i < PLACEMENT_COUNT; i++) {
		const struct placement *placement = &p->placements->at[i];
		struct cell cell = *like;

		if (!is_chosen(&p->options->placements, placement->name) ||
			(!placement->available && !p->options->placements.count))
			continue;
		snprintf(cell.placement, sizeof cell.placement, "%s", placement->name);
		add_cells(p, &cell, all, i);
	}
	add_by_role_placements(p, like, all);
}

/* Of the combinations those in which the case must fail, if there are any. */
static void keep_red(const struct stress_case *c, struct combinations *all)
{
	struct combinations red = { 0 };

	for (size_t i = 0; i < all->count; i++)
		if (is_soon_red(c, &all->at[i]))
			red.at[red.count++] = all->at[i];
	if (red.count)
		*all = red;
}

static void add_row(struct planner *p, const struct stress_case *c,
	const struct subject *subject, const char *faults)
{
	struct combinations all;
	struct fault_set set = fault_set_of(faults);
	struct cell cell = { .workers = p->options->workers,
		.nudge = p->options->nudge || c->nudge };

	fault_print(&set, cell.faults, sizeof cell.faults);
	snprintf(cell.case_name, sizeof cell.case_name, "%s", c->name);
	snprintf(cell.subject, sizeof cell.subject, "%s", subject->name);
	snprintf(cell.noise, sizeof cell.noise, "%s", p->options->noise);
	snprintf(cell.perturbation, sizeof cell.perturbation, "%s",
		p->options->perturbation);
	cell.cycles = c->cycles;
	combine(p, c, &all);
	if (case_is_red_under(c, cell.faults))
		keep_red(c, &all);
	if (all.count)
		add_placements(p, &cell, &all);
}

/* A subject is not tried with the faults of another. */
static bool fits(const char *faults, const struct subject *subject)
{
	struct fault_set set = fault_set_of(faults);

	return !fault_foreign_to(&set, subject->name);
}

static void add_subject(
	struct planner *p, const struct stress_case *c, const struct subject *subject)
{
	const struct run_options *options = p->options;

	for (size_t i = 0; i < options->faults.count; i++)
		if (fits(options->faults.at[i], subject))
			add_row(p, c, subject, options->faults.at[i]);
	if (options->faults.count)
		return;
	add_row(p, c, subject, "");
	if (options->subjects.count || is_sparse(p, c))
		return;
	for (size_t i = 0; fault_preset(i); i++)
		if (fits(fault_preset(i)->name, subject))
			add_row(p, c, subject, fault_preset(i)->name);
}

static void add_case(struct planner *p, const struct stress_case *c)
{
	const struct subject *subject;

	for (size_t i = 0; (subject = subject_at(i)); i++)
		if (is_chosen(&p->options->subjects, subject->name))
			add_subject(p, c, subject);
}

/* Those of the score have a time of their own. */
static bool is_of_share(const struct cell *cell)
{
	return !is_of_score(cell);
}

/* What is left of the budget for so many storms, where it was measured what cells take besides; the shortest that are
 * worth it at the least. */
static uint64_t time_for_storms(
	const struct run_options *options, const struct plan *plan, uint64_t storms)
{
	double left = (double)options->budget / 1e9, pace = options->pace / 100.0;

	for (size_t i = 0; i < plan->count; i++)
		left -= rota_overhead(&plan->cells[i]) * pace;
	return (uint64_t)(1e9 * fmax(left, (double)storms * ROTA_STORM_LEAST * pace));
}

/* The time of a run is shared by the cells that are not known to be red; those end by
 * themselves. */
static uint64_t share_of_time(const struct run_options *options, const struct plan *plan)
{
	uint64_t red = 0, others = 0, time = options->budget;

	for (size_t i = 0; i < plan->count; i++) {
		if (!is_of_share(&plan->cells[i]))
			continue;
		red += plan->cells[i].expected == EXPECT_RED;
		others += plan->cells[i].expected != EXPECT_RED;
	}
	if (options->pace)
		time = time_for_storms(options, plan, others);
	else if (time > 2 * red * RED_TIME)
		time -= red * RED_TIME;
	else
		time /= 2;
	return others ? time / others : options->budget / (red ? red : 1);
}

static void share_out(const struct run_options *options, struct plan *plan)
{
	bool timed = options->budget_given || !options->cycles;
	uint64_t share = share_of_time(options, plan);
	uint64_t cycles = plan->count ? options->cycles / plan->count : 0;

	for (size_t i = 0; i < plan->count; i++) {
		struct cell *cell = &plan->cells[i];
		bool red = cell->expected == EXPECT_RED;

		if (!is_of_share(cell))
			continue;
		if (options->cycles)
			cell->cycles = cycles ? cycles : 1;
		else if (red || options->budget_given)
			cell->cycles = CYCLES_NO_END;
		if (timed)
			cell->time_limit =
				red ? RED_TIME_LIMIT * options->patience : share;
	}
}

static int keep_slice(const struct part *slice, struct plan *plan)
{
	bool *others = calloc(plan->count + 1, sizeof *others);
	size_t kept = 0;

	if (!others)
		return -ENOMEM;
	part_leave_out(slice, plan->cells, plan->count, others);
	for (size_t i = 0; i < plan->count; i++)
		if (!others[i])
			plan->cells[kept++] = plan->cells[i];
	plan->count = kept;
	free(others);
	return 0;
}

/* Then the harness is tested too, by the known faults that are soon seen. */
static bool asks_for_everything(const struct run_options *o)
{
	return !o->cases.count && !o->subjects.count && !o->faults.count &&
	       !o->placements.count && !o->slot_count && !o->targets.count &&
	       !o->cycles && !*o->noise && !*o->perturbation;
}

int plan_make(const struct run_options *options, const struct placements *placements,
	struct plan *plan)
{
	struct planner p = { .options = options, .placements = placements, .plan = plan };
	const struct stress_case *c;

	*plan = (struct plan){ 0 };
	for (size_t i = 0; (c = case_at(i)); i++)
		if (is_chosen(&options->cases, c->name))
			add_case(&p, c);
	if (p.error) {
		free(plan->cells);
		return p.error;
	}
	if ((asks_for_everything(options) && power_plan(options, 0, 1, true, plan)) ||
		(options->slice.count > 1 && keep_slice(&options->slice, plan))) {
		free(plan->cells);
		return -ENOMEM;
	}
	share_out(options, plan);
	return 0;
}

unsigned plan_seeds(
	const struct run_options *options, const struct placements *placements)
{
	struct planner p = { .options = options, .placements = placements };
	size_t most = placements->classes.count;
	const struct stress_case *c;

	for (size_t i = 0; (c = case_at(i)); i++) {
		struct combinations all;

		if (!is_chosen(&options->cases, c->name))
			continue;
		combine(&p, c, &all);
		most = all.count > most ? all.count : most;
	}
	return (unsigned)most;
}
