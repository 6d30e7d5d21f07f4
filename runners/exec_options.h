/* SPDX-License-Identifier: BSD-2-Clause */
/* What was asked for on the command line of hupstorm exec. */
#ifndef HUPSTORM_RUNNERS_EXEC_OPTIONS_H
#define HUPSTORM_RUNNERS_EXEC_OPTIONS_H

#include "options.h"
#include "program.h"

struct exec_options {
	struct program_plan plan;
	const char *placement;
	const char *perturbation; /* "" for none */
	const char *progress;	  /* as it was given; NULL: it was not */
	uint64_t runs;		  /* 0: as many as there is time for */
	uint64_t timeout;	  /* ns, of one run */
	bool failfast;
};

/*
 * Parse the arguments, which begin with the command's own name; what is common to all commands that
 * run cells goes into `common`. Returns 0; -EINVAL with one line in `complaint` (of `size` bytes); or
 * 1: help was asked for. On 0 the caller frees the expression of the plan, if it has one.
 */
int exec_options_parse(int argc, char **argv, const struct placements *placements,
	struct exec_options *options, struct run_options *common, char *complaint,
	size_t size);

/* The options and the command, quoted for a shell: what hupstorm exec takes to do the same again, beside
 * the seed and the perturbation. False: it does not fit. */
bool exec_options_print(const struct exec_options *options, char *text, size_t size);

extern const char exec_options_help[];

#endif
