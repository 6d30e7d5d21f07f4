/* SPDX-License-Identifier: BSD-2-Clause */
/* The command that is executed, from a command line and from the store. */
#ifndef HUPSTORM_RUNNERS_EXEC_COMMAND_H
#define HUPSTORM_RUNNERS_EXEC_COMMAND_H

#include "exec_options.h"
#include "session.h"

#include <wordexp.h>

/* Find it, and what kind of program it is. 0, or STATUS_ENVIRONMENT after a complaint: there is none,
 * or it cannot be run in the sandbox. */
int exec_command_check(const struct session *session, struct program_plan *plan);

/* The options and the command of an executed cell; the words are theirs, and the caller's to free
 * (wordfree). The same results. */
int exec_command_load(struct session *session, const struct cell *cell,
	struct exec_options *options, wordexp_t *words);

#endif
