/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The page of a run, with the history of its rows in the store, and the evidence beside it; and a folder
 * of such pages (html_site.h).
 */
#ifndef HUPSTORM_RUNNERS_REPORT_PAGE_H
#define HUPSTORM_RUNNERS_REPORT_PAGE_H

#include "results/store.h"

/* Write it to standard output. 0, or STATUS_ENVIRONMENT after a complaint. */
int report_page(struct store *store, const char *path, const struct run *run);

/*
 * Write the pages of all runs into the folder, which is made if it is not there. The page of a run that had
 * ended, and is there already, stays. Each file is there whole or as it was. 0, or
 * STATUS_ENVIRONMENT after a complaint.
 */
int report_site(struct store *store, const char *path, const char *folder);

#endif
