/* SPDX-License-Identifier: BSD-2-Clause */
#include "levels.h"

#include <errno.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

/* What may become a level, each behind those whose name it takes over. */
static const struct {
	hwloc_obj_type_t type;
	const char *name;
} kinds[LEVELS_MAX] = {
	{ HWLOC_OBJ_NUMANODE, "numa" },
	{ HWLOC_OBJ_PACKAGE, "package" },
	{ HWLOC_OBJ_L3CACHE, "l3" },
	{ HWLOC_OBJ_CORE, "core" },
	{ HWLOC_OBJ_PU, "pu" },
};

struct candidate {
	const char *name;
	unsigned *objects; /* of each PU by its logical number; 0: in none of that type */
	size_t count;	   /* different ones */
};

static size_t count_objects(const unsigned *objects, size_t pus)
{
	size_t count = 0;

	for (size_t i = 0; i < pus; i++) {
		size_t k = 0;

		while (objects[k] != objects[i])
			k++;
		count += k == i;
	}
	return count;
}

/* NUMA nodes are memory children, and no ancestors of their PUs: the cpusets count. */
static void find_objects(hwloc_topology_t topology, hwloc_obj_type_t type,
	struct candidate *candidate, size_t pus)
{
	hwloc_obj_t object = NULL, pu;

	while ((object = hwloc_get_next_obj_by_type(topology, type, object))) {
		pu = NULL;
		while ((pu = hwloc_get_next_obj_inside_cpuset_by_type(
				topology, object->cpuset, HWLOC_OBJ_PU, pu)))
			candidate->objects[pu->logical_index] = object->logical_index + 1;
	}
	candidate->count = count_objects(candidate->objects, pus);
}

/* A node may hold several packages, or a package several nodes: the larger comes first.
 * Those that are alike stay in the order of their names. */
static void sort_candidates(struct candidate *candidates)
{
	for (size_t i = 1; i < LEVELS_MAX; i++) {
		struct candidate moved = candidates[i];
		size_t k = i;

		for (; k && candidates[k - 1].count > moved.count; k--)
			candidates[k] = candidates[k - 1];
		candidates[k] = moved;
	}
}

/* By the way to them; with the PU among the levels no two are equal. */
static int compare_paths(const void *one, const void *other)
{
	const struct level_path *a = one, *b = other;

	for (size_t i = 0; i < LEVELS_MAX; i++)
		if (a->at[i] != b->at[i])
			return a->at[i] < b->at[i] ? -1 : 1;
	return 0;
}

/* True if PUs that are together in all levels so far are in different objects of this. */
static bool divides(const struct levels *levels, const struct candidate *candidate)
{
	for (size_t i = 0; i < levels->pu_count; i++)
		for (size_t k = i + 1; k < levels->pu_count; k++)
			if (levels_shared(levels, i, k) == levels->count &&
				candidate->objects[i] != candidate->objects[k])
				return true;
	return false;
}

/* The levels so far are part of what it stands for: what is in no object of a type is
 * together with what is in none beside it. */
static void add_candidate(struct levels *levels, const struct candidate *candidate)
{
	if (divides(levels, candidate)) {
		for (size_t i = 0; i < levels->pu_count; i++)
			levels->pus[i].at[levels->count] = candidate->objects[i];
		levels->count++;
	}
	if (levels->count)
		levels->names[levels->count - 1] = candidate->name;
}

static void add_levels(
	hwloc_topology_t topology, struct levels *levels, unsigned *objects)
{
	struct candidate candidates[LEVELS_MAX];
	hwloc_obj_t pu = NULL;

	while ((pu = hwloc_get_next_obj_by_type(topology, HWLOC_OBJ_PU, pu)))
		levels->pus[pu->logical_index].system_number = pu->os_index;
	for (size_t i = 0; i < LEVELS_MAX; i++) {
		candidates[i] = (struct candidate){ .name = kinds[i].name,
			.objects = objects + i * levels->pu_count };
		find_objects(topology, kinds[i].type, &candidates[i], levels->pu_count);
	}
	sort_candidates(candidates);
	for (size_t i = 0; i < LEVELS_MAX; i++)
		add_candidate(levels, &candidates[i]);
	qsort(levels->pus, levels->pu_count, sizeof *levels->pus, compare_paths);
}

int levels_of(hwloc_topology_t topology, struct levels *levels)
{
	size_t pus = (size_t)hwloc_get_nbobjs_by_type(topology, HWLOC_OBJ_PU);
	unsigned *objects = calloc(LEVELS_MAX * pus, sizeof *objects);
	bool enough;

	*levels = (struct levels){ .pu_count = pus };
	levels->pus = calloc(pus, sizeof *levels->pus);
	enough = objects && levels->pus;
	if (enough)
		add_levels(topology, levels, objects);
	else
		levels_free(levels);
	free(objects);
	return enough ? 0 : -ENOMEM;
}

void levels_free(struct levels *levels)
{
	free(levels->pus);
	levels->pus = NULL;
}

size_t levels_shared(const struct levels *levels, size_t one, size_t other)
{
	size_t shared = 0;

	while (shared < levels->count &&
		levels->pus[one].at[shared] == levels->pus[other].at[shared])
		shared++;
	return shared;
}

const char *levels_name(const struct levels *levels, size_t shared)
{
	return shared ? levels->names[shared - 1] : "machine";
}
