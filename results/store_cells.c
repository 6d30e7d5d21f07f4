/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The cells of a run and their outcomes, side by side. Both statements see the store as it was at the first
 * step: SQLite ends a reader's transaction with the last of its statements.
 */
#include "store_inside.h"

#include <stdio.h>
#include <string.h>

/* With what older stores lack in two places. */
static const char select_cells[] =
	"SELECT c.number, c.case_name, c.subject, c.faults, c.placement, c.slots,"
	" c.workers, c.coordinator_on_leader, c.seed, c.cycles, c.time_limit, c.expected,"
	" %s, %s, %s FROM cell c WHERE c.run = ? ORDER BY c.number";
static const char select_outcomes[] =
	"SELECT o.number, o.verdict, o.reason, o.achieved, o.cycles, o.sent, o.handled,"
	" o.received, o.stops, o.broadcasts, o.migrations, o.threads, o.wall, o.cpu,"
	" o.run_delay, %s, %s, %s, %s"
	" FROM outcome o WHERE o.run = ? ORDER BY o.number";

static int open_cells(
	struct statement *s, struct store *store, int64_t run, char *complaint)
{
	static const char target[] =
		"CASE c.rotate WHEN 1 THEN 'rotate' ELSE 'process' END, 0, '', ''";
	char sql[sizeof select_cells + 256];
	int error;

	snprintf(sql, sizeof sql, select_cells,
		store->version < 2 ? "'storm', ''" : "c.engine, c.world",
		store->version < 3 ? target : "c.target, c.nudge, c.noise, c.sign",
		store->version < 4 ? "''" : "c.perturbation");
	error = statement_prepare(s, store, sql, complaint);
	if (!error)
		sqlite3_bind_int64(s->sql, 1, run);
	return error;
}

static int open_outcomes(
	struct statement *s, struct store *store, int64_t run, char *complaint)
{
	static const char perturbed[] = "o.perturb_count, o.perturb_time, "
					"o.perturb_stale, o.perturb_errors, o.evidence";
	char sql[sizeof select_outcomes + 256];
	int error;

	snprintf(sql, sizeof sql, select_outcomes,
		store->version < 2 ? "0, '', ''" : "o.states, o.extent, o.schedule",
		store->version < 3 ? "'', 0, 0"
				   : "o.overlaps, o.noise_count, o.noise_time",
		store->version < 4 ? "0, 0, 0, 0, ''" : perturbed,
		store->version < 7 ? "''" : "o.anchor");
	error = statement_prepare(s, store, sql, complaint);
	if (!error)
		sqlite3_bind_int64(s->sql, 1, run);
	return error;
}

int cell_rows_open(
	struct cell_rows *rows, struct store *store, int64_t run, char *complaint)
{
	int error = open_cells(&rows->cells, store, run, complaint);

	if (error)
		return error;
	rows->outcome = -1;
	error = open_outcomes(&rows->outcomes, store, run, complaint);
	if (error)
		sqlite3_finalize(rows->cells.sql);
	return error;
}

void cell_rows_close(struct cell_rows *rows)
{
	sqlite3_finalize(rows->cells.sql);
	sqlite3_finalize(rows->outcomes.sql);
}

/* Up to the number of the cell, or past it. */
static int seek_outcome(struct cell_rows *rows, char *complaint)
{
	while (rows->outcome < rows->number) {
		int result = statement_step(&rows->outcomes, complaint);

		if (result < 0)
			return result;
		rows->outcome =
			result ? sqlite3_column_int64(rows->outcomes.sql, OUTCOME_NUMBER)
			       : INT64_MAX;
	}
	rows->has_outcome = rows->outcome == rows->number;
	return 0;
}

int cell_rows_step(struct cell_rows *rows, char *complaint)
{
	int result = statement_step(&rows->cells, complaint);
	int error;

	if (result <= 0)
		return result;
	rows->number = sqlite3_column_int64(rows->cells.sql, CELL_NUMBER);
	error = seek_outcome(rows, complaint);
	return error ? error : 1;
}

