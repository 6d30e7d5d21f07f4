/* SPDX-License-Identifier: BSD-2-Clause */
#include "pager.h"

#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

static void be_pager(const char *command)
{
	if (command)
		execl("/bin/sh", "sh", "-c", command, (char *)NULL);
	else
		execlp("less", "less", "-FRX", (char *)NULL);
	execlp("cat", "cat", (char *)NULL);
	_exit(127);
}

static void start(struct pager *pager, const char *command)
{
	int ends[2];

	if (pipe(ends))
		return;
	fflush(stdout);
	pager->process = fork();
	if (!pager->process) {
		dup2(ends[0], STDIN_FILENO);
		close(ends[0]);
		close(ends[1]);
		be_pager(command);
	}
	if (pager->process > 0) {
		pager->terminal = dup(STDOUT_FILENO);
		dup2(ends[1], STDOUT_FILENO);
		/* The reader may leave before the end. */
		signal(SIGPIPE, SIG_IGN);
	} else {
		pager->process = 0;
	}
	close(ends[0]);
	close(ends[1]);
}

void pager_begin(struct pager *pager)
{
	const char *command = getenv("PAGER");

	*pager = (struct pager){ .process = 0 };
	if (!isatty(STDOUT_FILENO))
		return;
	if (!command || (*command && strcmp(command, "cat") != 0))
		start(pager, command);
}

void pager_end(struct pager *pager)
{
	if (!pager->process)
		return;
	fflush(stdout);
	dup2(pager->terminal, STDOUT_FILENO);
	close(pager->terminal);
	while (waitpid(pager->process, NULL, 0) < 0 && errno == EINTR)
		;
}
