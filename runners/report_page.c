/* SPDX-License-Identifier: BSD-2-Clause */
#include "report_page.h"

#include "commands.h"
#include "exhibit.h"
#include "results/html_site.h"

#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

/* What the page tells of a run and of those before it. */
struct book {
	struct history history;
	struct clusters clusters;
	struct exhibit exhibit;
	struct known *known; /* or NULL */
};

static void book_begin(
	struct book *book, struct store *store, const char *path, struct known *known)
{
	*book = (struct book){ .known = known, .exhibit.store = store };
	book->exhibit.has_bundles = bundles_of(&book->exhibit.bundles, path, 0);
}

/* Rules may ask for words in which cells that are alike differ. */
static bool book_takes_folded(const struct book *book)
{
	return !book->known;
}

static int book_add(struct book *book, struct run *run)
{
	if (book->known)
		known_apply(book->known, run);
	if (history_add(&book->history, run) || clusters_add(&book->clusters, run))
		return complain("no memory for the pages");
	return 0;
}

static void book_end(struct book *book)
{
	history_free(&book->history);
	clusters_free(&book->clusters);
}

static struct html_page page_of(struct book *book, const struct run *run, bool site)
{
	clusters_sort(&book->clusters);
	book->exhibit.shown = 0;
	return (struct html_page){ .run = run,
		.history = &book->history,
		.clusters = &book->clusters,
		.site = site,
		.evidence = exhibit_text,
		.lanes = exhibit_lanes,
		.drawing = exhibit_drawing,
		.argument = &book->exhibit };
}

/* The runs before this one. */
static int add_earlier(struct book *book, struct store *store, int64_t end)
{
	char complaint[COMPLAINT_SIZE];
	int64_t *ids;
	size_t count;
	int status = 0;

	if (store_runs(store, &ids, &count, complaint))
		return complain("%s", complaint);
	for (size_t i = 0; i < count && ids[i] < end && !status; i++) {
		struct run *run;

		if ((book_takes_folded(book) ? store_load_folded : store_load)(
			    store, ids[i], &run, complaint)) {
			status = complain("%s", complaint);
			break;
		}
		status = book_add(book, run);
		run_free(run);
	}
	free(ids);
	return status;
}

int report_page(
	struct store *store, const char *path, struct run *run, struct known *known)
{
	struct html_page page;
	struct book book;
	int status;

	book_begin(&book, store, path, known);
	status = add_earlier(&book, store, run->info.id);
	if (!status)
		status = book_add(&book, run);
	if (!status) {
		page = page_of(&book, run, false);
		report_html(stdout, &page);
	}
	book_end(&book);
	return status;
}

/*
 * The site
 */
struct site {
	struct store *store;
	const char *path, *folder;
	struct site_run *runs;
	size_t count;
	struct book book;		 /* of all runs so far */
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

/* All that there are: whether one is still there changes with each run. */
static int write_clusters(struct site *site, const struct html_page *page)
{
	const struct clusters *clusters = page->clusters;
	char name[CLUSTER_FILE_SIZE];
	int status = 0;

	for (size_t i = 0; i < clusters->count && !status; i++) {
		const struct cluster *cluster = &clusters->at[i];
		FILE *file;

		file = open_file(site, cluster_file(cluster, name));
		if (!file)
			return STATUS_ENVIRONMENT;
		report_cluster(file, page, cluster);
		status = close_file(site, file);
	}
	return status;
}

static bool is_written(struct site *site, const struct run_info *info)
{
	char name[64];

	snprintf(name, sizeof name, "run-%" PRId64 ".html", info->id);
	return info->finished && is_there(site, name);
}

static int write_run(struct site *site, const struct run *run)
{
	struct html_page page = page_of(&site->book, run, true);
	char name[64];
	FILE *file;
	int status;

	snprintf(name, sizeof name, "run-%" PRId64 ".html", run->info.id);
	status = write_cases(site, &page);
	file = status ? NULL : open_file(site, name);
	if (file) {
		report_html(file, &page);
		status = close_file(site, file);
	}
	return file ? status : STATUS_ENVIRONMENT;
}

static int write_file(struct site *site, const char *name, const struct run *last,
	void (*write)(FILE *out, const struct site *site, const struct run *last))
{
	FILE *file = open_file(site, name);

	if (!file)
		return STATUS_ENVIRONMENT;
	write(file, site, last);
	return close_file(site, file);
}

static void write_index(FILE *out, const struct site *site, const struct run *last)
{
	report_index(out, site->runs, site->count, last, &site->book.clusters);
}

static void write_feed(FILE *out, const struct site *site, const struct run *last)
{
	(void)last;
	report_feed(out, site->runs, site->count);
}

static void write_badge(FILE *out, const struct site *site, const struct run *last)
{
	(void)last;
	report_badge(out, &site->runs[site->count - 1]);
}

static int write_overview(struct site *site, const struct run *last)
{
	const struct html_page page = page_of(&site->book, last, true);
	int status = write_clusters(site, &page);

	if (!status)
		status = write_file(site, "index.html", last, write_index);
	if (!status)
		status = write_file(site, "feed.json", last, write_feed);
	return status ? status : write_file(site, "badge.svg", last, write_badge);
}

/* One run after the other is in memory; of those that have their pages no more than is needed. */
static int add_run(struct site *site, int64_t id, bool last)
{
	char complaint[COMPLAINT_SIZE];
	struct run_info info;
	struct run *run;
	bool written;
	int status;

	if (store_info(site->store, id, &info, complaint))
		return complain("%s", complaint);
	written = is_written(site, &info);
	if ((written && book_takes_folded(&site->book) ? store_load_folded : store_load)(
		    site->store, id, &run, complaint))
		return complain("%s", complaint);
	status = book_add(&site->book, run);
	site_run_of(run, &site->runs[site->count++]);
	if (!status && !written)
		status = write_run(site, run);
	if (!status && last)
		status = write_overview(site, run);
	run_free(run);
	return status;
}

static int write_runs(struct site *site, const int64_t *ids, size_t count)
{
	int status = 0;

	for (size_t i = 0; i < count && !status; i++)
		status = add_run(site, ids[i], i + 1 == count);
	return status;
}

int report_site(
	struct store *store, const char *path, const char *folder, struct known *known)
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
	book_begin(&site.book, store, path, known);
	site.runs = calloc(count + 1, sizeof *site.runs);
	if (!count)
		status = complain("%s: there is no run in it yet", path);
	else if (!site.runs)
		status = complain("no memory for the pages");
	else
		status = write_runs(&site, ids, count);
	book_end(&site.book);
	free(site.runs);
	free(ids);
	return status;
}
