/* SPDX-License-Identifier: BSD-2-Clause */
/* hupstorm explore and replay are another program, which is built from the same runtime
 * over the simulated machine. */
#include "beside.h"
#include "commands.h"

/* The arguments, with the command's own name among them, go on as they are: main leaves the program's own name before
 * the command's. */
int command_explore(int argc, char **argv)
{
	(void)argc;
	return become_beside("hupstorm-explore", argv - 1);
}
