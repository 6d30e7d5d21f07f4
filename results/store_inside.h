/* SPDX-License-Identifier: BSD-2-Clause */
/* What the files of the store share. */
#ifndef HUPSTORM_RESULTS_STORE_INSIDE_H
#define HUPSTORM_RESULTS_STORE_INSIDE_H

#include "store.h"

#include <sqlite3.h>

/* Of the schema that this hupstorm writes. */
enum { SCHEMA_VERSION = 7 };

struct store {
	sqlite3 *db;
	char *path;
	int64_t version; /* of its schema */
	int lock; /* a descriptor of the file with the writer's lock on it, or -1 */
};

/* A statement whose parameters, or columns, are taken in order. */
struct statement {
	struct store *store;
	sqlite3_stmt *sql;
	int next;
};

/* Write the complaint and return `error`. */
int store_complain(char *complaint, int error, const char *format, ...)
	__attribute__((format(printf, 3, 4)));

/* The same with what SQLite says: "FILE: cannot DOING: ...". */
int store_complain_of_sqlite(
	const struct store *store, const char *doing, char *complaint);

int store_execute(
	struct store *store, const char *sql, const char *doing, char *complaint);

/* The first column of the first row of a query. */
int store_read_number(
	struct store *store, const char *sql, int64_t *number, char *complaint);

int statement_prepare(
	struct statement *s, struct store *store, const char *sql, char *complaint);

/* The next row: 1, or 0 at the end. */
int statement_step(struct statement *s, char *complaint);

/*
 * The cells of a run in the order in which they were planned, each with its outcome if it has one: two
 * statements that are gone through side by side, for to have SQLite look up each outcome costs as much again.
 */
struct cell_rows {
	struct statement cells, outcomes;
	int64_t number;	 /* of the cell at hand */
	int64_t outcome; /* the number of the outcome that is read, or beyond all */
	bool has_outcome;
};

/* Columns of a cell. */
enum {
	CELL_NUMBER,
	CELL_CASE,
	CELL_SUBJECT,
	CELL_FAULTS,
	CELL_PLACEMENT,
	CELL_SLOTS,
	CELL_WORKERS,
	CELL_LEADER,
	CELL_SEED,
	CELL_MOST_CYCLES,
	CELL_TIME_LIMIT,
	CELL_EXPECTED,
	CELL_ENGINE,
	CELL_WORLD,
	CELL_TARGET,
	CELL_NUDGE,
	CELL_NOISE,
	CELL_SIGN,
	CELL_PERTURBATION
};

/* Of an outcome, in which they are looked at only where there is one. */
enum {
	OUTCOME_NUMBER,
	OUTCOME_VERDICT,
	OUTCOME_REASON,
	OUTCOME_ACHIEVED,
	OUTCOME_CYCLES, /* the first of many numbers */
	OUTCOME_WALL = OUTCOME_CYCLES + 8,
	OUTCOME_EXTENT = OUTCOME_CYCLES + 12,
	OUTCOME_SCHEDULE,
	OUTCOME_OVERLAPS,
	OUTCOME_EVIDENCE = OUTCOME_OVERLAPS + 7,
	OUTCOME_ANCHOR
};

int cell_rows_open(
	struct cell_rows *rows, struct store *store, int64_t run, char *complaint);
/* The next cell: 1, or 0 at the end. */
int cell_rows_step(struct cell_rows *rows, char *complaint);
void cell_rows_close(struct cell_rows *rows);

/* The cell of this row, its outcome, and of that the numbers alone, added as those of one more cell. */
void cell_rows_take_cell(struct cell_rows *rows, struct cell *cell);
void cell_rows_take_outcome(struct cell_rows *rows, struct outcome *outcome);
void cell_rows_add_outcome(struct cell_rows *rows, struct outcome *outcome);

struct timing {
	uint64_t wall, cycles;
};
struct timing cell_rows_timing(const struct cell_rows *rows);

/* The next column of a row, as a number; as text, cut to what the record holds. */
uint64_t statement_take(struct statement *s);
void statement_take_text(struct statement *s, char *text, size_t size);

/* What the store says of a run but for its cells, which come by `rows`; id 0: the last. As store_load. */
typedef int load_rows(struct store *store, struct run *run, char *complaint);
int store_load_by(struct store *store, int64_t id, load_rows *rows, struct run **run,
	char *complaint);

#endif
