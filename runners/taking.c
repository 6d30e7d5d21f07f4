/* SPDX-License-Identifier: BSD-2-Clause */
#include "taking.h"

#include "bundle.h"

#include <errno.h>
#include <stdio.h>

/* Of two stores. */
struct evidence_way {
	struct bundles from, into;
};

static int take_bundle(void *argument, int64_t run, size_t number, const char *name,
	char here[EVIDENCE_SIZE])
{
	struct evidence_way *way = argument;

	return bundle_copy(&way->into, run, number + 1, &way->from, name, here);
}

int take_runs(struct store *store, const char *into, const char *from,
	struct exchanged *exchanged, char *complaint)
{
	struct evidence_way way;
	const struct evidence_taker taker = { take_bundle, &way };

	if (bundles_of(&way.into, into, EVIDENCE_LIMIT) && bundles_of(&way.from, from, 0))
		return store_merge(store, from, &taker, exchanged, complaint);
	snprintf(complaint, COMPLAINT_SIZE, "%.400s: the name is too long", from);
	return -ENAMETOOLONG;
}
