/* SPDX-License-Identifier: BSD-2-Clause */
/* The page of a run: with the history of its rows in the store, and the evidence beside it. */
#ifndef HUPSTORM_RUNNERS_REPORT_PAGE_H
#define HUPSTORM_RUNNERS_REPORT_PAGE_H

#include "results/store.h"

/* Write it to standard output. 0, or STATUS_ENVIRONMENT after a complaint. */
int report_page(struct store *store, const char *path, const struct run *run);

#endif
