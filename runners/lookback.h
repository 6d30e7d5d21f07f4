/* SPDX-License-Identifier: BSD-2-Clause */
/* What the nights before say of a builder, for the one that is to begin. */
#ifndef HUPSTORM_RUNNERS_LOOKBACK_H
#define HUPSTORM_RUNNERS_LOOKBACK_H

#include "builder.h"
#include "results/store.h"

struct lookback {
	uint64_t nights; /* that it has had: runs of that name in the store */
	unsigned pace;	 /* percent (rota.h); 0: not known */
};

/* Of the builder of that name. As store_load. */
int look_back(struct store *store, const char *name, struct lookback *lookback,
	char *complaint);

/* At which pace it is taken to go: an emulated one of which nothing is known four times as slowly as is usual. */
unsigned pace_of(const struct builder *builder, const struct lookback *lookback);

/* How much of the time the first of these builders gets, which all of them are to share: by
 * their paces. */
uint64_t share_of_first(const struct builder *builders, const struct lookback *lookbacks,
	size_t count, uint64_t time);

#endif
