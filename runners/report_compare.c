/* SPDX-License-Identifier: BSD-2-Clause */
#include "report_compare.h"

#include "results/compare.h"

#include <errno.h>
#include <stdio.h>

/* The runs between the two, one at a time; numbers that are missing are no error. */
static int add_between(struct store *store, struct comparison *comparison, int64_t first,
	int64_t end, char *complaint)
{
	int error = 0;

	for (int64_t id = first; id < end && !error; id++) {
		struct run *run;

		error = store_load_folded(store, id, &run, complaint);
		if (error == -ENOENT) {
			error = 0;
			continue;
		}
		if (!error) {
			error = comparison_add(comparison, run);
			run_free(run);
		}
	}
	return error;
}

int report_compare(struct store *store, const struct run *before, const struct run *now,
	char *complaint)
{
	struct comparison *comparison = comparison_new(before, now);
	int error = -ENOMEM;

	if (comparison)
		error = add_between(
			store, comparison, before->info.id + 1, now->info.id, complaint);
	if (!error) {
		fputc('\n', stdout);
		error = comparison_write(comparison, stdout);
	}
	comparison_free(comparison);
	if (error == -ENOMEM)
		snprintf(complaint, COMPLAINT_SIZE, "no memory for the comparison");
	return error;
}
