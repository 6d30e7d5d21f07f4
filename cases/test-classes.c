/* SPDX-License-Identifier: BSD-2-Clause */
/* Placements by role: the classes against every way there is to place four roles, and what
 * a run takes of them. */
#include "check_suite.h"
#include "runners/plan.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* A machine, which may have lost some PUs to others. The first has one PU, and so no class
 * that is not the same as one-pu. */
static const struct machine_case {
	const char *synthetic, *left; /* NULL: all are left */
	const char *levels;
	size_t classes; /* counted by hand where there is a formula for it; else 0 */
} machines[] = {
	{ "core:1 pu:1", NULL, "", 0 },
	/* Partitions of four into at most two, three, four: 1 + 7, + 6, + 1. */
	{ "core:2 pu:1", NULL, "pu", 8 },
	{ "core:3 pu:1", NULL, "pu", 14 },
	{ "core:4 pu:1", NULL, "pu", 15 },
	{ "core:1 pu:5", NULL, "pu", 15 },
	/* Chains of two partitions of four: 60 in all. */
	{ "core:4 pu:4", NULL, "core,pu", 60 },
	{ "pack:4 core:4 pu:1", NULL, "package,pu", 60 },
	{ "core:2 pu:2", NULL, "core,pu", 0 },
	{ "pack:2 l3:2 core:2 pu:1", NULL, "package,l3,pu", 0 },
	{ "pack:2 [numa] l3:1 core:2 pu:2", NULL, "l3,core,pu", 0 },
	{ "pack:1 numa:2 l3:2 core:1 pu:2", NULL, "numa,core,pu", 0 },
	{ "pack:2 [numa] core:2 pu:2", NULL, "package,core,pu", 0 },
	{ "numa:2 pack:2 core:2 pu:1", NULL, "numa,package,pu", 0 },
	/* One whole core, one with half its threads, none of a package's other cores. */
	{ "pack:2 core:2 pu:2", "0x17", "package,core,pu", 0 },
	{ "pack:2 core:2 pu:2", "0x13", "core,pu", 0 },
	{ "pack:2 l3:2 core:2 pu:1", "0xe1", "package,l3,pu", 0 },
	{ "pack:3 core:3 pu:1", "0x1cb", "package,pu", 0 },
	{ "pack:2 core:4 pu:1", "0x1f", "package,pu", 0 },
};

enum { MACHINES = sizeof machines / sizeof machines[0] };

static hwloc_topology_t topology;
static struct levels levels;
static struct role_classes classes;

static void load(const struct machine_case *machine)
{
	ck_assert_int_eq(hwloc_topology_init(&topology), 0);
	ck_assert_int_eq(hwloc_topology_set_synthetic(topology, machine->synthetic), 0);
	ck_assert_int_eq(hwloc_topology_load(topology), 0);
	if (machine->left) {
		hwloc_bitmap_t left = hwloc_bitmap_alloc();

		hwloc_bitmap_sscanf(left, machine->left);
		ck_assert_int_eq(hwloc_topology_restrict(topology, left, 0), 0);
		hwloc_bitmap_free(left);
	}
	ck_assert_int_eq(levels_of(topology, &levels), 0);
	ck_assert_int_eq(classes_of(&levels, &classes), 0);
}

static void unload(void)
{
	classes_free(&classes);
	levels_free(&levels);
	hwloc_topology_destroy(topology);
}

/* How near two PUs are, asked of hwloc and not of the levels. */
static bool are_together(const char *level, unsigned one, unsigned other)
{
	static const struct {
		const char *name;
		hwloc_obj_type_t type;
	} types[] = { { "numa", HWLOC_OBJ_NUMANODE }, { "package", HWLOC_OBJ_PACKAGE },
		{ "l3", HWLOC_OBJ_L3CACHE }, { "core", HWLOC_OBJ_CORE },
		{ "pu", HWLOC_OBJ_PU } };
	hwloc_obj_t object = NULL;
	size_t t = 0;

	while (strcmp(types[t].name, level) != 0)
		t++;
	while ((object = hwloc_get_next_obj_by_type(topology, types[t].type, object)))
		if (hwloc_bitmap_isset(object->cpuset, one) &&
			hwloc_bitmap_isset(object->cpuset, other))
			return true;
	return false;
}

