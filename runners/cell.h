/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * A cell: one child process that runs one storm.
 *
 * It is the leader of its own session, dies with its parent, is confined by the sandbox,
 * and is killed with all that descends from it when the verdict is there. It shares its
 * world's memory with the parent, and its standard error goes into a file in memory that
 * the parent reads when it has ended.
 */
#ifndef HUPSTORM_RUNNERS_CELL_H
#define HUPSTORM_RUNNERS_CELL_H

#include "cases/cases.h"
#include "evidence.h"
#include "perturber.h"
#include "place.h"
#include "results/results.h"
#include "watch.h"

struct cell_settings {
	const struct placements *placements;
	unsigned patience; /* see watch.h */
	uint64_t grace;	   /* likewise */
	bool sandboxed;
	bool evidence;			    /* is taken of cells that fail */
	const struct program_plan *program; /* of cells that execute one (program.h) */
	struct item_tally *tally;	    /* of what perturbers do; NULL: nobody asks */
};

struct running_cell;

/*
 * Start a cell. 0, or a negative errno: the system has no process, memory or descriptor
 * to give. The parent must have one thread. *running is to be polled: see the next two.
 */
int cell_start(struct running_cell **running, const struct cell *cell,
	const struct cell_settings *settings);

/* Descriptors that become readable when the cell has ended, and when it asks for its
 * audit. */
int cell_ended_descriptor(const struct running_cell *running);
int cell_audit_descriptor(const struct running_cell *running);

/* Who answers its system calls; whose descriptor is to be polled, and who is to be served, too. */
struct perturber *cell_perturber(const struct running_cell *running);

/* Its process, for those who look at it in their own way. */
pid_t cell_process(const struct running_cell *running);

/* Every so often, and when the audit is asked for: look at the cell. What is found ends
 * it. Takes some ms. */
void cell_look(struct running_cell *running);
void cell_audit(struct running_cell *running);

/* When it has ended: what came of it, and if it has failed the evidence, which is the caller's (or
 * NULL; `evidence` may be NULL). Frees `running`, and kills whatever may be left of the cell. */
void cell_collect(struct running_cell *running, struct outcome *outcome,
	struct evidence **evidence);

/* Kill it, and everything that descends from it; no outcome. Frees `running`. */
void cell_abandon(struct running_cell *running);

/* Why this cell cannot run here, or NULL: the placement is not there, the system does not
 * allow what the case needs. */
const char *cell_why_not(const struct cell *cell, const struct cell_settings *settings);

#endif
