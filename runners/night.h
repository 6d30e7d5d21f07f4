/* SPDX-License-Identifier: BSD-2-Clause */
/* What one builder does in a night: its script is run, and what it has written is taken into the store. */
#ifndef HUPSTORM_RUNNERS_NIGHT_H
#define HUPSTORM_RUNNERS_NIGHT_H

#include "lookback.h"
#include "results/store.h"

#include <limits.h>

struct night {
	const char *store_path;
	struct store *store;
	bool seed_given; /* else each night takes another turn of the plan */
	uint64_t seed;
	const char *program;   /* this one */
	char folder[PATH_MAX]; /* where builders work */
	int lock;	       /* of it */
};

/* Make the folder, beside the store, and take its lock. -EBUSY: there is another night for that store. Both have one line
 * in `complaint` (COMPLAINT_SIZE). */
int night_begin(struct night *night, char *complaint);
void night_end(struct night *night);

enum { NIGHT_TOLD = 5, NIGHT_TOLD_SIZE = 512 };

struct night_result {
	size_t runs, as_expected, unexpected, not_judged, missing;
	bool failed;	       /* the builder, whatever the cells say */
	char reason[PIPE_BUF]; /* then */
	uint64_t took;	       /* ns */
	/* Of the first that were not as expected a line: what they are, how they ended, what runs them again. */
	size_t told;
	char telling[NIGHT_TOLD][NIGHT_TOLD_SIZE];
};

/*
 * Blocks until the builder has done its part, for which it has so many ns, or its limit is over. What an earlier night that was cut off had left is
 * taken into the store first. Where a builder works is kept, beside the store, only if it has failed. 0, or a negative
 * errno with one line in `complaint` (COMPLAINT_SIZE): the store cannot be written.
 */
int night_run_builder(const struct night *night, const struct builder *builder,
	const struct lookback *lookback, uint64_t budget, struct night_result *result,
	char *complaint);

#endif
