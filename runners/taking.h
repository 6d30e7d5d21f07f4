/* SPDX-License-Identifier: BSD-2-Clause */
/* Runs of another store, with their evidence. */
#ifndef HUPSTORM_RUNNERS_TAKING_H
#define HUPSTORM_RUNNERS_TAKING_H

#include "results/exchange.h"

/* Take all runs of the store at `from` into this one, which is at `into`: store_merge, with bundles for evidence.
 * -ENAMETOOLONG: there is no room for the name of a bundle. */
int take_runs(struct store *store, const char *into, const char *from,
	struct exchanged *exchanged, char *complaint);

#endif