static unsigned pu_of(const struct role_class *class, size_t role)
{
	return levels.pus[class->pus[role]].system_number;
}

/* The name, from where each role is. */
static void describe(const size_t pus[PARTY_COUNT], char name[PLACEMENT_SIZE])
{
	char before[PARTY_COUNT + 1] = "0000", *end = name;

	end += sprintf(end, "by-role:");
	for (size_t l = 0; l < levels.count; l++) {
		char string[PARTY_COUNT + 1] = "", next = '0';

		for (size_t r = 0; r < PARTY_COUNT; r++) {
			size_t k = 0;

			while (k < r && !are_together(levels.names[l],
						levels.pus[pus[k]].system_number,
						levels.pus[pus[r]].system_number))
				k++;
			string[r] = k < r ? string[k] : next++;
		}
		if (!strcmp(string, before))
			continue;
		end += sprintf(end, "%s%s=%s", end[-1] == ':' ? "" : ",", levels.names[l],
			string);
		strcpy(before, string);
	}
	if (!strcmp(before, "0000"))
		sprintf(end, "pu=0000");
}

static bool is_among(const char *name)
{
	for (size_t i = 0; i < classes.count; i++)
		if (!strcmp(classes.at[i].name, name))
			return true;
	return false;
}

static bool is_new(char (*names)[PLACEMENT_SIZE], size_t count, const char *name)
{
	for (size_t i = 0; i < count; i++)
		if (!strcmp(names[i], name))
			return false;
	return true;
}

/* Place four roles in every way there is; count what is different. */
static size_t count_by_force(void)
{
	static char names[1024][PLACEMENT_SIZE];
	size_t count = 0, all = 1, pus[PARTY_COUNT];

	for (size_t r = 0; r < PARTY_COUNT; r++)
		all *= levels.pu_count;
	for (size_t number = 0; number < all; number++) {
		size_t rest = number;

		for (size_t r = 0; r < PARTY_COUNT; r++, rest /= levels.pu_count)
			pus[r] = rest % levels.pu_count;
		describe(pus, names[count]);
		if (!is_new(names, count, names[count]))
			continue;
		ck_assert_msg(is_among(names[count]), "%s is missing", names[count]);
		count++;
	}
	return count;
}

START_TEST(classes_are_all_that_there_are)
{
	load(&machines[_i]);
	ck_assert_uint_eq(classes.count, count_by_force());
	if (machines[_i].classes)
		ck_assert_uint_eq(classes.count, machines[_i].classes);
	unload();
}
END_TEST

START_TEST(levels_are_those_that_tell_apart)
{
	char names[64] = "";

	load(&machines[_i]);
	for (size_t l = 0; l < levels.count; l++) {
		strcat(names, l ? "," : "");
		strcat(names, levels.names[l]);
	}
	ck_assert_str_eq(names, machines[_i].levels);
	unload();
}
END_TEST

/* The name says where the roles are, and no other does. */
START_TEST(each_class_is_where_its_name_says)
{
	char name[PLACEMENT_SIZE];

	load(&machines[_i]);
	for (size_t i = 0; i < classes.count; i++) {
		describe(classes.at[i].pus, name);
		ck_assert_str_eq(name, classes.at[i].name);
		for (size_t k = 0; k < i; k++)
			ck_assert_str_ne(classes.at[k].name, name);
	}
	unload();
}
END_TEST

