/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * A folder of pages that any web server can show: index.html, a page for each run and each case, feed.json
 * (JSON Feed 1.1) and badge.svg. Who writes the files is report_site.h.
 */
#ifndef HUPSTORM_RESULTS_HTML_SITE_H
#define HUPSTORM_RESULTS_HTML_SITE_H

#include "html.h"

/* A run in few words. */
struct site_run {
	struct run_info info;
	size_t cells, as_expected, unexpected, not_judged;
};

void site_run_of(const struct run *run, struct site_run *summary);

/* All runs, oldest first; the cases of the last one; and the failures, in their order. */
void report_index(FILE *out, const struct site_run *runs, size_t count,
	const struct run *last, const struct clusters *clusters);
void report_feed(FILE *out, const struct site_run *runs, size_t count);

/* Of the last run. */
void report_badge(FILE *out, const struct site_run *last);

/* The rows of one case, over the history of the page, whose run is the last. */
void report_case(FILE *out, const struct html_page *page, const char *case_name);

/* A failure, as it was last seen, and the runs that had it. Its file is cluster_file(). */
void report_cluster(
	FILE *out, const struct html_page *page, const struct cluster *cluster);

/* "case-hup-broadcast.html": of names that differ never the same, and of no other characters than
 * letters, digits, points, dashes and underlines. Of at most SITE_FILE_SIZE bytes. */
enum { SITE_FILE_SIZE = 4 * NAME_SIZE + 16 };
const char *site_case_file(const char *case_name, char file[SITE_FILE_SIZE]);

/* True if this cell is the first of its case in the run. */
bool site_is_first_of_case(const struct run *run, size_t i);

#endif
