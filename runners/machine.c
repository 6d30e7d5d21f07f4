/* SPDX-License-Identifier: BSD-2-Clause */
#include "machine.h"

#include "build.h"
#include "results/hash.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/utsname.h>
#include <unistd.h>

static uint32_t count(hwloc_topology_t topology, hwloc_obj_type_t type)
{
	int objects = hwloc_get_nbobjs_by_type(topology, type);

	return objects > 0 ? (uint32_t)objects : 0;
}

/* hwloc keeps the CPU's name with the package, where there is one, or with the machine.
 */
static const char *processor_name(hwloc_topology_t topology)
{
	hwloc_obj_t package = hwloc_get_obj_by_type(topology, HWLOC_OBJ_PACKAGE, 0);
	const char *name =
		package ? hwloc_obj_get_info_by_name(package, "CPUModel") : NULL;

	if (!name)
		name = hwloc_obj_get_info_by_name(
			hwloc_get_root_obj(topology), "CPUModel");
	return name ? name : "unknown processor";
}

/* Firmware likes to pad names. */
static void cut_spaces(char *text)
{
	size_t length = strlen(text);

	while (length && text[length - 1] == ' ')
		text[--length] = '\0';
}

static uint64_t hash_object(uint64_t hash, hwloc_obj_t object)
{
	char text[256], attributes[128];

	hwloc_obj_type_snprintf(text, sizeof text, object, 1);
	hash = hash_text(hash, text);
	/* The size of a node's memory differs from boot to boot. */
	if (object->type != HWLOC_OBJ_NUMANODE && object->type != HWLOC_OBJ_MACHINE) {
		hwloc_obj_attr_snprintf(attributes, sizeof attributes, object, " ", 1);
		hash = hash_text(hash, attributes);
	}
	snprintf(text, sizeof text, "#%u(", object->os_index);
	hash = hash_text(hash, text);
	for (hwloc_obj_t child = object->memory_first_child; child;
		child = child->next_sibling)
		hash = hash_object(hash, child);
	for (hwloc_obj_t child = object->first_child; child; child = child->next_sibling)
		hash = hash_object(hash, child);
	return hash_text(hash, ")");
}

void topology_hash(hwloc_topology_t topology, char hash[NAME_SIZE])
{
	snprintf(hash, NAME_SIZE, "%016" PRIx64,
		hash_object(HASH_BEGIN, hwloc_get_root_obj(topology)));
}

static uint32_t threads_per_core(hwloc_topology_t topology)
{
	hwloc_obj_t core = NULL;
	int most = 0;

	while ((core = hwloc_get_next_obj_by_type(topology, HWLOC_OBJ_CORE, core))) {
		int threads = hwloc_bitmap_weight(core->cpuset);

		most = threads > most ? threads : most;
	}
	return (uint32_t)most;
}

/* QEMU's machines say so, be it as the processor's name (x86) or as the machine's (POWER). A
 * program under qemu-user reads of its host's processor, which is none of its own. */
static bool looks_emulated(const char *architecture)
{
	FILE *file = fopen("/proc/cpuinfo", "re");
	bool power = !strncmp(architecture, "ppc64", 5), qemu = false, foreign = power;
	char line[512];

	if (!file)
		return false;
	while (fgets(line, sizeof line, file)) {
		qemu |= strstr(line, "emulated by qemu") || strstr(line, "QEMU TCG");
		if (power && strstr(line, "POWER"))
			foreign = false;
	}
	fclose(file);
	return qemu || foreign;
}

static bool is_emulated(const char *architecture)
{
	const char *told = getenv("HUPSTORM_EMULATED");

	if (told && (!strcmp(told, "0") || !strcmp(told, "1")))
		return *told == '1';
	return looks_emulated(architecture);
}

static void name_builder(struct machine *machine, const char *node)
{
	const char *told = getenv("HUPSTORM_BUILDER");

	snprintf(machine->builder, sizeof machine->builder, "%.31s",
		told && *told ? told : node);
}

void machine_describe(struct machine *machine, hwloc_topology_t topology)
{
	const uint16_t probe = 1;
	struct utsname names;
	uint8_t low;

	memset(machine, 0, sizeof *machine);
	machine->page_size = (uint32_t)sysconf(_SC_PAGESIZE);
	if (!uname(&names)) {
		name_builder(machine, names.nodename);
		snprintf(machine->architecture, sizeof machine->architecture, "%.31s",
			names.machine);
		snprintf(machine->kernel, sizeof machine->kernel, "%s", names.release);
	}
	memcpy(&low, &probe, 1);
	snprintf(machine->byte_order, sizeof machine->byte_order, "%s",
		low ? "little-endian" : "big-endian");
	snprintf(machine->processor, sizeof machine->processor, "%s",
		processor_name(topology));
	cut_spaces(machine->processor);
	machine->processing_units = count(topology, HWLOC_OBJ_PU);
	machine->cores = count(topology, HWLOC_OBJ_CORE);
	machine->packages = count(topology, HWLOC_OBJ_PACKAGE);
	machine->numa_nodes = count(topology, HWLOC_OBJ_NUMANODE);
	machine->threads_per_core = threads_per_core(topology);
	machine->emulated = is_emulated(machine->architecture);
	topology_hash(topology, machine->topology);
	build_describe(machine);
}
