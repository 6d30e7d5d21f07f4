/* SPDX-License-Identifier: BSD-2-Clause */
#include "store_inside.h"
#include "utf8.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>

static void put(struct statement *s, uint64_t number)
{
	sqlite3_bind_int64(s->sql, s->next++, (sqlite3_int64)number);
}

/* Whatever a program has written, what is in the store is text. */
static void put_text(struct statement *s, const char *text)
{
	char *copy = strdup(text);

	if (copy)
		utf8_clean(copy);
	sqlite3_bind_text(s->sql, s->next++, copy, -1, free);
}

/* Run it once; ready for the next set of parameters. */
static int run_statement(struct statement *s, char *complaint)
{
	int code = sqlite3_step(s->sql), error = 0;

	if (code != SQLITE_DONE)
		error = store_complain_of_sqlite(s->store, "write to it", complaint);
	sqlite3_reset(s->sql);
	s->next = 1;
	return error;
}

static void make_uid(struct run_info *info)
{
	uint64_t drawn[2];

	if (getrandom(drawn, sizeof drawn, 0) != sizeof drawn) {
		drawn[0] = (uint64_t)info->started;
		drawn[1] = info->seed;
	}
	snprintf(info->uid, sizeof info->uid, "%016" PRIx64 "%016" PRIx64, drawn[0],
		drawn[1]);
}

static int insert_run(struct store *store, struct run_info *info, char *complaint)
{
	const struct machine *machine = &info->machine;
	struct statement s;
	int error = statement_prepare(&s, store,
		"INSERT INTO run (started, seed, version, command, architecture, kernel, "
		"processor,"
		" byte_order, page_size, processing_units, cores, packages, numa_nodes, "
		"uid, builder, libc, compiler, build, topology, threads_per_core, "
		"emulated)"
		" VALUES (?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?)",
		complaint);

	if (error)
		return error;
	if (!*info->uid)
		make_uid(info);
	put(&s, (uint64_t)info->started);
	put(&s, info->seed);
	put_text(&s, info->version);
	put_text(&s, info->command);
	put_text(&s, machine->architecture);
	put_text(&s, machine->kernel);
	put_text(&s, machine->processor);
	put_text(&s, machine->byte_order);
	put(&s, machine->page_size);
	put(&s, machine->processing_units);
	put(&s, machine->cores);
	put(&s, machine->packages);
	put(&s, machine->numa_nodes);
	put_text(&s, info->uid);
	put_text(&s, machine->builder);
	put_text(&s, machine->libc);
	put_text(&s, machine->compiler);
	put_text(&s, machine->build);
	put_text(&s, machine->topology);
	put(&s, machine->threads_per_core);
	put(&s, machine->emulated);
	error = run_statement(&s, complaint);
	sqlite3_finalize(s.sql);
	info->id = sqlite3_last_insert_rowid(store->db);
	return error;
}

static void put_cell(struct statement *s, const struct cell *cell)
{
	put_text(s, cell->case_name);
	put_text(s, cell->subject);
	put_text(s, cell->faults);
	put_text(s, cell->placement);
	put(s, cell->slots);
	put(s, cell->workers);
	put(s, cell->coordinator_on_leader);
	put(s, cell->seed);
	put(s, cell->cycles);
	put(s, cell->time_limit);
	put(s, cell->expected);
	put_text(s, engine_name(cell->engine));
	put_text(s, cell->world);
	put_text(s, cell->target);
	put(s, cell->nudge);
	put_text(s, cell->noise);
	put_text(s, cell->sign);
	put_text(s, cell->perturbation);
}

static int insert_cells(struct store *store, int64_t run, size_t first,
	const struct cell *cells, size_t count, char *complaint)
{
	struct statement s;
	int error = statement_prepare(&s, store,
		"INSERT INTO cell VALUES (?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?)",
		complaint);

	for (size_t i = 0; i < count && !error; i++) {
		put(&s, (uint64_t)run);
		put(&s, first + i);
		put_cell(&s, &cells[i]);
		error = run_statement(&s, complaint);
	}
	sqlite3_finalize(s.sql);
	return error;
}

