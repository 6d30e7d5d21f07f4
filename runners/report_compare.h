/* SPDX-License-Identifier: BSD-2-Clause */
/* What has changed between two runs of a store, with what the runs between them say. */
#ifndef HUPSTORM_RUNNERS_REPORT_COMPARE_H
#define HUPSTORM_RUNNERS_REPORT_COMPARE_H

#include "results/store.h"

/* Write it to standard output, behind a blank line. 0, or a negative errno with one line in `complaint`
 * (COMPLAINT_SIZE bytes). */
int report_compare(struct store *store, const struct run *before, const struct run *now,
	char *complaint);

#endif
