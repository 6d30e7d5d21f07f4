/* SPDX-License-Identifier: BSD-2-Clause */
/* What one thread did between two snapshots. */
#ifndef HUPSTORM_RUNNERS_CONDUCT_H
#define HUPSTORM_RUNNERS_CONDUCT_H

#include "snapshot.h"

/* What a thread did in the window. */
struct conduct {
	const struct thread_sample *before, *after;
	const struct thread_view *view; /* NULL: not one of the world's */
	uint64_t run, switches;
	uint64_t length; /* of the window */
};

/* Of the `i`th thread of `after`. False: it was not there before. */
bool conduct_observe(const struct snapshot *before, const struct snapshot *after,
	uint32_t i, struct conduct *conduct);

/* By a signal or a debugger. */
bool conduct_is_stopped(const struct conduct *conduct);

/* It could run and was not let. */
bool conduct_is_starved(const struct conduct *conduct);

#endif
