/* SPDX-License-Identifier: BSD-2-Clause */
#include "info.h"

#include "machine.h"

#include <stdio.h>
#include <time.h>

int64_t info_now(void)
{
	struct timespec time;

	clock_gettime(CLOCK_REALTIME, &time);
	return (int64_t)time.tv_sec * 1000000000 + time.tv_nsec;
}

void info_begin(struct run_info *info, const char *command, uint64_t seed,
	hwloc_topology_t topology)
{
	*info = (struct run_info){ .started = info_now(), .seed = seed };
	snprintf(info->version, sizeof info->version, "%s", PACKAGE_VERSION);
	snprintf(info->command, sizeof info->command, "%s", command);
	machine_describe(&info->machine, topology);
}

int info_store(struct run_info *info, hwloc_topology_t topology, struct store *store,
	const struct cell *cells, size_t count, char *complaint)
{
	int length, error = 0;
	char *xml;

	/* Without a drawing the run is as good. */
	if (!hwloc_topology_export_xmlbuffer(topology, &xml, &length, 0)) {
		error = store_keep_topology(
			store, info->machine.topology, xml, complaint);
		hwloc_free_xmlbuffer(topology, xml);
	}
	return error ? error : store_begin(store, info, cells, count, complaint);
}

void info_command(char *text, size_t size, int argc, char **argv)
{
	size_t used = (size_t)snprintf(text, size, "hupstorm");

	for (int i = 0; i < argc && used < size; i++)
		used += (size_t)snprintf(text + used, size - used, " %s", argv[i]);
}
