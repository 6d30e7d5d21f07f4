/* SPDX-License-Identifier: BSD-2-Clause */
#include "processes.h"

#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>

static size_t add_children_of_thread(
	pid_t pid, const char *tid, pid_t list[PROCESSES_MAX], size_t count)
{
	char path[320];
	FILE *file;
	int child;

	snprintf(path, sizeof path, "/proc/%d/task/%s/children", (int)pid, tid);
	file = fopen(path, "re");
	if (!file)
		return count;
	while (count < PROCESSES_MAX && fscanf(file, "%d", &child) == 1)
		list[count++] = child;
	fclose(file);
	return count;
}

static size_t add_children(pid_t pid, pid_t list[PROCESSES_MAX], size_t count)
{
	struct dirent *entry;
	char path[64];
	DIR *tasks;

	snprintf(path, sizeof path, "/proc/%d/task", (int)pid);
	tasks = opendir(path);
	while (tasks && (entry = readdir(tasks)))
		if (strtol(entry->d_name, NULL, 10) > 0)
			count = add_children_of_thread(pid, entry->d_name, list, count);
	if (tasks)
		closedir(tasks);
	return count;
}

size_t processes_list(pid_t leader, pid_t list[PROCESSES_MAX])
{
	size_t count = 1;

	list[0] = leader;
	for (size_t i = 0; i < count; i++)
		count = add_children(list[i], list, count);
	return count;
}
