/* SPDX-License-Identifier: BSD-2-Clause */
#include "child.h"

#include <signal.h>
#include <stdlib.h>
#include <sys/prctl.h>
#include <unistd.h>

pid_t child_begin(void)
{
	pid_t parent = getpid(), child = fork();

	if (child < 0)
		abort();
	if (child)
		return child;
	prctl(PR_SET_PDEATHSIG, SIGKILL);
	/* It may have gone before that. */
	if (getppid() != parent)
		_exit(1);
	return 0;
}
