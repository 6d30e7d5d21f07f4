/* SPDX-License-Identifier: BSD-2-Clause */
#include "beside.h"

#include "commands.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

int become_beside(const char *program, char **argv)
{
	char here[PATH_MAX], path[PATH_MAX + 64];
	ssize_t length = readlink("/proc/self/exe", here, sizeof here - 1);

	if (length < 0)
		return complain("/proc/self/exe: %s", strerror(errno));
	here[length] = '\0';
	*strrchr(here, '/') = '\0';
	snprintf(path, sizeof path, "%s/%s", here, program);
	execv(path, argv);
	return complain("%s: %s", path, strerror(errno));
}
