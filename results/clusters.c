/* SPDX-License-Identifier: BSD-2-Clause */
#include "clusters.h"

#include "alike.h"
#include "hash.h"
#include "score.h"
#include "statistics.h"
#include "tally.h"

#include <errno.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

static bool is_failure(const struct cell *cell, const struct outcome *outcome)
{
	return verdict_is_red(outcome->verdict) && !is_of_score(cell);
}

static struct cluster *find(
	struct clusters *c, const struct cell *cell, const struct outcome *outcome)
{
	for (size_t i = 0; i < c->count; i++)
		if (same_row(&c->at[i].cell, cell) &&
			same_kind_of_failure(&c->at[i].outcome, outcome))
			return &c->at[i];
	return NULL;
}

/* What there was of the row before it was first seen is the caller's to add. */
static struct cluster *add(
	struct clusters *c, const struct cell *cell, const struct outcome *outcome)
{
	struct cluster *at = realloc(c->at, (c->count + 1) * sizeof *at);

	if (!at)
		return NULL;
	c->at = at;
	at[c->count] = (struct cluster){ .cell = *cell, .outcome = *outcome };
	return &at[c->count++];
}

/* Its sighting in this run. */
static struct sighting *sighting_in(struct cluster *cluster, const struct run *run)
{
	struct sighting *seen;

	if (cluster->count && cluster->seen[cluster->count - 1].run == run->info.id)
		return &cluster->seen[cluster->count - 1];
	seen = realloc(cluster->seen, (cluster->count + 1) * sizeof *seen);
	if (!seen)
		return NULL;
	cluster->seen = seen;
	seen[cluster->count] =
		(struct sighting){ .run = run->info.id, .started = run->info.started };
	return &seen[cluster->count++];
}

static int add_failure(struct clusters *c, const struct run *run, size_t i)
{
	const struct cell *cell = &run->cells[i];
	const struct outcome *outcome = &run->outcomes[i];
	struct cluster *cluster = find(c, cell, outcome);
	struct sighting *sighting;

	if (!cluster)
		cluster = add(c, cell, outcome);
	sighting = cluster ? sighting_in(cluster, run) : NULL;
	if (!sighting)
		return -ENOMEM;
	if (!sighting->cells) {
		cluster->cell = *cell;
		cluster->outcome = *outcome;
		cluster->standing = cell_standing(cell, outcome);
		sighting->first = run_number(run, i);
	}
	sighting->cells += 1 + outcome->more;
	return 0;
}

static void add_rate(struct rate *sum, const struct rate *more)
{
	sum->failures += more->failures;
	sum->exposure += more->exposure;
	sum->runs |= more->runs;
}

/* Failures of other kinds are no failures of this one. */
static void add_exposure(struct cluster *cluster, const struct run *run)
{
	struct rate rate = rate_of(run, &cluster->cell, NULL);
	bool now = cluster->seen[cluster->count - 1].run == run->info.id;

	rate.failures = now ? cluster->seen[cluster->count - 1].cells : 0;
	add_rate(&cluster->since, &rate);
	if (!now)
		return;
	add_rate(&cluster->until, &cluster->since);
	cluster->since = (struct rate){ .runs = rate.runs };
}

int clusters_add(struct clusters *c, const struct run *run)
{
	int error = 0;

	for (size_t i = 0; i < run->count && !error; i++)
		if (is_failure(&run->cells[i], &run->outcomes[i]))
			error = add_failure(c, run, i);
	for (size_t i = 0; i < c->count && !error; i++)
		add_exposure(&c->at[i], run);
	return error;
}

void clusters_free(struct clusters *c)
{
	for (size_t i = 0; i < c->count; i++)
		free(c->at[i].seen);
	free(c->at);
	*c = (struct clusters){ 0 };
}

double cluster_still(const struct cluster *cluster)
{
	if (!cluster->until.exposure || !cluster->since.exposure)
		return 1;
	return still_there(cluster->until.failures, (double)cluster->until.exposure,
		(double)cluster->since.exposure);
}

const char *cluster_file(const struct cluster *cluster, char file[CLUSTER_FILE_SIZE])
{
	char kind[REASON_SIZE];
	uint64_t hash = HASH_BEGIN;

	kind_of_reason(cluster->outcome.reason, kind);
	hash = hash_text(hash, cluster->cell.case_name);
	hash = hash_text(hash, cluster->cell.subject);
	hash = hash_text(hash, cluster->cell.faults);
	hash = hash_text(hash, verdict_name(cluster->outcome.verdict));
	hash = hash_text(hash, kind);
	if (*cluster->outcome.anchor)
		hash = hash_text(hash, cluster->outcome.anchor);
	snprintf(file, CLUSTER_FILE_SIZE, "cluster-%016" PRIx64 ".html", hash);
	return file;
}

static int64_t last_of(const struct cluster *cluster)
{
	return cluster->seen[cluster->count - 1].run;
}

/* Not as expected, and hardly gone. */
static bool is_open(const struct cluster *cluster)
{
	return cluster->standing == STANDING_UNEXPECTED && cluster_still(cluster) > 0.05;
}

static int by_weight(const void *a, const void *b)
{
	const struct cluster *x = a, *y = b;
	bool bad = is_open(x), other = is_open(y);

	if (bad != other)
		return bad ? -1 : 1;
	if (last_of(x) != last_of(y))
		return last_of(x) > last_of(y) ? -1 : 1;
	if (strcmp(x->cell.case_name, y->cell.case_name) != 0)
		return strcmp(x->cell.case_name, y->cell.case_name);
	return strcmp(x->outcome.reason, y->outcome.reason);
}

void clusters_sort(struct clusters *c)
{
	if (c->count)
		qsort(c->at, c->count, sizeof *c->at, by_weight);
}
