/* SPDX-License-Identifier: BSD-2-Clause */
/* The end of a cell's processes. Never by name, and nothing that hupstorm did not start.
 */
#ifndef HUPSTORM_RUNNERS_KILL_H
#define HUPSTORM_RUNNERS_KILL_H

#include <sys/types.h>

/* SIGKILL to the cell, by its pidfd, or by its pid (a child of ours that was not waited
 * for) if that is negative. */
void kill_cell(int pidfd, pid_t pid);

/*
 * Kill and wait for what is left of the session of a cell that has ended and was not
 * waited for, so that its number is still its own. The caller is a subreaper: all that
 * descends from a cell is a child of its in the end.
 */
void kill_leftovers(pid_t session);

/* The session of a process or thread; -1: there is none such. */
pid_t session_of(pid_t pid);

/* Become the subreaper of what will be started. */
void adopt_orphans(void);

#endif
