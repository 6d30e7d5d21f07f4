/* SPDX-License-Identifier: BSD-2-Clause */
#include "report_history.h"

#include "results/findings.h"

#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>

static int add_run(
	struct store *store, int64_t id, struct history *history, char *complaint)
{
	struct run *run;
	int error = store_load_folded(store, id, &run, complaint);

	if (error)
		return error;
	error = history_add(history, run);
	run_free(run);
	return error;
}

static int add_runs(
	struct store *store, int64_t last, struct history *history, char *complaint)
{
	int64_t *ids;
	size_t count;
	int error = store_runs(store, &ids, &count, complaint);

	if (error)
		return error;
	for (size_t i = 0; i < count && !error && (!last || ids[i] <= last); i++)
		error = add_run(store, ids[i], history, complaint);
	free(ids);
	if (!error && !history->count) {
		snprintf(complaint, COMPLAINT_SIZE, "there is no run to tell of");
		return -ENOENT;
	}
	return error;
}

int report_history(struct store *store, int64_t last, bool json, char *complaint)
{
	struct history history = { 0 };
	struct findings findings;
	int error = add_runs(store, last, &history, complaint);

	if (!error)
		error = findings_of(&history, &findings);
	if (!error) {
		(json ? findings_json : findings_write)(stdout, &history, &findings);
		findings_free(&findings);
	}
	if (error == -ENOMEM)
		snprintf(complaint, COMPLAINT_SIZE, "no memory for the history");
	history_free(&history);
	return error;
}
