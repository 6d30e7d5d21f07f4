/* SPDX-License-Identifier: BSD-2-Clause */
#include "report_page.h"

#include "bundle.h"
#include "commands.h"
#include "results/html_site.h"

#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

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

struct page {
	struct html_page html;
	struct history_run history[HISTORY_MAX];
	struct bundles bundles;
};

static void page_begin(struct page *page, struct store *store, const char *path,
	const struct run *run, bool site)
{
	page->html = (struct html_page){ .run = run,
		.history = page->history,
		.history_count = take_history(store, run, page->history),
		.site = site,
		.argument = &page->bundles };
	if (bundles_of(&page->bundles, path, 0))
		page->html.evidence = read_evidence;
}

static void page_end(struct page *page)
{
	for (size_t i = 0; i < page->html.history_count; i++)
		free(page->history[i].points);
}

void report_page(struct store *store, const char *path, const struct run *run)
{
	struct page page;

	page_begin(&page, store, path, run, false);
	report_html(stdout, &page.html);
	page_end(&page);
}

/*
 * The site
 */
struct site {
	struct store *store;
	const char *path, *folder;
	struct site_run *runs;
	size_t count;
	char file[4096], made[4096 + 8]; /* under way */
};

static FILE *open_file(struct site *site, const char *name)
{
	FILE *file;

	if (snprintf(site->file, sizeof site->file, "%s/%s", site->folder, name) >=
		(int)sizeof site->file) {
		complain("--site '%s': the name is too long", site->folder);
		return NULL;
	}
	snprintf(site->made, sizeof site->made, "%s.new", site->file);
	file = fopen(site->made, "we");
	if (!file)
		complain("%s: %s", site->made, strerror(errno));
	return file;
}

static int close_file(struct site *site, FILE *file)
{
	bool failed = ferror(file);

	failed |= fclose(file) != 0;
	if (!failed && !rename(site->made, site->file))
		return 0;
	complain("%s: %s", site->file, strerror(errno));
	unlink(site->made);
	return STATUS_ENVIRONMENT;
}

static bool is_there(struct site *site, const char *name)
{
	snprintf(site->file, sizeof site->file, "%s/%s", site->folder, name);
	return !access(site->file, F_OK);
}

/* The page of a case ends with the last run that has it. */
static int write_cases(struct site *site, const struct html_page *page)
{
	const struct run *run = page->run;
	char name[SITE_FILE_SIZE];
	int status = 0;

	for (size_t i = 0; i < run->count && !status; i++) {
		const char *case_name = run->cells[i].case_name;
		FILE *file;

		if (!site_is_first_of_case(run, i))
			continue;
		file = open_file(site, site_case_file(case_name, name));
		if (!file)
			return STATUS_ENVIRONMENT;
		report_case(file, page, case_name);
		status = close_file(site, file);
	}
	return status;
}

static int write_run(struct site *site, const struct run *run)
{
	struct page page;
	char name[64];
	FILE *file;
	int status;

	snprintf(name, sizeof name, "run-%" PRId64 ".html", run->info.id);
	if (run->info.finished && is_there(site, name))
		return 0;
	page_begin(&page, site->store, site->path, run, true);
	status = write_cases(site, &page.html);
	file = status ? NULL : open_file(site, name);
	if (file) {
		report_html(file, &page.html);
		status = close_file(site, file);
	}
	page_end(&page);
	return file ? status : STATUS_ENVIRONMENT;
}

static int write_overview(struct site *site, const struct run *last)
{
	FILE *file = open_file(site, "index.html");
	int status;

	if (!file)
		return STATUS_ENVIRONMENT;
	report_index(file, site->runs, site->count, last);
	status = close_file(site, file);
	file = status ? NULL : open_file(site, "feed.json");
	if (!file)
		return STATUS_ENVIRONMENT;
	report_feed(file, site->runs, site->count);
	status = close_file(site, file);
	file = status ? NULL : open_file(site, "badge.svg");
	if (!file)
		return STATUS_ENVIRONMENT;
	report_badge(file, &site->runs[site->count - 1]);
	return close_file(site, file);
}

/* One run after the other is in memory. */
static int write_runs(struct site *site, const int64_t *ids, size_t count)
{
	char complaint[COMPLAINT_SIZE];
	struct run *run;
	int status = 0;

	for (size_t i = 0; i < count && !status; i++) {
		if (store_load(site->store, ids[i], &run, complaint))
			return complain("%s", complaint);
		site_run_of(run, &site->runs[site->count++]);
		status = write_run(site, run);
		if (!status && i + 1 == count)
			status = write_overview(site, run);
		run_free(run);
	}
	return status;
}

int report_site(struct store *store, const char *path, const char *folder)
{
	struct site site = { .store = store, .path = path, .folder = folder };
	char complaint[COMPLAINT_SIZE];
	int64_t *ids = NULL;
	size_t count = 0;
	int status;

	if (mkdir(folder, 0777) && errno != EEXIST)
		return complain("--site '%s': %s", folder, strerror(errno));
	if (store_runs(store, &ids, &count, complaint))
		return complain("%s", complaint);
	site.runs = calloc(count + 1, sizeof *site.runs);
	if (!count)
		status = complain("%s: there is no run in it yet", path);
	else if (!site.runs)
		status = complain("no memory for the pages");
	else
		status = write_runs(&site, ids, count);
	free(site.runs);
	free(ids);
	return status;
}
