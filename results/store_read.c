/* SPDX-License-Identifier: BSD-2-Clause */
#include "store_inside.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

uint64_t statement_take(struct statement *s)
{
	return (uint64_t)sqlite3_column_int64(s->sql, s->next++);
}

void statement_take_text(struct statement *s, char *text, size_t size)
{
	const char *value = (const char *)sqlite3_column_text(s->sql, s->next++);

	text[0] = '\0';
	if (value)
		strncat(text, value, size - 1);
}

int statement_step(struct statement *s, char *complaint)
{
	int code = sqlite3_step(s->sql);

	s->next = 0;
	if (code == SQLITE_ROW)
		return 1;
	return code == SQLITE_DONE
		       ? 0
		       : store_complain_of_sqlite(s->store, "read it", complaint);
}

static void take_info(struct statement *s, struct run_info *info)
{
	struct machine *machine = &info->machine;

	info->id = (int64_t)statement_take(s);
	info->started = (int64_t)statement_take(s);
	info->finished = (int64_t)statement_take(s);
	info->seed = statement_take(s);
	statement_take_text(s, info->version, sizeof info->version);
	statement_take_text(s, info->command, sizeof info->command);
	statement_take_text(s, machine->architecture, sizeof machine->architecture);
	statement_take_text(s, machine->kernel, sizeof machine->kernel);
	statement_take_text(s, machine->processor, sizeof machine->processor);
	statement_take_text(s, machine->byte_order, sizeof machine->byte_order);
	machine->page_size = (uint32_t)statement_take(s);
	machine->processing_units = (uint32_t)statement_take(s);
	machine->cores = (uint32_t)statement_take(s);
	machine->packages = (uint32_t)statement_take(s);
	machine->numa_nodes = (uint32_t)statement_take(s);
	if (s->store->version >= 5)
		statement_take_text(s, info->uid, sizeof info->uid);
	if (s->store->version < 6)
		return;
	statement_take_text(s, machine->builder, sizeof machine->builder);
	statement_take_text(s, machine->libc, sizeof machine->libc);
	statement_take_text(s, machine->compiler, sizeof machine->compiler);
	statement_take_text(s, machine->build, sizeof machine->build);
	statement_take_text(s, machine->topology, sizeof machine->topology);
	machine->threads_per_core = (uint32_t)statement_take(s);
	machine->emulated = statement_take(s);
}

int store_find(struct store *store, const char *uid, int64_t *id, char *complaint)
{
	struct statement s;
	int result = statement_prepare(
		&s, store, "SELECT id FROM run WHERE uid = ?", complaint);

	*id = 0;
	if (result)
		return result;
	sqlite3_bind_text(s.sql, 1, uid, -1, SQLITE_STATIC);
	result = statement_step(&s, complaint);
	if (result > 0)
		*id = sqlite3_column_int64(s.sql, 0);
	sqlite3_finalize(s.sql);
	return result < 0 ? result : 0;
}

int store_info(struct store *store, int64_t id, struct run_info *info, char *complaint)
{
	struct statement s;
	int result = statement_prepare(&s, store,
		"SELECT * FROM run WHERE id = ?1 OR ?1 = 0 ORDER BY id DESC LIMIT 1",
		complaint);

	if (result)
		return result;
	sqlite3_bind_int64(s.sql, 1, id);
	result = statement_step(&s, complaint);
	if (result > 0) {
		memset(info, 0, sizeof *info);
		take_info(&s, info);
	}
	sqlite3_finalize(s.sql);
	if (result > 0)
		return 0;
	if (result == 0 && id)
		return store_complain(complaint, -ENOENT,
			"%s: there is no run %lld in it", store->path, (long long)id);
	if (result == 0)
		return store_complain(
			complaint, -ENOENT, "%s: there is no run in it yet", store->path);
	return result;
}

static int add_row(struct run *run, size_t *capacity, struct cell_rows *rows)
{
	if (run->count == *capacity) {
		size_t more = *capacity ? 2 * *capacity : 64;
		struct cell *cells = realloc(run->cells, more * sizeof *cells);
		struct outcome *outcomes;

		if (!cells)
			return -ENOMEM;
		run->cells = cells;
		outcomes = realloc(run->outcomes, more * sizeof *outcomes);
		if (!outcomes)
			return -ENOMEM;
		run->outcomes = outcomes;
		*capacity = more;
	}
	cell_rows_take_cell(rows, &run->cells[run->count]);
	cell_rows_take_outcome(rows, &run->outcomes[run->count]);
	run->count++;
	return 0;
}

static int take_rows(struct store *store, struct run *run, char *complaint)
{
	struct cell_rows rows;
	size_t capacity = 0;
	int result = cell_rows_open(&rows, store, run->info.id, complaint);

	if (result)
		return result;
	while ((result = cell_rows_step(&rows, complaint)) > 0) {
		if (add_row(run, &capacity, &rows)) {
			result = store_complain(complaint, -ENOMEM,
				"%s: no memory to read it", store->path);
			break;
		}
	}
	cell_rows_close(&rows);
	return result;
}

int store_runs(struct store *store, int64_t **out, size_t *count, char *complaint)
{
	int64_t number, *ids;
	struct statement s;
	int result =
		store_read_number(store, "SELECT count(*) FROM run", &number, complaint);

	if (result)
		return result;
	ids = calloc((size_t)number + 1, sizeof *ids);
	if (!ids)
		return store_complain(
			complaint, -ENOMEM, "%s: no memory to read it", store->path);
	result =
		statement_prepare(&s, store, "SELECT id FROM run ORDER BY id", complaint);
	*count = 0;
	while (!result && *count < (size_t)number &&
		(result = statement_step(&s, complaint)) > 0) {
		ids[(*count)++] = (int64_t)statement_take(&s);
		result = 0;
	}
	sqlite3_finalize(s.sql);
	*out = ids;
	if (result >= 0)
		return 0;
	free(ids);
	return result;
}

int store_topology(struct store *store, const char *hash, char **xml, char *complaint)
{
	struct statement s;
	int result;

	*xml = NULL;
	if (store->version < 6)
		return 0;
	result = statement_prepare(
		&s, store, "SELECT xml FROM topology WHERE hash = ?", complaint);
	if (result)
		return result;
	sqlite3_bind_text(s.sql, 1, hash, -1, SQLITE_STATIC);
	result = statement_step(&s, complaint);
	if (result > 0) {
		*xml = strdup((const char *)sqlite3_column_text(s.sql, 0));
		result = *xml ? 0
			      : store_complain(complaint, -ENOMEM,
					"%s: no memory to read it", store->path);
	}
	sqlite3_finalize(s.sql);
	return result;
}

int store_load_by(struct store *store, int64_t id, load_rows *rows, struct run **out,
	char *complaint)
{
	struct run *run = calloc(1, sizeof *run);
	int error;

	if (!run)
		return store_complain(
			complaint, -ENOMEM, "%s: no memory to read it", store->path);
	error = store_info(store, id, &run->info, complaint);
	if (!error)
		error = rows(store, run, complaint);
	if (error) {
		run_free(run);
		return error;
	}
	*out = run;
	return 0;
}

int store_load(struct store *store, int64_t id, struct run **out, char *complaint)
{
	return store_load_by(store, id, take_rows, out, complaint);
}
