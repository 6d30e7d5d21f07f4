/* SPDX-License-Identifier: BSD-2-Clause */
/* Schedules by chance, one after the other, until one fails. */
#ifndef HUPSTORM_RUNNERS_EXPLORE_CHANCE_H
#define HUPSTORM_RUNNERS_EXPLORE_CHANCE_H

#include "share.h"

enum { CHANCE_JOBS_MAX = 64 };

struct chance_options {
	int scheduler;		    /* enum scheduler_kind; -1: each of them in turn */
	unsigned depth;		    /* of PCT */
	uint64_t schedules, budget; /* at the most; ns */
	uint64_t seed;		    /* of the first; each next has the next */
	unsigned jobs;		    /* processes that share them, 1 to CHANCE_JOBS_MAX */
};

struct chance_result {
	/* That were run; with a failure, as many as there are up to the one that fails. */
	uint64_t schedules, steps;
	double seconds;
	/* The one that fails, after its replay from the start; else some that passed. */
	struct trial last;
	struct schedule list; /* its actions */
};

/*
 * Some schedules run in this process, the others in `jobs` processes of hupstorm-chance (share.h). Returns 0; -ENOENT: one
 * of these could not begin, after a complaint; or a fault of the explorer: -EPROTO: the same seed gave two schedules;
 * -EIO: the failure did not fail again; -ECHILD: a job came to an early end; -ESTALE: a job ran other schedules than those
 * of that seed here.
 */
int chance_explore(struct program *program, const struct chance_options *options,
	struct chance_result *result);

void chance_result_free(struct chance_result *result);

#endif
