/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The perturber of a cell: from the parent, by seccomp user notification, it delays its system calls,
 * lets some fail, and holds some until others are reached; and it refuses what the sandbox forbids.
 *
 * Delays are log-uniform, and no thread is held for more than a fifth of its time. While the perturber
 * rests every call is let go at once: the watchdog makes it rest when it looks closely, so that nobody is
 * judged for having been held.
 *
 * Nothing here blocks on the cell. While a call waits for its answer its thread cannot be stopped or
 * traced: who would do that needs somebody who goes on answering (perturber_answer_meanwhile).
 */
#ifndef HUPSTORM_RUNNERS_PERTURBER_H
#define HUPSTORM_RUNNERS_PERTURBER_H

#include "perturbation.h"
#include "results/results.h"
#include "site.h"

#include <sys/types.h>

struct perturber;

/* The perturbation of a cell, which is known to be one; and NULL, or why there is none here. */
struct perturbation perturbation_of(const struct cell *cell);
const char *perturber_why_not(const struct cell *cell);

struct perturber_plan {
	struct perturbation perturbation;
	uint64_t seed;
	bool sandboxed;
	bool processes;		  /* there may be several */
	struct item_tally *tally; /* gets what was done, and where; NULL: nobody asks */
};

/*
 * With the plan copied. *handover is the socket by which the child hands its listener over
 * (filter.h); the caller closes it after the fork. 0 or a negative errno.
 */
int perturber_new(
	struct perturber **perturber, const struct perturber_plan *plan, int *handover);

/* The child, which leads its own session. */
void perturber_begin(struct perturber *perturber, pid_t child);

/* The descriptors of the cell are closed, and what is held ends with ENOSYS: kill it before. */
void perturber_free(struct perturber *perturber);

/* A descriptor that is readable when there is something to serve; -1: never again. */
int perturber_descriptor(const struct perturber *perturber);

/* Answer who is due. */
void perturber_serve(struct perturber *perturber);

/* Let everything go from now on, or do not any more. */
void perturber_rest(struct perturber *perturber, bool rests);

/* Answer in another thread, resting, until the second is called. Nothing else here may be called
 * between them. False: the system has no thread to give, and nobody answers. */
bool perturber_answer_meanwhile(struct perturber *perturber);
void perturber_answer_no_more(struct perturber *perturber);

/*
 * What was done, into the outcome. If the cell reached outside of its sandbox, or was not perturbed as
 * it should have been, a verdict that is not red is set right: oracle; invalid.
 */
void perturber_report(const struct perturber *perturber, struct outcome *outcome);

#endif