static uint64_t relations_of(const struct role_class *class)
{
	uint64_t relations = 0;

	for (int a = 0; a < PARTY_COUNT; a++)
		for (int b = 0; b < a; b++) {
			size_t shared = 0;

			while (shared < levels.count &&
				are_together(levels.names[shared],
					pu_of(class, (size_t)a), pu_of(class, (size_t)b)))
				shared++;
			relations |= class_relation(
				(enum storm_party)a, (enum storm_party)b, shared);
		}
	return relations;
}

/* That two roles can be as near as any two PUs are. */
static uint64_t relations_possible(void)
{
	uint64_t relations = 0;

	for (size_t i = 0; i < levels.pu_count; i++)
		for (size_t k = 0; k < levels.pu_count; k++)
			for (int a = 0; a < PARTY_COUNT; a++)
				for (int b = 0; b < a; b++)
					relations |= class_relation((enum storm_party)a,
						(enum storm_party)b,
						levels_shared(&levels, i, k));
	return relations;
}

START_TEST(cover_gives_every_relation_and_no_class_in_vain)
{
	uint64_t there = 0;

	load(&machines[_i]);
	for (size_t i = 0; i < classes.count; i++)
		ck_assert_uint_eq(classes.at[i].relations, relations_of(&classes.at[i]));
	for (size_t i = 0; i < classes.cover; i++) {
		ck_assert(classes.at[i].relations & ~there);
		there |= classes.at[i].relations;
	}
	ck_assert_uint_eq(there, relations_possible());
	/* Each can give as many as there are pairs: so few are the least there can be, and
	 * two more is near. */
	ck_assert_uint_le(classes.cover, levels.count + 1 + 2);
	unload();
}
END_TEST

/* Each pair together and apart: two would have to be complements, which three roles
 * cannot be. */
START_TEST(cover_of_two_units_is_the_smallest)
{
	load(&machines[1]);
	ck_assert_uint_eq(classes.cover, 3);
	ck_assert_str_eq(classes.at[0].name, "by-role:pu=0000");
	unload();
}
END_TEST

START_TEST(pairs_and_distances_have_a_bit_each)
{
	uint64_t there = 0;

	for (int a = 0; a < PARTY_COUNT; a++)
		for (int b = 0; b < a; b++)
			for (size_t shared = 0; shared <= LEVELS_MAX; shared++) {
				uint64_t bit = class_relation(
					(enum storm_party)a, (enum storm_party)b, shared);

				ck_assert(bit && !(there & bit));
				ck_assert_uint_eq(
					bit, class_relation((enum storm_party)b,
						     (enum storm_party)a, shared));
				there |= bit;
			}
}
END_TEST

/*
 * As placements
 */
static struct placements four;

static void load_four(void)
{
	ck_assert_int_eq(placements_load(&four, "pack:2 core:2 pu:2"), 0);
}

static void free_four(void)
{
	placements_free(&four);
}

START_TEST(names_lead_to_placements_and_back)
{
	ck_assert_uint_gt(four.classes.count, 60);
	for (size_t i = 0; i < four.classes.count; i++) {
		const struct role_class *class = &four.classes.at[i];
		const struct placement *p = placement_named(&four, class->name);

		ck_assert_ptr_eq(p, &four.by_role[i]);
		ck_assert_str_eq(p->name, class->name);
		ck_assert(placement_is_by_role(class->name));
		ck_assert_ptr_null(placement_why_not(&four, class->name));
		for (int r = 0; r < PARTY_COUNT; r++)
			for (unsigned pu = 0; pu < 8; pu++)
				ck_assert_int_eq(placement_has(p, (size_t)pu * 3,
							 (enum storm_party)r, pu),
					pu == four.levels.pus[class->pus[r]]
							.system_number);
	}
}
END_TEST

