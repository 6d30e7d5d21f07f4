/* SPDX-License-Identifier: BSD-2-Clause */
#include "store_inside.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static uint64_t take(struct statement *s)
{
	return (uint64_t)sqlite3_column_int64(s->sql, s->next++);
}

/* Cut to what the record holds. */
static void take_text(struct statement *s, char *text, size_t size)
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

	info->id = (int64_t)take(s);
	info->started = (int64_t)take(s);
	info->finished = (int64_t)take(s);
	info->seed = take(s);
	take_text(s, info->version, sizeof info->version);
	take_text(s, info->command, sizeof info->command);
	take_text(s, machine->architecture, sizeof machine->architecture);
	take_text(s, machine->kernel, sizeof machine->kernel);
	take_text(s, machine->processor, sizeof machine->processor);
	take_text(s, machine->byte_order, sizeof machine->byte_order);
	machine->page_size = (uint32_t)take(s);
	machine->processing_units = (uint32_t)take(s);
	machine->cores = (uint32_t)take(s);
	machine->packages = (uint32_t)take(s);
	machine->numa_nodes = (uint32_t)take(s);
	if (s->store->version >= 5)
		take_text(s, info->uid, sizeof info->uid);
	if (s->store->version < 6)
		return;
	take_text(s, machine->builder, sizeof machine->builder);
	take_text(s, machine->libc, sizeof machine->libc);
	take_text(s, machine->compiler, sizeof machine->compiler);
	take_text(s, machine->build, sizeof machine->build);
	take_text(s, machine->topology, sizeof machine->topology);
	machine->threads_per_core = (uint32_t)take(s);
	machine->emulated = take(s);
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

void statement_take_cell(struct statement *s, struct cell *cell)
{
	char engine[NAME_SIZE];

	memset(cell, 0, sizeof *cell);
	s->next = 0;
	take_text(s, cell->case_name, sizeof cell->case_name);
	take_text(s, cell->subject, sizeof cell->subject);
	take_text(s, cell->faults, sizeof cell->faults);
	take_text(s, cell->placement, sizeof cell->placement);
	cell->slots = (uint32_t)take(s);
	cell->workers = (uint32_t)take(s);
	cell->coordinator_on_leader = take(s);
	cell->seed = take(s);
	cell->cycles = take(s);
	cell->time_limit = take(s);
	cell->expected = (enum expectation)take(s);
	take_text(s, engine, sizeof engine);
	cell->engine = engine_named(engine);
	take_text(s, cell->world, sizeof cell->world);
	take_text(s, cell->target, sizeof cell->target);
	cell->nudge = take(s);
	take_text(s, cell->noise, sizeof cell->noise);
	take_text(s, cell->sign, sizeof cell->sign);
	take_text(s, cell->perturbation, sizeof cell->perturbation);
}

/* Fifteen numbers; as text, for nobody asks for one of them alone. */
static void add_overlaps(struct statement *s, uint64_t overlaps[OVERLAPS])
{
	const char *at = (const char *)sqlite3_column_text(s->sql, s->next++);

	for (size_t i = 0; at && *at && i < OVERLAPS; i++) {
		uint64_t number = 0;

		while (*at == ' ')
			at++;
		for (; *at >= '0' && *at <= '9'; at++)
			number = 10 * number + (uint64_t)(*at - '0');
		overlaps[i] += number;
	}
}

/* Behind a cell that has no outcome the columns are NULL, and so 0. */
void statement_add_outcome(struct statement *s, struct outcome *outcome)
{
	s->next = COLUMN_CYCLES;
	outcome->cycles += take(s);
	outcome->sent += take(s);
	outcome->handled += take(s);
	outcome->received += take(s);
	outcome->stops += take(s);
	outcome->broadcasts += take(s);
	outcome->migrations += take(s);
	outcome->threads += (uint32_t)take(s);
	outcome->wall += take(s);
	outcome->cpu += take(s);
	outcome->run_delay += take(s);
	outcome->states += take(s);
	s->next = COLUMN_SCHEDULE + 1;
	add_overlaps(s, outcome->overlaps);
	outcome->noise_count += take(s);
	outcome->noise_time += take(s);
	outcome->perturb_count += take(s);
	outcome->perturb_time += take(s);
	outcome->perturb_stale += take(s);
	outcome->perturb_errors += take(s);
	outcome->more++;
}

