/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Delta debugging of a failing schedule (Zeller and Hildebrandt, 2002): leave out stretches
 * of one thread, then actions, then context switches, as long as it still fails in the
 * same way.
 */
#ifndef HUPSTORM_RUNNERS_EXPLORE_MINIMISE_H
#define HUPSTORM_RUNNERS_EXPLORE_MINIMISE_H

#include "scheduler.h"

/*
 * Replace `list`, which fails as `failure` says, by a shorter one that fails in the same
 * way, within about `budget` ns. Returns how often it was replayed; `failure` is that of
 * the result.
 */
uint64_t minimise(struct program *program, struct schedule *list, struct attempt *failure,
	uint64_t budget);

/* The same verdict for the same reason, whatever the numbers in it. */
bool same_failure_kind(const struct attempt *a, const struct attempt *b);

/* A hang shows in fair steps behind the list; anything else at the list's end. */
enum tail tail_of(const struct attempt *failure);

#endif
