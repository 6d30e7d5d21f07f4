/* SPDX-License-Identifier: BSD-2-Clause */
/* A part of what is in a store: some cells, some runs. */
#ifndef HUPSTORM_RESULTS_SELECT_H
#define HUPSTORM_RESULTS_SELECT_H

#include "results.h"

/* Patterns as those of a shell (fnmatch(3)); NULL: any. */
struct selection {
	const char *case_name, *subject, *fault, *placement; /* of cells */
	const char *builder;				     /* of runs */
	int64_t since,
		until; /* when a run began, ns since 1970: from the one on, and before the
				 other; 0: at any time */
};

/* A placement is also meant by the name of its family. A cell without faults has the fault "none". */
bool selection_has_cell(const struct selection *selection, const struct cell *cell);

/* A run of before builders had names has the name of its processor. */
bool selection_has_run(const struct selection *selection, const struct run_info *info);

/* True if it leaves out any cell of any run. */
bool selection_is_of_cells(const struct selection *selection);

/* Keep the cells that it has, with the numbers that they had. -ENOMEM: the run is as it was. */
int run_narrow(struct run *run, const struct selection *selection);

#endif
