/* SPDX-License-Identifier: BSD-2-Clause */
/* What was asked for on the command line of the commands that run cells. */
#ifndef HUPSTORM_RUNNERS_OPTIONS_H
#define HUPSTORM_RUNNERS_OPTIONS_H

#include "part.h"
#include "place.h"
#include "results/results.h"

enum { CHOICES_MAX = 32 };

/* Names given for one axis; none given: all of them. */
struct choices {
	size_t count;
	const char *at[CHOICES_MAX];
};

struct run_options {
	struct choices cases, subjects, faults, placements, targets;
	size_t slot_count;
	uint32_t slots[CHOICES_MAX]; /* none: the default axis */
	enum { EITHER, ONLY_LEADER, ONLY_THREAD } coordinator;
	bool nudge;
	const char *noise;	  /* "" for none */
	const char *perturbation; /* likewise */
	uint32_t workers;
	uint64_t cycles; /* of the whole run; 0: what each case says */
	uint64_t budget; /* ns for the whole run */
	bool budget_given, repeat_given, seed_given, night_given;
	uint64_t seed;
	unsigned jobs, repeat, patience;
	struct part part,
		slice;	/* the second: of what is planned, the rest is left out */
	uint64_t night; /* from 0; what it is to do is for rota.h to say */
	unsigned pace;	/* percent (rota.h); 0: nothing was measured */
	bool sandboxed;
	const char *store;
	uint64_t evidence; /* bytes that may be kept beside the store; 0: none is taken */
	char command[512]; /* as it was given */
};

/* Whose options they are: each command has some of them. */
enum option_user { OPTIONS_OF_RUN, OPTIONS_OF_POWER, OPTIONS_OF_HUNT, OPTION_USERS };

/*
 * Parse the arguments of that command, which argv begins with. Returns 0; -EINVAL with one line in `complaint` (of
 * `size` bytes) that names what is wrong and what was expected; or 1: help was asked for.
 */
int options_parse(int argc, char **argv, enum option_user user,
	const struct placements *placements, struct run_options *options, char *complaint,
	size_t size);

/* What every command that runs cells has if it is not told otherwise. */
void options_set_defaults(struct run_options *options);

/* The text that --help prints. */
const char *options_help(enum option_user user);

#endif