int store_begin(struct store *store, struct run_info *info, const struct cell *cells,
	size_t count, char *complaint)
{
	char unheard[COMPLAINT_SIZE];
	int error = store_execute(store, "BEGIN IMMEDIATE", "begin a run", complaint);

	if (error)
		return error;
	error = insert_run(store, info, complaint);
	if (!error)
		error = insert_cells(store, info->id, 0, cells, count, complaint);
	if (!error)
		error = store_execute(store, "COMMIT", "begin a run", complaint);
	if (error)
		store_execute(store, "ROLLBACK", "begin a run", unheard);
	return error;
}

int store_extend(struct store *store, int64_t run, size_t first, const struct cell *cells,
	size_t count, char *complaint)
{
	char unheard[COMPLAINT_SIZE];
	int error = store_execute(store, "BEGIN IMMEDIATE", "plan more", complaint);

	if (error)
		return error;
	error = insert_cells(store, run, first, cells, count, complaint);
	if (!error)
		error = store_execute(store, "COMMIT", "plan more", complaint);
	if (error)
		store_execute(store, "ROLLBACK", "plan more", unheard);
	return error;
}

/* As text, for nobody asks for one of them alone. */
static void put_overlaps(struct statement *s, const uint64_t overlaps[OVERLAPS])
{
	char text[OVERLAPS * 21 + 1];
	size_t used = 0;

	for (size_t i = 0; i < OVERLAPS; i++)
		used += (size_t)snprintf(text + used, sizeof text - used, "%s%" PRIu64,
			i ? " " : "", overlaps[i]);
	put_text(s, text);
}

int store_add(struct store *store, int64_t run, size_t number,
	const struct outcome *outcome, char *complaint)
{
	struct statement s;
	int error = statement_prepare(&s, store,
		"INSERT INTO outcome VALUES "
		"(?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?)",
		complaint);

	if (error)
		return error;
	put(&s, (uint64_t)run);
	put(&s, number);
	put_text(&s, verdict_name(outcome->verdict));
	put_text(&s, outcome->reason);
	put_text(&s, outcome->achieved);
	put(&s, outcome->cycles);
	put(&s, outcome->sent);
	put(&s, outcome->handled);
	put(&s, outcome->received);
	put(&s, outcome->stops);
	put(&s, outcome->broadcasts);
	put(&s, outcome->migrations);
	put(&s, outcome->threads);
	put(&s, outcome->wall);
	put(&s, outcome->cpu);
	put(&s, outcome->run_delay);
	put(&s, outcome->states);
	put_text(&s, outcome->extent);
	put_text(&s, outcome->schedule);
	put_overlaps(&s, outcome->overlaps);
	put(&s, outcome->noise_count);
	put(&s, outcome->noise_time);
	put(&s, outcome->perturb_count);
	put(&s, outcome->perturb_time);
	put(&s, outcome->perturb_stale);
	put(&s, outcome->perturb_errors);
	put_text(&s, outcome->evidence);
	put_text(&s, outcome->anchor);
	error = run_statement(&s, complaint);
	sqlite3_finalize(s.sql);
	return error;
}

int store_keep_topology(
	struct store *store, const char *hash, const char *xml, char *complaint)
{
	struct statement s;
	int error = statement_prepare(
		&s, store, "INSERT OR IGNORE INTO topology VALUES (?,?)", complaint);

	if (error)
		return error;
	put_text(&s, hash);
	put_text(&s, xml);
	error = run_statement(&s, complaint);
	sqlite3_finalize(s.sql);
	return error;
}

int store_finish(struct store *store, int64_t run, int64_t finished, char *complaint)
{
	struct statement s;
	int error = statement_prepare(
		&s, store, "UPDATE run SET finished = ? WHERE id = ?", complaint);

	if (error)
		return error;
	put(&s, (uint64_t)finished);
	put(&s, (uint64_t)run);
	error = run_statement(&s, complaint);
	sqlite3_finalize(s.sql);
	return error;
}
