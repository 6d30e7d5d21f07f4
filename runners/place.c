/* SPDX-License-Identifier: BSD-2-Clause */
#include "place.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum {
	UNBOUND,
	ONE_PU,
	SAME_CORE,
	SPREAD_CORES,
	SPREAD_L3,
	SPREAD_PACKAGES,
	SPREAD_NUMA
};

static const struct {
	const char *name, *summary;
	hwloc_obj_type_t type; /* for those that spread */
	const char *plural;
} kinds[PLACEMENT_COUNT] = {
	[UNBOUND] = { "unbound", "wherever the system puts them", HWLOC_OBJ_MACHINE, "" },
	[ONE_PU] = { "one-pu", "all on one processing unit", HWLOC_OBJ_MACHINE, "" },
	[SAME_CORE] = { "same-core", "in turn on the processing units of one core",
		HWLOC_OBJ_MACHINE, "" },
	[SPREAD_CORES] = { "spread-core", "in turn on each core", HWLOC_OBJ_CORE,
		"cores" },
	[SPREAD_L3] = { "spread-l3", "in turn on the cores of each L3 cache",
		HWLOC_OBJ_L3CACHE, "L3 caches" },
	[SPREAD_PACKAGES] = { "spread-package", "in turn on the cores of each package",
		HWLOC_OBJ_PACKAGE, "packages" },
	[SPREAD_NUMA] = { "spread-numa", "in turn on the cores of each NUMA node",
		HWLOC_OBJ_NUMANODE, "NUMA nodes" },
};

static void add_set(struct placement *placement, hwloc_const_bitmap_t set)
{
	if (placement->count < PLACEMENT_SETS_MAX)
		placement->sets[placement->count++] = hwloc_bitmap_dup(set);
}

static void unavailable(struct placement *placement, const char *why)
{
	placement->available = false;
	snprintf(placement->why_not, sizeof placement->why_not, "%s", why);
}

static void place_on_one_pu(hwloc_topology_t topology, struct placement *placement)
{
	add_set(placement, hwloc_get_obj_by_type(topology, HWLOC_OBJ_PU, 0)->cpuset);
}

/* The first core that has several PUs. */
static void place_on_one_core(hwloc_topology_t topology, struct placement *placement)
{
	hwloc_obj_t core = NULL, pu = NULL;

	while ((core = hwloc_get_next_obj_by_type(topology, HWLOC_OBJ_CORE, core)))
		if (hwloc_bitmap_weight(core->cpuset) > 1)
			break;
	if (!core) {
		unavailable(placement, "no core has more than one processing unit");
		return;
	}
	while ((pu = hwloc_get_next_obj_inside_cpuset_by_type(
			topology, core->cpuset, HWLOC_OBJ_PU, pu)))
		add_set(placement, pu->cpuset);
}

static bool same_sets(const struct placement *a, const struct placement *b)
{
	if (a->count != b->count)
		return false;
	for (size_t i = 0; i < a->count; i++)
		if (!hwloc_bitmap_isequal(a->sets[i], b->sets[i]))
			return false;
	return true;
}

/* NUMA nodes are memory children and no ancestors of cores, but have a cpuset like all
 * others; one without processing units has an empty set. */
static void place_over(hwloc_topology_t topology, struct placements *all, int kind)
{
	struct placement *placement = &all->at[kind];
	hwloc_obj_t object = NULL;
	char why[WHY_SIZE];

	while ((object = hwloc_get_next_obj_by_type(topology, kinds[kind].type, object)))
		if (!hwloc_bitmap_iszero(object->cpuset))
			add_set(placement, object->cpuset);
	if (placement->count < 2) {
		snprintf(why, sizeof why, "there are not two %s", kinds[kind].plural);
		unavailable(placement, why);
		return;
	}
	for (int finer = SPREAD_CORES; finer < kind; finer++) {
		if (!all->at[finer].available || !same_sets(&all->at[finer], placement))
			continue;
		snprintf(why, sizeof why, "the same as %s here", kinds[finer].name);
		unavailable(placement, why);
		return;
	}
}

static void compute(struct placements *placements)
{
	for (int kind = 0; kind < PLACEMENT_COUNT; kind++) {
		placements->at[kind] = (struct placement){
			.name = kinds[kind].name,
			.summary = kinds[kind].summary,
			.available = true,
		};
		if (kind == ONE_PU)
			place_on_one_pu(placements->topology, &placements->at[kind]);
		else if (kind == SAME_CORE)
			place_on_one_core(placements->topology, &placements->at[kind]);
		else if (kind >= SPREAD_CORES)
			place_over(placements->topology, placements, kind);
	}
}

static void place_by_class(struct placements *placements, size_t number)
{
	const struct role_class *class = &placements->classes.at[number];
	struct placement *placement = &placements->by_role[number];

	*placement = (struct placement){
		.name = class->name,
		.summary = "each role on one processing unit",
		.available = true,
		.by_role = true,
		.count = PARTY_COUNT,
	};
	for (size_t role = 0; role < PARTY_COUNT; role++) {
		placement->sets[role] = hwloc_bitmap_alloc();
		hwloc_bitmap_only(placement->sets[role],
			placements->levels.pus[class->pus[role]].system_number);
	}
}

