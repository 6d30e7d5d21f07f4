/* SPDX-License-Identifier: BSD-2-Clause */
#include "power_plan.h"

#include "cases/cases.h"
#include "cases/recipes.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* A storm that is not over is cut after this; a hang takes the watchdog's time beside it. */
#define TIME_LIMIT (10 * OS_SECOND)
/* And this where the harness is at fault: the watchdog gives up some time after. */
#define HARNESS_TIME_LIMIT OS_SECOND

static const char *or_else(const char *text, const char *otherwise)
{
	return text ? text : otherwise;
}

bool power_fault(const char *name, enum fault *fault)
{
	for (int f = 0; f < FAULT_COUNT; f++) {
		if (strcmp(name, fault_info((enum fault)f)->name) != 0)
			continue;
		*fault = (enum fault)f;
		return true;
	}
	return false;
}

bool power_counts(enum fault fault)
{
	return strncmp(fault_info(fault)->seen_as, "nothing", 7) != 0;
}

static void name_faults(enum fault fault, struct cell *cell)
{
	const struct fault_info *info = fault_info(fault);
	struct fault_set set = fault_set_of(or_else(info->with, ""));

	set.on[fault] = true;
	fault_print(&set, cell->faults, sizeof cell->faults);
}

static const struct recipe *recipe_or_usual(enum fault fault)
{
	static const struct recipe usual = {
		.case_name = "hup-trace-broadcast", .target = "rotate", .noise = "mixed"
	};
	const struct recipe *recipe = recipe_of(fault);

	return recipe ? recipe : &usual;
}

void power_cell(enum fault fault, uint64_t seed, struct cell *cell)
{
	const struct recipe *recipe = recipe_or_usual(fault);

	*cell = (struct cell){
		.slots = recipe->slots ? recipe->slots : 2,
		.workers = recipe->workers,
		.coordinator_on_leader = recipe->leader,
		.nudge = recipe->nudge || case_named(recipe->case_name)->nudge,
		.seed = seed,
		.cycles = recipe->cycles ? recipe->cycles : CYCLES_NO_END,
		.time_limit =
			fault_info(fault)->harness ? HARNESS_TIME_LIMIT : TIME_LIMIT,
		.expected = EXPECT_RED,
	};
	name_faults(fault, cell);
	snprintf(cell->case_name, NAME_SIZE, "%s", recipe->case_name);
	snprintf(cell->subject, NAME_SIZE, "%s",
		or_else(recipe->subject,
			or_else(fault_info(fault)->subject, subject_at(0)->name)));
	snprintf(cell->placement, PLACEMENT_SIZE, "%s",
		or_else(recipe->placement, "unbound"));
	snprintf(cell->target, NAME_SIZE, "%s", or_else(recipe->target, "process"));
	snprintf(cell->noise, NOISE_SIZE, "%s", or_else(recipe->noise, ""));
	snprintf(cell->sign, SIGN_SIZE, "%s", or_else(recipe->sign, "red"));
}

bool power_perturb(enum fault fault, struct cell *cell)
{
	const struct recipe *recipe = recipe_of(fault);

	if (!recipe || !recipe->perturbation)
		return false;
	snprintf(cell->perturbation, PERTURBATION_SIZE, "%s", recipe->perturbation);
	snprintf(cell->noise, NOISE_SIZE, "%s", or_else(recipe->perturbed_noise, ""));
	return true;
}

static bool is_asked_for(
	const struct run_options *options, enum fault fault, const struct cell *cell)
{
	bool named = !options->faults.count, of_subject = !options->subjects.count;

	for (size_t i = 0; i < options->faults.count; i++)
		named |= !strcmp(options->faults.at[i], fault_info(fault)->name);
	for (size_t i = 0; i < options->subjects.count; i++)
		of_subject |= !strcmp(options->subjects.at[i], cell->subject);
	return named && of_subject;
}

static bool is_quick(enum fault fault)
{
	const struct recipe *recipe = recipe_of(fault);

	return recipe && recipe->quick;
}

static int append(struct plan *plan, const struct cell *cell)
{
	struct cell *cells = realloc(plan->cells, (plan->count + 1) * sizeof *cells);

	if (!cells)
		return -ENOMEM;
	plan->cells = cells;
	cells[plan->count++] = *cell;
	return 0;
}

/* The same without its noise: is it the noise that shows the fault? */
static int append_control(struct plan *plan, const struct cell *cell)
{
	struct cell control = *cell;

	control.expected = EXPECT_NOTHING;
	*control.noise = '\0';
	return append(plan, &control);
}

/* The same by what is done at its system calls. */
static int append_perturbed(struct plan *plan, enum fault fault, const struct cell *cell)
{
	struct cell perturbed = *cell;

	if (!power_perturb(fault, &perturbed))
		return 0;
	return append(plan, &perturbed);
}

static int add_round(
	const struct run_options *options, unsigned round, bool quick, struct plan *plan)
{
	struct cell cell;
	int error = 0;

	for (int f = 0; f < FAULT_COUNT && !error; f++) {
		if (!power_counts((enum fault)f) || (quick && !is_quick((enum fault)f)))
			continue;
		power_cell((enum fault)f, options->seed + round, &cell);
		cell.time_limit *= options->patience;
		if (!is_asked_for(options, (enum fault)f, &cell))
			continue;
		error = append(plan, &cell);
		if (!error && !quick)
			error = append_perturbed(plan, (enum fault)f, &cell);
		if (!error && !quick && round % 2 == 0 && *cell.noise &&
			!fault_info((enum fault)f)->harness)
			error = append_control(plan, &cell);
	}
	return error;
}

int power_plan(const struct run_options *options, unsigned from, unsigned to, bool quick,
	struct plan *plan)
{
	int error = 0;

	for (unsigned round = from; round < to && !error; round++)
		error = add_round(options, round, quick, plan);
	return error;
}
