/* SPDX-License-Identifier: BSD-2-Clause */
/* The command that runs a cell again. */
#ifndef HUPSTORM_RESULTS_AGAIN_H
#define HUPSTORM_RESULTS_AGAIN_H

#include "results.h"

enum { COMMAND_SIZE = SCHEDULE_SIZE + 512 };

/* Cut to `size`; COMMAND_SIZE is enough. An explored cell that has a schedule is replayed. */
void cell_command(
	const struct cell *cell, const struct outcome *outcome, char *text, size_t size);

#endif
