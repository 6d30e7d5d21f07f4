/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef HUPSTORM_RUNNERS_REPORT_HISTORY_H
#define HUPSTORM_RUNNERS_REPORT_HISTORY_H

#include "results/select.h"
#include "results/store.h"

/* Print what the selected runs of the store say together of the selected cells, up to run `last` (0: to the
 * end), as text or as JSON. 0 or a negative errno with one line in `complaint`. */
int report_history(struct store *store, int64_t last, const struct selection *selection,
	bool json, char *complaint);

/* In the same way the builders side by side, no wider than `width` columns (80 at the least). */
int report_sides(struct store *store, int64_t last, const struct selection *selection,
	bool json, unsigned width, char *complaint);

#endif