void cell_rows_take_cell(struct cell_rows *rows, struct cell *cell)
{
	struct statement *s = &rows->cells;
	char engine[NAME_SIZE];

	memset(cell, 0, sizeof *cell);
	s->next = CELL_CASE;
	statement_take_text(s, cell->case_name, sizeof cell->case_name);
	statement_take_text(s, cell->subject, sizeof cell->subject);
	statement_take_text(s, cell->faults, sizeof cell->faults);
	statement_take_text(s, cell->placement, sizeof cell->placement);
	cell->slots = (uint32_t)statement_take(s);
	cell->workers = (uint32_t)statement_take(s);
	cell->coordinator_on_leader = statement_take(s);
	cell->seed = statement_take(s);
	cell->cycles = statement_take(s);
	cell->time_limit = statement_take(s);
	cell->expected = (enum expectation)statement_take(s);
	statement_take_text(s, engine, sizeof engine);
	cell->engine = engine_named(engine);
	statement_take_text(s, cell->world, sizeof cell->world);
	statement_take_text(s, cell->target, sizeof cell->target);
	cell->nudge = statement_take(s);
	statement_take_text(s, cell->noise, sizeof cell->noise);
	statement_take_text(s, cell->sign, sizeof cell->sign);
	statement_take_text(s, cell->perturbation, sizeof cell->perturbation);
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

static void add_numbers(struct statement *s, struct outcome *outcome)
{
	s->next = OUTCOME_CYCLES;
	outcome->cycles += statement_take(s);
	outcome->sent += statement_take(s);
	outcome->handled += statement_take(s);
	outcome->received += statement_take(s);
	outcome->stops += statement_take(s);
	outcome->broadcasts += statement_take(s);
	outcome->migrations += statement_take(s);
	outcome->threads += (uint32_t)statement_take(s);
	outcome->wall += statement_take(s);
	outcome->cpu += statement_take(s);
	outcome->run_delay += statement_take(s);
	outcome->states += statement_take(s);
	s->next = OUTCOME_OVERLAPS;
	add_overlaps(s, outcome->overlaps);
	outcome->noise_count += statement_take(s);
	outcome->noise_time += statement_take(s);
	outcome->perturb_count += statement_take(s);
	outcome->perturb_time += statement_take(s);
	outcome->perturb_stale += statement_take(s);
	outcome->perturb_errors += statement_take(s);
}

void cell_rows_add_outcome(struct cell_rows *rows, struct outcome *outcome)
{
	if (rows->has_outcome)
		add_numbers(&rows->outcomes, outcome);
	outcome->more++;
}

void cell_rows_take_outcome(struct cell_rows *rows, struct outcome *outcome)
{
	struct statement *s = &rows->outcomes;
	char verdict[NAME_SIZE];

	memset(outcome, 0, sizeof *outcome);
	outcome->verdict = VERDICT_MISSING;
	if (!rows->has_outcome)
		return;
	add_numbers(s, outcome);
	s->next = OUTCOME_EVIDENCE;
	statement_take_text(s, outcome->evidence, sizeof outcome->evidence);
	statement_take_text(s, outcome->anchor, sizeof outcome->anchor);
	s->next = OUTCOME_VERDICT;
	statement_take_text(s, verdict, sizeof verdict);
	outcome->verdict = verdict_named(verdict);
	if (outcome->verdict == VERDICT_COUNT)
		outcome->verdict = VERDICT_MISSING;
	statement_take_text(s, outcome->reason, sizeof outcome->reason);
	statement_take_text(s, outcome->achieved, sizeof outcome->achieved);
	s->next = OUTCOME_EXTENT;
	statement_take_text(s, outcome->extent, sizeof outcome->extent);
	statement_take_text(s, outcome->schedule, sizeof outcome->schedule);
}

struct timing cell_rows_timing(const struct cell_rows *rows)
{
	sqlite3_stmt *sql = rows->outcomes.sql;

	if (!rows->has_outcome)
		return (struct timing){ 0 };
	return (struct timing){ .wall = (uint64_t)sqlite3_column_int64(sql, OUTCOME_WALL),
		.cycles = (uint64_t)sqlite3_column_int64(sql, OUTCOME_CYCLES) };
}
