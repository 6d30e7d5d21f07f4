/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * A foreign program, as a cell: started, stormed from outside, watched, and ended.
 *
 * It is the leader of its own session, its standard input is empty, and what it writes is read by
 * its parent. Whatever happens to the parent, it and what descends from it are killed
 * (companion.h).
 */
#ifndef HUPSTORM_RUNNERS_PROGRAM_H
#define HUPSTORM_RUNNERS_PROGRAM_H

#include "engine.h"
#include "storm_outside.h"

#include <regex.h>

/* What is taken as a sign that the program gets on. */
enum program_progress {
	PROGRESS_BY_CPU,	/* that it uses a processor, or writes */
	PROGRESS_BY_OUTPUT,	/* a line of its output that the expression matches */
	PROGRESS_BY_DESCRIPTOR, /* a byte written to a descriptor of its */
};

/* One for all runs of a command. */
struct program_plan {
	char *const *command; /* ended by NULL */
	bool is_go;
	struct storm_outside storm;
	enum program_progress progress;
	regex_t expression; /* by output */
	int descriptor;	    /* by descriptor: its number in the program, from 3 */
};

/* Executes cells whose settings have a program. */
extern const struct engine_operations program_engine;

#endif
