/* SPDX-License-Identifier: BSD-2-Clause */
/* The command line of hupstorm explore. */
#ifndef HUPSTORM_RUNNERS_EXPLORE_OPTIONS_H
#define HUPSTORM_RUNNERS_EXPLORE_OPTIONS_H

#include "prove.h"
#include "scheduler.h"
#include "small.h"

/* After the kinds of scheduler.h; chance: these in turn. */
enum {
	SCHEDULER_BOUNDED = SCHEDULER_KINDS,
	SCHEDULER_GRAPH,
	SCHEDULER_CHANCE,
	ALL_SCHEDULERS
};

const char *scheduler_name(int scheduler);

enum { UNSET = UINT32_MAX };

struct options {
	struct cell cell;
	bool storm, coarse, every_kind;
	uint32_t numbers[SMALL_FIELDS]; /* of the plan; UNSET: as the case has it */
	int scheduler;			/* -1: chance, and then the graph */
	const char *store;		/* "-": none */
	char command[512];
	unsigned depth, jobs;
	uint64_t schedules, budget, shorten, bound, states;
};

extern const char explore_help[];

/* Returns 0; 1: help is wanted; or a status, after a complaint. */
int options_parse(int argc, char **argv, struct options *options);

extern const char prove_help[];

/* The same for hupstorm prove. */
int prove_options_parse(int argc, char **argv, struct prove_options *options);

#endif