void statement_take_outcome(struct statement *s, struct outcome *outcome)
{
	char verdict[NAME_SIZE];

	memset(outcome, 0, sizeof *outcome);
	statement_add_outcome(s, outcome);
	outcome->more = 0;
	take_text(s, outcome->evidence, sizeof outcome->evidence);
	take_text(s, outcome->anchor, sizeof outcome->anchor);
	s->next = COLUMN_VERDICT;
	take_text(s, verdict, sizeof verdict);
	outcome->verdict = verdict_named(verdict);
	if (outcome->verdict == VERDICT_COUNT)
		outcome->verdict = VERDICT_MISSING;
	take_text(s, outcome->reason, sizeof outcome->reason);
	take_text(s, outcome->achieved, sizeof outcome->achieved);
	s->next = COLUMN_EXTENT;
	take_text(s, outcome->extent, sizeof outcome->extent);
	take_text(s, outcome->schedule, sizeof outcome->schedule);
}

struct timing statement_timing(struct statement *s)
{
	return (struct timing){ .wall = (uint64_t)sqlite3_column_int64(
					s->sql, COLUMN_WALL),
		.cycles = (uint64_t)sqlite3_column_int64(s->sql, COLUMN_CYCLES) };
}

static int add_row(struct run *run, size_t *capacity, struct statement *s)
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
	statement_take_cell(s, &run->cells[run->count]);
	statement_take_outcome(s, &run->outcomes[run->count]);
	run->count++;
	return 0;
}

/* With what older stores lack in two places. */
static const char select_cells[] =
	"SELECT c.case_name, c.subject, c.faults, c.placement, c.slots, c.workers,"
	" c.coordinator_on_leader, c.seed, c.cycles, c.time_limit, c.expected,"
	" %s,"
	" o.verdict, o.reason, o.achieved, o.cycles, o.sent, o.handled, o.received,"
	" o.stops, o.broadcasts, o.migrations, o.threads, o.wall, o.cpu, o.run_delay,"
	" %s"
	" FROM cell c LEFT JOIN outcome o ON o.run = c.run AND o.number = c.number"
	" WHERE c.run = ? ORDER BY c.number";

int statement_of_cells(
	struct statement *s, struct store *store, int64_t run, char *complaint)
{
	static const char target[] =
		"CASE c.rotate WHEN 1 THEN 'rotate' ELSE 'process' END, 0, '', ''";
	static const char perturbed[] = "o.perturb_count, o.perturb_time, "
					"o.perturb_stale, o.perturb_errors, o.evidence";
	char sql[sizeof select_cells + 512], of_cell[192], of_outcome[256];
	int error;

	snprintf(of_cell, sizeof of_cell, "%s, %s, %s",
		store->version < 2 ? "'storm', ''" : "c.engine, c.world",
		store->version < 3 ? target : "c.target, c.nudge, c.noise, c.sign",
		store->version < 4 ? "''" : "c.perturbation");
	snprintf(of_outcome, sizeof of_outcome, "%s, %s, %s, %s",
		store->version < 2 ? "0, '', ''" : "o.states, o.extent, o.schedule",
		store->version < 3 ? "'', 0, 0"
				   : "o.overlaps, o.noise_count, o.noise_time",
		store->version < 4 ? "0, 0, 0, 0, ''" : perturbed,
		store->version < 7 ? "''" : "o.anchor");
	snprintf(sql, sizeof sql, select_cells, of_cell, of_outcome);
	error = statement_prepare(s, store, sql, complaint);
	if (!error)
		sqlite3_bind_int64(s->sql, 1, run);
	return error;
}

static int take_rows(struct store *store, struct run *run, char *complaint)
{
	struct statement s;
	size_t capacity = 0;
	int result = statement_of_cells(&s, store, run->info.id, complaint);

	if (result)
		return result;
	while ((result = statement_step(&s, complaint)) > 0) {
		if (add_row(run, &capacity, &s)) {
			result = store_complain(complaint, -ENOMEM,
				"%s: no memory to read it", store->path);
			break;
		}
	}
	sqlite3_finalize(s.sql);
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
		ids[(*count)++] = (int64_t)take(&s);
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
