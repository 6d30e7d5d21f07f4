/* SPDX-License-Identifier: BSD-2-Clause */
#include "stored_cell.h"

#include "commands.h"
#include "parse.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

static int complain_of_name(const char *name)
{
	return complain(
		"'%s': expected the number of a cell, like 12 (of the last run) or "
		"3/12 (of run 3)",
		name);
}

static bool read_name(const char *name, uint64_t *run, uint64_t *number)
{
	char text[64], *slash;

	if (strlen(name) >= sizeof text)
		return false;
	strcpy(text, name);
	slash = strchr(text, '/');
	*run = 0;
	if (!slash)
		return parse_number(text, 1, UINT32_MAX, number);
	*slash = '\0';
	return parse_number(text, 1, INT64_MAX, run) &&
	       parse_number(slash + 1, 1, UINT32_MAX, number);
}

int stored_cell_load(const char *path, const char *name, struct stored_cell *cell)
{
	char complaint[COMPLAINT_SIZE];
	uint64_t run, number;
	struct store *store;
	int error;

	if (!read_name(name, &run, &number))
		return complain_of_name(name);
	if (store_open(&store, path, STORE_READ, complaint))
		return complain("%s", complaint);
	error = store_load(store, (int64_t)run, &cell->run, complaint);
	store_close(store);
	if (error)
		return complain("%s", complaint);
	if (number <= cell->run->count) {
		cell->number = number - 1;
		return 0;
	}
	error = complain("'%s': run %" PRId64 " has %zu cells", name, cell->run->info.id,
		cell->run->count);
	run_free(cell->run);
	return error;
}
