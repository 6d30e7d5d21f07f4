/* SPDX-License-Identifier: BSD-2-Clause */
/* The child that becomes a foreign program: what it does between fork and exec. */
#ifndef HUPSTORM_RUNNERS_PROGRAM_CHILD_H
#define HUPSTORM_RUNNERS_PROGRAM_CHILD_H

#include "companion.h"
#include "filter.h"
#include "program.h"

#include <stdbool.h>

/* Shared with the program until it is executed, and with its companion. */
struct program_page {
	os_word trouble, error; /* why it was not executed */
	struct companion_page companion;
};

struct program_child {
	const struct program_plan *plan;
	const struct cell_settings *settings;
	const struct placement *placement;
	struct program_page *page;
	pid_t parent;
	int output,
		marks; /* to write to; the second is -1 without progress by descriptor */
	int handover;  /* of the filter's listener */
	struct perturbation perturbation;
};

/* In the child: leave the parent's session, terminal, descriptors and signals behind, go where
 * it is to run, into the sandbox, and execute the program. */
_Noreturn void program_child_run(struct program_child *child);

/* True if it was not executed, with the reason. */
bool program_child_explain(const struct program_page *page, char *reason, size_t size);

#endif
