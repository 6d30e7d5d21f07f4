/* SPDX-License-Identifier: BSD-2-Clause */
#include "beside.h"

#include "commands.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

int path_beside(const char *program, char path[BESIDE_PATH])
{
	char here[PATH_MAX];
	ssize_t length = readlink("/proc/self/exe", here, sizeof here - 1);

	if (length < 0)
		return complain("/proc/self/exe: %s", strerror(errno));
	here[length] = '\0';
	*strrchr(here, '/') = '\0';
	snprintf(path, BESIDE_PATH, "%s/%s", here, program);
	return access(path, X_OK) ? complain("%s: %s", path, strerror(errno)) : 0;
}

int become_beside(const char *program, char **argv)
{
	char path[BESIDE_PATH];
	int status = path_beside(program, path);

	if (status)
		return status;
	execv(path, argv);
	return complain("%s: %s", path, strerror(errno));
}
