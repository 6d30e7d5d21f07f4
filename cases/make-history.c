/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * A store of nights that never were (nights.h), for the tests and the measurements of the reports.
 *
 *	make-history STORE [NAME=NUMBER ...] [TRUTH ...]
 *
 * NAME is seed, nights, builders, cases, cells, cycles or flaky; TRUTH is regression, gone, broken, missing or
 * short.
 */
#include "nights.h"
#include "results/store_inside.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const char *const truths[TRUTHS] = { "regression", "gone", "broken", "missing",
	"short" };

/* All outcomes at once: nobody minds if a store that is made up is lost. */
static int write_run(struct store *store, struct run *run, char *complaint)
{
	int error = store_begin(store, &run->info, run->cells, run->count, complaint);

	if (!error)
		error = store_execute(store, "BEGIN", "write to it", complaint);
	for (size_t i = 0; i < run->count && !error; i++)
		if (run->outcomes[i].verdict != VERDICT_MISSING)
			error = store_add(
				store, run->info.id, i, &run->outcomes[i], complaint);
	if (!error && run->info.finished)
		error = store_finish(store, run->info.id, run->info.finished, complaint);
	return error ? error : store_execute(store, "COMMIT", "write to it", complaint);
}

static int write_all(struct store *store, struct nights *nights, char *complaint)
{
	int error = store_execute(
		store, "PRAGMA synchronous = OFF", "write to it", complaint);

	for (uint64_t night = 1; night <= nights->nights && !error; night++)
		for (uint64_t b = 1; b <= nights->builders && !error; b++) {
			struct run *run = nights_draw(nights, night, b);

			if (run)
				error = write_run(store, run, complaint);
			run_free(run);
		}
	return error;
}

static bool take_argument(struct nights *nights, const char *argument)
{
	const struct {
		const char *name;
		uint64_t *number;
	} numbers[] = { { "seed=", &nights->drawn.state }, { "nights=", &nights->nights },
		{ "builders=", &nights->builders }, { "cases=", &nights->cases },
		{ "cells=", &nights->cells }, { "cycles=", &nights->cycles },
		{ "flaky=", &nights->flaky } };

	for (size_t i = 0; i < sizeof numbers / sizeof numbers[0]; i++) {
		size_t length = strlen(numbers[i].name);

		if (strncmp(numbers[i].name, argument, length) != 0)
			continue;
		*numbers[i].number = strtoull(argument + length, NULL, 10);
		return true;
	}
	for (size_t i = 0; i < TRUTHS; i++) {
		if (strcmp(truths[i], argument) != 0)
			continue;
		nights->planted[i] = true;
		return true;
	}
	return false;
}

static int complain(const char *what, const char *about)
{
	fprintf(stderr, "make-history: %s%s\n", what, about);
	return 2;
}

int main(int argc, char **argv)
{
	struct nights nights = nights_usual;
	char complaint[COMPLAINT_SIZE];
	struct store *store;
	int error;

	if (argc < 2)
		return complain("expected a store to write", "");
	for (int i = 2; i < argc; i++)
		if (!take_argument(&nights, argv[i]))
			return complain("unknown argument ", argv[i]);
	error = store_open(&store, argv[1], STORE_WRITE, complaint);
	if (error)
		return complain("", complaint);
	error = write_all(store, &nights, complaint);
	store_close(store);
	return error ? complain("", complaint) : 0;
}
