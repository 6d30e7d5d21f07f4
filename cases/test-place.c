/* SPDX-License-Identifier: BSD-2-Clause */
/* Placements, for machines that are here and machines that are not. */
#include "check_suite.h"
#include "runners/drawing.h"
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

static char *description_of(const char *synthetic)
{
	hwloc_topology_t topology;
	char *xml, *copy;
	int length;

	ck_assert_int_eq(hwloc_topology_init(&topology), 0);
	ck_assert_int_eq(hwloc_topology_set_synthetic(topology, synthetic), 0);
	ck_assert_int_eq(hwloc_topology_load(topology), 0);
	ck_assert_int_eq(hwloc_topology_export_xmlbuffer(topology, &xml, &length, 0), 0);
	copy = strdup(xml);
	hwloc_free_xmlbuffer(topology, xml);
	hwloc_topology_destroy(topology);
	return copy;
}

static size_t count_in(const char *text, const char *what)
{
	size_t count = 0;

	for (const char *at = text; (at = strstr(at, what)); at += strlen(what))
		count++;
	return count;
}

static const struct sketch {
	const char *synthetic, *placement, *caption;
	/* What the drawing has, and how often. */
	const char *mark;
	size_t marks;
	const char *colour;
	size_t units;
} sketches[] = {
	{ "pack:1 core:2 pu:2", "one-pu", "all threads: PU 0", ">all threads<", 1,
		"fill='rgb(47,125,70)'", 2 },
	/* All PUs of the core, and the mark. */
	{ "pack:1 core:2 pu:2", "spread-core",
		"threads 0, 2, ...: PU 0-1; threads 1, 3, ...: PU 2-3",
		">threads 1, 3, ...<", 1, "fill='rgb(168,91,0)'", 3 },
	{ "pack:1 core:2 pu:1", "by-role:pu=0110",
		"coordinator: PU 0; sender: PU 1; receiver: PU 1; workers: PU 0",
		">receiver<", 1, "fill='rgb(168,91,0)'", 2 },
	/* The one that is marked is not left out, nor is one of many. */
	{ "pack:2 core:32 pu:2", "one-pu", "all threads: PU 0", ">all threads<", 1,
		"fill='rgb(47,125,70)'", 2 },
	{ "pack:2 core:32 pu:2", "by-role:package=0011,core=0123", NULL, ">workers<", 1,
		"fill='rgb(138,59,143)'", 2 },
	{ "pack:2 l3:4 core:8 pu:1", "spread-l3", NULL, ">threads ", 8, NULL, 0 },
};

START_TEST(placements_are_drawn)
{
	const struct sketch *sketch = &sketches[_i];
	char *xml = description_of(sketch->synthetic), *caption, *drawing;

	if (system("command -v lstopo-no-graphics >/dev/null")) {
		free(xml);
		return;
	}
	drawing = drawing_make(xml, sketch->placement, &caption);
	ck_assert_msg(drawing, "%s", caption ? caption : "no memory");
	ck_assert_ptr_nonnull(strstr(drawing, "<svg "));
	if (sketch->caption)
		ck_assert_str_eq(caption, sketch->caption);
	ck_assert_uint_eq(count_in(drawing, sketch->mark), sketch->marks);
	if (sketch->colour)
		ck_assert_uint_eq(count_in(drawing, sketch->colour), sketch->units);
	free(drawing);
	free(caption);
	free(xml);
}
END_TEST

START_TEST(what_is_not_drawn_says_why)
{
	char *xml = description_of("pack:1 core:2 pu:1"), *caption;

	ck_assert_ptr_null(drawing_make(xml, "unbound", &caption));
	ck_assert_str_eq(caption, "wherever the system puts them");
	free(caption);
	ck_assert_ptr_null(drawing_make(xml, "same-core", &caption));
	ck_assert_str_eq(caption, "not on the machine as described");
	free(caption);
	ck_assert_ptr_null(drawing_make("<nonsense/>", "one-pu", &caption));
	ck_assert_str_eq(caption, "not drawn: hwloc does not understand its description");
	free(caption);
	free(xml);
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
	tcase_add_loop_test(
		tests, placements_are_drawn, 0, sizeof sketches / sizeof *sketches);
	tcase_add_test(tests, what_is_not_drawn_says_why);
	return suite;
}

int main(void)
{
	return run_suite(place_suite());
}
