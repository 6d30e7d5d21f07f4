/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Failures that are one, over many runs: those of one case on one subject with its faults, of one verdict, for
 * reasons of one kind, and stuck in one place (alike.h). Of cells that test the harness there are none.
 */
#ifndef HUPSTORM_RESULTS_CLUSTERS_H
#define HUPSTORM_RESULTS_CLUSTERS_H

#include "rate.h"

struct sighting {
	int64_t run, started;
	size_t cells, first; /* so many of the run, and the number of one (from 1) */
};

struct cluster {
	struct cell cell; /* one of it, as it was last seen, */
	struct outcome outcome;
	enum standing standing;
	size_t count; /* of runs that have it, in order */
	struct sighting *seen;
	/* What had been run of the case and the subject until then, and what since: without this failure. */
	struct rate until, since;
};

struct clusters {
	size_t count;
	struct cluster *at;
};

/* One more run, from the oldest on; it need not stay. -ENOMEM. */
int clusters_add(struct clusters *clusters, const struct run *run);
void clusters_free(struct clusters *clusters);

/* The probability that it is still there (still_there in statistics.h); 1 if the last run had it, or if nothing is
 * known of how much was run. */
double cluster_still(const struct cluster *cluster);

/* "cluster-0123456789abcdef.html": of what it is alone, the same in every store. */
enum { CLUSTER_FILE_SIZE = 32 };
const char *cluster_file(const struct cluster *cluster, char file[CLUSTER_FILE_SIZE]);

/* Those that are not as expected, and there with more than 5 %, first; then by when they were last seen. */
void clusters_sort(struct clusters *clusters);

#endif
