/* SPDX-License-Identifier: BSD-2-Clause */
#include "report_page.h"

#include "bundle.h"
#include "commands.h"
#include "results/html.h"

#include <stdlib.h>

/* So many earlier runs, and this much of the evidence of one cell. */
enum { HISTORY_MAX = 60, EVIDENCE_SHOWN = 64 * 1024 };

static char *read_evidence(void *argument, const char *name)
{
	const struct bundles *bundles = argument;
	FILE *file = bundle_open(bundles, name, "report.txt");
	char *text = file ? malloc(EVIDENCE_SHOWN + 1) : NULL;

	if (text)
		text[fread(text, 1, EVIDENCE_SHOWN, file)] = '\0';
	if (file)
		fclose(file);
	return text;
}

static int take_run(
	struct store *store, int64_t id, const struct run *run, struct history_run *point)
{
	char complaint[COMPLAINT_SIZE];
	struct run *other;

	if (id == run->info.id) {
		*point = (struct history_run){ id, run->info.started,
			history_points(run, run) };
		return point->points ? 1 : 0;
	}
	if (store_load(store, id, &other, complaint))
		return 0;
	*point = (struct history_run){ id, other->info.started,
		history_points(run, other) };
	run_free(other);
	return point->points ? 1 : 0;
}

/* The run and those before it, as far as they are there. */
static size_t take_history(struct store *store, const struct run *run,
	struct history_run history[HISTORY_MAX])
{
	int64_t id = run->info.id > HISTORY_MAX ? run->info.id - HISTORY_MAX + 1 : 1;
	size_t count = 0;

	for (; id <= run->info.id; id++)
		count += (size_t)take_run(store, id, run, &history[count]);
	return count;
}

int report_page(struct store *store, const char *path, const struct run *run)
{
	struct history_run history[HISTORY_MAX];
	struct bundles bundles;
	struct html_page page = { .run = run,
		.history = history,
		.history_count = take_history(store, run, history),
		.argument = &bundles };

	if (bundles_of(&bundles, path, 0))
		page.evidence = read_evidence;
	report_html(stdout, &page);
	for (size_t i = 0; i < page.history_count; i++)
		free(history[i].points);
	return 0;
}