/* On one PU there is one class, which is there already. */
static int compute_by_role(struct placements *placements)
{
	int error = levels_of(placements->topology, &placements->levels);

	if (error)
		return error;
	if (!placements->levels.count) {
		placements->why_not_by_role = "there are not two processing units";
		return 0;
	}
	error = classes_of(&placements->levels, &placements->classes);
	if (error)
		return error;
	placements->by_role =
		calloc(placements->classes.count, sizeof *placements->by_role);
	if (!placements->by_role)
		return -ENOMEM;
	for (size_t i = 0; i < placements->classes.count; i++)
		place_by_class(placements, i);
	return 0;
}

/* A batch system's mask counts: without the flag hwloc would see the whole machine. */
static int set_this_machine(hwloc_topology_t topology)
{
	return hwloc_topology_set_flags(
		topology, HWLOC_TOPOLOGY_FLAG_IS_THISSYSTEM |
				  HWLOC_TOPOLOGY_FLAG_RESTRICT_TO_CPUBINDING);
}

static int set_source(hwloc_topology_t topology, const char *source)
{
	if (access(source, F_OK))
		return hwloc_topology_set_synthetic(topology, source);
	return hwloc_topology_set_xml(topology, source);
}

int placements_load(struct placements *placements, const char *source)
{
	hwloc_topology_t topology;
	int error;

	*placements = (struct placements){ 0 };
	if (hwloc_topology_init(&topology))
		return -ENOMEM;
	error = source ? set_source(topology, source) : set_this_machine(topology);
	/* hwloc takes a file without any PU. */
	if (error || hwloc_topology_load(topology) ||
		hwloc_get_nbobjs_by_type(topology, HWLOC_OBJ_PU) < 1) {
		hwloc_topology_destroy(topology);
		return -EINVAL;
	}
	placements->topology = topology;
	compute(placements);
	error = compute_by_role(placements);
	if (error)
		placements_free(placements);
	return error;
}

static void free_sets(struct placement *placement)
{
	for (size_t i = 0; i < placement->count; i++)
		hwloc_bitmap_free(placement->sets[i]);
}

void placements_free(struct placements *placements)
{
	for (int kind = 0; kind < PLACEMENT_COUNT; kind++)
		free_sets(&placements->at[kind]);
	for (size_t i = 0; placements->by_role && i < placements->classes.count; i++)
		free_sets(&placements->by_role[i]);
	free(placements->by_role);
	classes_free(&placements->classes);
	levels_free(&placements->levels);
	hwloc_topology_destroy(placements->topology);
}

const struct placement *placement_named(
	const struct placements *placements, const char *name)
{
	for (int kind = 0; kind < PLACEMENT_COUNT; kind++)
		if (!strcmp(placements->at[kind].name, name))
			return &placements->at[kind];
	for (size_t i = 0; i < placements->classes.count; i++)
		if (!strcmp(placements->by_role[i].name, name))
			return &placements->by_role[i];
	return NULL;
}

bool placement_is_by_role(const char *name)
{
	size_t length = strlen(BY_ROLE);

	return !strncmp(name, BY_ROLE, length) && (!name[length] || name[length] == ':');
}

const char *placement_why_not(const struct placements *placements, const char *name)
{
	const struct placement *placement = placement_named(placements, name);

	if (placement)
		return placement->available ? NULL : placement->why_not;
	if (placement_is_by_role(name) && placements->why_not_by_role)
		return placements->why_not_by_role;
	return "there is no such placement on this machine";
}

static hwloc_const_bitmap_t set_of(
	const struct placement *placement, size_t number, enum storm_party party)
{
	return placement
		->sets[placement->by_role ? (size_t)party : number % placement->count];
}

/* hwloc says yes and binds nothing when the topology is not this machine's. */
int placement_bind(const struct placements *placements, const struct placement *placement,
	size_t number, enum storm_party party)
{
	hwloc_bitmap_t where;
	hwloc_const_bitmap_t set;
	int error = 0;

	if (!placement->count)
		return 0;
	if (!hwloc_topology_is_thissystem(placements->topology))
		return -EINVAL;
	set = set_of(placement, number, party);
	if (hwloc_set_cpubind(placements->topology, set,
		    HWLOC_CPUBIND_THREAD | HWLOC_CPUBIND_STRICT))
		return -errno;
	where = hwloc_bitmap_alloc();
	if (!where)
		return -ENOMEM;
	if (hwloc_get_last_cpu_location(
		    placements->topology, where, HWLOC_CPUBIND_THREAD))
		error = -errno;
	else if (!hwloc_bitmap_isincluded(where, set))
		error = -EXDEV;
	hwloc_bitmap_free(where);
	return error;
}

bool placement_has(const struct placement *placement, size_t number,
	enum storm_party party, unsigned pu)
{
	return !placement->count ||
	       hwloc_bitmap_isset(set_of(placement, number, party), pu);
}
