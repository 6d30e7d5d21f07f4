/* SPDX-License-Identifier: BSD-2-Clause */
/* Placements, for machines that are here and machines that are not. */
#include "check_suite.h"
#include "runners/place.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* "NAME: SET SET..." or "NAME: no (WHY)", a line for each placement. */
static char *describe(const char *synthetic)
{
	struct placements placements;
	char *text = NULL, set[256];
	size_t size;
	FILE *out = open_memstream(&text, &size);

	ck_assert_int_eq(placements_load(&placements, synthetic), 0);
	for (size_t i = 0; i < PLACEMENT_COUNT; i++) {
		const struct placement *p = &placements.at[i];

		fprintf(out, "%s:", p->name);
		if (!p->available)
			fprintf(out, " no (%s)", p->why_not);
		for (size_t k = 0; k < p->count && p->available; k++) {
			hwloc_bitmap_list_snprintf(set, sizeof set, p->sets[k]);
			fprintf(out, " %s", set);
		}
		fputc('\n', out);
	}
	fclose(out);
	placements_free(&placements);
	return text;
}

static const struct golden {
	const char *synthetic, *expected;
} goldens[] = {
	/* One processing unit alone. */
	{ "core:1 pu:1", "unbound:\n"
			 "one-pu: 0\n"
			 "same-core: no (no core has more than one processing unit)\n"
			 "spread-core: no (there are not two cores)\n"
			 "spread-l3: no (there are not two L3 caches)\n"
			 "spread-package: no (there are not two packages)\n"
			 "spread-numa: no (there are not two NUMA nodes)\n" },
	/* A laptop: one package, one L3, four cores with two threads each. */
	{ "pack:1 l3:1 core:4 pu:2", "unbound:\n"
				     "one-pu: 0\n"
				     "same-core: 0 1\n"
				     "spread-core: 0-1 2-3 4-5 6-7\n"
				     "spread-l3: no (there are not two L3 caches)\n"
				     "spread-package: no (there are not two packages)\n"
				     "spread-numa: no (there are not two NUMA nodes)\n" },
	/* Chiplets: two packages with a NUMA node each, two L3s in each, two cores
	   without SMT in each. */
	{ "pack:2 [numa] l3:2 core:2 pu:1",
		"unbound:\n"
		"one-pu: 0\n"
		"same-core: no (no core has more than one "
		"processing unit)\n"
		"spread-core: 0 1 2 3 4 5 6 7\n"
		"spread-l3: 0-1 2-3 4-5 6-7\n"
		"spread-package: 0-3 4-7\n"
		"spread-numa: no (the same as spread-package here)\n" },
	/* POWER9 in miniature: SMT4, an L3 for each pair of cores, nodes inside packages.
	 */
	{ "pack:2 numa:2 l3:1 core:2 pu:4",
		"unbound:\n"
		"one-pu: 0\n"
		"same-core: 0 1 2 3\n"
		"spread-core: 0-3 4-7 8-11 12-15 16-19 20-23 24-27 "
		"28-31\n"
		"spread-l3: 0-7 8-15 16-23 24-31\n"
		"spread-package: 0-15 16-31\n"
		"spread-numa: no (the same as spread-l3 here)\n" },
};

enum { GOLDENS = sizeof goldens / sizeof goldens[0] };

START_TEST(plan_for_a_topology)
{
	char *text = describe(goldens[_i].synthetic);

	ck_assert_str_eq(text, goldens[_i].expected);
	free(text);
}
END_TEST

START_TEST(nonsense_topology_is_refused)
{
	struct placements placements;

	ck_assert_int_eq(placements_load(&placements, "nonsense:2"), -EINVAL);
}
END_TEST

/* hwloc would say yes and do nothing. */
START_TEST(foreign_topology_cannot_be_bound_to)
{
	struct placements placements;

	ck_assert_int_eq(placements_load(&placements, "core:4 pu:1"), 0);
	ck_assert_int_eq(
		placement_bind(&placements, placement_named(&placements, "one-pu"), 0,
			PARTY_WORKERS),
		-EINVAL);
	ck_assert_int_eq(
		placement_bind(&placements, placement_named(&placements, "unbound"), 0,
			PARTY_WORKERS),
		0);
	placements_free(&placements);
}
END_TEST

START_TEST(threads_take_turns_over_the_sets)
{
	struct placements placements;
	const struct placement *p;

	ck_assert_int_eq(placements_load(&placements, "pack:1 core:3 pu:2"), 0);
	p = placement_named(&placements, "spread-core");
	ck_assert(placement_has(p, 0, PARTY_WORKERS, 0) &&
		  placement_has(p, 0, PARTY_WORKERS, 1));
	ck_assert(!placement_has(p, 0, PARTY_WORKERS, 2));
	ck_assert(placement_has(p, 1, PARTY_WORKERS, 2) &&
		  placement_has(p, 4, PARTY_WORKERS, 3));
	p = placement_named(&placements, "unbound");
	ck_assert(placement_has(p, 5, PARTY_WORKERS, 5));
	ck_assert_ptr_null(placement_named(&placements, "nowhere"));
	placements_free(&placements);
}
END_TEST

START_TEST(binding_here_is_achieved)
{
	struct placements placements;

	ck_assert_int_eq(placements_load(&placements, NULL), 0);
	for (size_t i = 0; i < PLACEMENT_COUNT; i++) {
		const struct placement *p = &placements.at[i];

		for (size_t k = 0; p->available && k < p->count; k++)
			ck_assert_int_eq(
				placement_bind(&placements, p, k, PARTY_WORKERS), 0);
	}
	placements_free(&placements);
}
END_TEST

static Suite *place_suite(void)
{
	Suite *suite = suite_create("place");
	TCase *tests = add_tests(suite, "placements");

	tcase_add_loop_test(tests, plan_for_a_topology, 0, GOLDENS);
	tcase_add_test(tests, nonsense_topology_is_refused);
	tcase_add_test(tests, foreign_topology_cannot_be_bound_to);
	tcase_add_test(tests, threads_take_turns_over_the_sets);
	tcase_add_test(tests, binding_here_is_achieved);
	return suite;
}

int main(void)
{
	return run_suite(place_suite());
}
