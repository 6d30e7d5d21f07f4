/* SPDX-License-Identifier: BSD-2-Clause */
#include "report_history.h"

#include "results/findings.h"
#include "results/sides.h"

#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>

struct reader {
	struct store *store;
	/* What is looked at. Whether a builder was broken is told by all of its rows, and by the other
	 * builders: so those are selected at the end. */
	struct selection runs, cells;
	struct history history;
	char *complaint;
};

static int add_run(struct reader *r, int64_t id)
{
	struct run_info info;
	struct run *run;
	int error = store_info(r->store, id, &info, r->complaint);

	if (error || !selection_has_run(&r->runs, &info))
		return error;
	error = store_load_folded(r->store, id, &run, r->complaint);
	if (error)
		return error;
	if (selection_is_of_cells(&r->cells))
		error = run_narrow(run, &r->cells);
	if (!error)
		error = history_add(&r->history, run);
	run_free(run);
	return error;
}

static int add_runs(struct reader *r, int64_t last)
{
	int64_t *ids;
	size_t count;
	int error = store_runs(r->store, &ids, &count, r->complaint);

	if (error)
		return error;
	for (size_t i = 0; i < count && !error && (!last || ids[i] <= last); i++)
		error = add_run(r, ids[i]);
	free(ids);
	if (!error && !r->history.row_count) {
		snprintf(r->complaint, COMPLAINT_SIZE,
			"there is nothing to tell of: expected runs and cells that are "
			"asked for");
		return -ENOENT;
	}
	return error;
}

static int end(struct reader *r, int error)
{
	if (error == -ENOMEM)
		snprintf(r->complaint, COMPLAINT_SIZE, "no memory for the history");
	history_free(&r->history);
	return error;
}

int report_history(struct store *store, int64_t last, const struct selection *selection,
	bool json, char *complaint)
{
	struct reader r = { .store = store,
		.runs = { .since = selection->since, .until = selection->until },
		.cells = { .placement = selection->placement },
		.complaint = complaint };
	struct findings findings;
	int error = add_runs(&r, last);

	if (!error)
		error = findings_of(&r.history, &findings);
	if (!error) {
		findings_narrow(&findings, &r.history, selection);
		(json ? findings_json : findings_write)(stdout, &r.history, &findings);
		findings_free(&findings);
	}
	return end(&r, error);
}

int report_sides(struct store *store, int64_t last, const struct selection *selection,
	bool json, unsigned width, char *complaint)
{
	struct reader r = { .store = store,
		.runs = *selection,
		.cells = *selection,
		.complaint = complaint };
	int error = add_runs(&r, last);
	struct sides sides;

	if (!error) {
		sides = sides_of(&r.history);
		if (json)
			sides_json(stdout, &sides);
		else
			sides_write(stdout, &sides, width);
	}
	return end(&r, error);
}
