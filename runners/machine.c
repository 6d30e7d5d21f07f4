/* SPDX-License-Identifier: BSD-2-Clause */
#include "machine.h"

#include <stdio.h>
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

void machine_describe(struct machine *machine, hwloc_topology_t topology)
{
	const uint16_t probe = 1;
	struct utsname names;
	uint8_t low;

	*machine = (struct machine){ .page_size = (uint32_t)sysconf(_SC_PAGESIZE) };
	if (!uname(&names)) {
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
}
