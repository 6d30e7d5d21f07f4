/* SPDX-License-Identifier: BSD-2-Clause */
/* What is particular about programs that are written in Go. */
#ifndef HUPSTORM_RUNNERS_GO_H
#define HUPSTORM_RUNNERS_GO_H

#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>

/* True if the file is one: it has the section with Go's build information. */
bool go_is_program(const char *path);

/* The thread that runs Go's sysmon, which wakes by itself whatever the program does; 0: not found. Takes the
 * stacks of the process (stacks.h). */
uint32_t go_sysmon(pid_t pid);

#endif