START_TEST(names_that_are_none_lead_nowhere)
{
	static const char *const names[] = { "by-role", "by-role:", "by-role:pu=0021",
		"by-role:pu=012", "by-role:l3=0011", "by-roles:pu=0000" };

	for (size_t i = 0; i < sizeof names / sizeof names[0]; i++) {
		ck_assert_ptr_null(placement_named(&four, names[i]));
		ck_assert_ptr_nonnull(placement_why_not(&four, names[i]));
	}
	ck_assert(placement_is_by_role("by-role"));
	ck_assert(!placement_is_by_role("by-roles:pu=0000"));
	ck_assert(!placement_is_by_role("one-pu"));
}
END_TEST

START_TEST(one_unit_has_no_class_and_says_why)
{
	struct placements one;

	ck_assert_int_eq(placements_load(&one, "core:1 pu:1"), 0);
	ck_assert_uint_eq(one.classes.count, 0);
	ck_assert_str_eq(
		placement_why_not(&one, "by-role"), "there are not two processing units");
	ck_assert_ptr_null(placement_why_not(&one, "one-pu"));
	placements_free(&one);
}
END_TEST

START_TEST(threads_are_known_by_their_names)
{
	static const struct {
		const char *name;
		enum storm_party led,
			leads; /* where the leader is not, and is, the coordinator */
	} threads[] = {
		{ "leader", PARTY_WORKERS, PARTY_COORDINATOR },
		{ "coordinator", PARTY_COORDINATOR, PARTY_WORKERS },
		{ "ping-pong", PARTY_SENDER, PARTY_SENDER },
		{ "flood", PARTY_SENDER, PARTY_SENDER },
		{ "churn", PARTY_SENDER, PARTY_SENDER },
		{ "sequence", PARTY_SENDER, PARTY_SENDER },
		{ "drain", PARTY_RECEIVER, PARTY_RECEIVER },
		{ "receiver", PARTY_RECEIVER, PARTY_RECEIVER },
		{ "worker", PARTY_WORKERS, PARTY_WORKERS },
		{ "poller", PARTY_WORKERS, PARTY_WORKERS },
		{ "newborn", PARTY_WORKERS, PARTY_WORKERS },
	};
	struct storm_plan led = { 0 }, leads = { .coordinator_on_leader = true };

	for (size_t i = 0; i < sizeof threads / sizeof threads[0]; i++) {
		ck_assert_int_eq(storm_party_of(&led, threads[i].name), threads[i].led);
		ck_assert_int_eq(
			storm_party_of(&leads, threads[i].name), threads[i].leads);
	}
}
END_TEST

/*
 * What a run takes of them
 */
static struct plan plan_with(const char *case_name, const char *placement, uint64_t seed)
{
	struct run_options options = { .patience = 1,
		.seed = seed,
		.repeat = 1,
		.budget = OS_SECOND,
		.noise = "",
		.perturbation = "" };
	struct plan plan;

	options.subjects = (struct choices){ 1, { "cooperative" } };
	if (case_name)
		options.cases = (struct choices){ 1, { case_name } };
	if (placement)
		options.placements = (struct choices){ 1, { placement } };
	ck_assert_int_eq(plan_make(&options, &four, &plan), 0);
	return plan;
}

START_TEST(full_row_takes_the_cover_and_one_more)
{
	struct plan plan = plan_with("hup-broadcast", "by-role", 70 + (uint64_t)_i);
	struct plan again = plan_with("hup-broadcast", "by-role", 70 + (uint64_t)_i);
	size_t cover = four.classes.cover, rest = four.classes.count - cover;

	ck_assert_uint_eq(plan.count, cover + 1);
	for (size_t i = 0; i < cover; i++)
		ck_assert_str_eq(plan.cells[i].placement, four.classes.at[i].name);
	ck_assert_str_eq(plan.cells[cover].placement,
		four.classes.at[cover + (70 + (size_t)_i) % rest].name);
	ck_assert_uint_eq(plan.count, again.count);
	ck_assert_mem_eq(plan.cells, again.cells, plan.count * sizeof *plan.cells);
	free(plan.cells);
	free(again.cells);
}
END_TEST

