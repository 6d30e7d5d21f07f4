/* SPDX-License-Identifier: BSD-2-Clause */
/* hupstorm explore and replay are another program, which is built from the same runtime
 * over the simulated machine; it lies beside this one. */
#include "commands.h"

#include <errno.h>
#include <limits.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

static const char program[] = "hupstorm-explore";

/* The arguments, with the command's own name among them, go on as they are. */
static int become(char **argv)
{
	char path[PATH_MAX + sizeof program];
	ssize_t length = readlink("/proc/self/exe", path, PATH_MAX);
	char *slash;

	if (length < 0)
		return complain("/proc/self/exe: %s", strerror(errno));
	path[length] = '\0';
	slash = strrchr(path, '/');
	strcpy(slash + 1, program);
	execv(path, argv);
	return complain("%s: %s", path, strerror(errno));
}

/* main leaves the program's own name before the command's. */
int command_explore(int argc, char **argv)
{
	(void)argc;
	return become(argv - 1);
}
