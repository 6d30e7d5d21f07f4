/* SPDX-License-Identifier: BSD-2-Clause */
#include "kill.h"

#include <dirent.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

void adopt_orphans(void)
{
	prctl(PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0);
}

void kill_cell(int pidfd, pid_t pid)
{
	if (pidfd < 0)
		kill(pid, SIGKILL);
	else
		syscall(SYS_pidfd_send_signal, pidfd, SIGKILL, NULL, 0);
}

/* From field 6 of its stat, behind the name. */
pid_t session_of(pid_t pid)
{
	char path[64], text[512], *at;
	pid_t session = -1;
	FILE *file;

	snprintf(path, sizeof path, "/proc/%d/stat", (int)pid);
	file = fopen(path, "re");
	if (!file)
		return -1;
	if (fgets(text, sizeof text, file)) {
		at = strrchr(text, ')');
		if (at && sscanf(at, ") %*c %*d %*d %d", &session) != 1)
			session = -1;
	}
	fclose(file);
	return session;
}

/* One that is not ours to wait for yet becomes ours when its parent, which is killed too,
 * has ended. */
static bool kill_one_round(pid_t session)
{
	DIR *processes = opendir("/proc");
	struct dirent *entry;
	bool found = false;

	while (processes && (entry = readdir(processes))) {
		pid_t pid = (pid_t)strtol(entry->d_name, NULL, 10);

		if (pid <= 0 || pid == session || session_of(pid) != session)
			continue;
		found = true;
		kill(pid, SIGKILL);
		waitpid(pid, NULL, 0);
	}
	if (processes)
		closedir(processes);
	return found;
}

void kill_leftovers(pid_t session)
{
	while (kill_one_round(session))
		;
}