/* The cell by role of a case that is sparse, as long as nobody asks for it alone. */
static const struct cell *sparse_cell(const struct plan *plan)
{
	for (size_t i = 0; i < plan->count; i++)
		if (!strcmp(plan->cells[i].case_name, "relays") &&
			placement_is_by_role(plan->cells[i].placement))
			return &plan->cells[i];
	return NULL;
}

START_TEST(small_row_takes_every_class_in_turn)
{
	size_t count = four.classes.count, first = 0;

	for (size_t seed = 0; seed < count; seed++) {
		struct plan plan = plan_with(NULL, NULL, seed);
		const struct cell *cell = sparse_cell(&plan);
		size_t at = 0;

		ck_assert_ptr_nonnull(cell);
		while (strcmp(four.classes.at[at].name, cell->placement) != 0)
			at++;
		if (!seed)
			first = at;
		ck_assert_uint_eq(at, (first + seed) % count);
		free(plan.cells);
	}
}
END_TEST

START_TEST(class_by_name_takes_all_combinations)
{
	const char *name = four.classes.at[four.classes.count - 1].name;
	struct plan class = plan_with("hup-broadcast", name, 1),
		    other = plan_with("hup-broadcast", "one-pu", 1);

	ck_assert_uint_eq(class.count, other.count);
	for (size_t i = 0; i < class.count; i++)
		ck_assert_str_eq(class.cells[i].placement, name);
	free(class.cells);
	free(other.cells);
}
END_TEST

/* Where it is hard to reach a known bug is no proof that the harness is blind. */
START_TEST(known_red_rows_are_not_judged_by_role)
{
	struct run_options options = { .patience = 1,
		.seed = 1,
		.repeat = 1,
		.budget = OS_SECOND,
		.noise = "",
		.perturbation = "",
		.cases = { 1, { "hup-broadcast" } },
		.faults = { 1, { "seed" } } };
	struct plan plan;

	ck_assert_int_eq(plan_make(&options, &four, &plan), 0);
	for (size_t i = 0; i < plan.count; i++)
		ck_assert_int_eq(plan.cells[i].expected,
			placement_is_by_role(plan.cells[i].placement) ? EXPECT_NOTHING
								      : EXPECT_RED);
	free(plan.cells);
}
END_TEST

static Suite *classes_suite(void)
{
	Suite *suite = suite_create("classes");
	TCase *tests = add_tests(suite, "classes"),
	      *placed = add_tests(suite, "placements by role");

	tcase_add_loop_test(tests, levels_are_those_that_tell_apart, 0, MACHINES);
	tcase_add_loop_test(tests, classes_are_all_that_there_are, 1, MACHINES);
	tcase_add_loop_test(tests, each_class_is_where_its_name_says, 1, MACHINES);
	tcase_add_loop_test(
		tests, cover_gives_every_relation_and_no_class_in_vain, 1, MACHINES);
	tcase_add_test(tests, cover_of_two_units_is_the_smallest);
	tcase_add_test(tests, pairs_and_distances_have_a_bit_each);
	tcase_add_checked_fixture(placed, load_four, free_four);
	tcase_add_test(placed, names_lead_to_placements_and_back);
	tcase_add_test(placed, names_that_are_none_lead_nowhere);
	tcase_add_test(placed, one_unit_has_no_class_and_says_why);
	tcase_add_test(placed, threads_are_known_by_their_names);
	tcase_add_loop_test(placed, full_row_takes_the_cover_and_one_more, 0, 3);
	tcase_add_test(placed, small_row_takes_every_class_in_turn);
	tcase_add_test(placed, class_by_name_takes_all_combinations);
	tcase_add_test(placed, known_red_rows_are_not_judged_by_role);
	return suite;
}

int main(void)
{
	return run_suite(classes_suite());
}
