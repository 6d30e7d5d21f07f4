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
 * What a statement says of the cells of a run and their outcomes, a row each, in the order in which they
 * were planned; and its columns.
 */
enum {
	COLUMN_CASE,
	COLUMN_SUBJECT,
	COLUMN_FAULTS,
	COLUMN_PLACEMENT,
	COLUMN_SLOTS,
	COLUMN_WORKERS,
	COLUMN_LEADER,
	COLUMN_SEED,
	COLUMN_MOST_CYCLES,
	COLUMN_TIME_LIMIT,
	COLUMN_EXPECTED,
	COLUMN_ENGINE,
	COLUMN_WORLD,
	COLUMN_TARGET,
	COLUMN_NUDGE,
	COLUMN_NOISE,
	COLUMN_SIGN,
	COLUMN_PERTURBATION,
	COLUMN_VERDICT,
	COLUMN_REASON,
	COLUMN_ACHIEVED,
	COLUMN_CYCLES, /* the first of many numbers */
	COLUMN_WALL = COLUMN_CYCLES + 8,
	COLUMN_EXTENT = COLUMN_CYCLES + 12,
	COLUMN_SCHEDULE,
	COLUMN_ANCHOR = COLUMN_SCHEDULE + 9
};
int statement_of_cells(
	struct statement *s, struct store *store, int64_t run, char *complaint);

/* The cell of this row, its outcome, and of that the numbers alone, added as those of one more cell. */
void statement_take_cell(struct statement *s, struct cell *cell);
void statement_take_outcome(struct statement *s, struct outcome *outcome);
void statement_add_outcome(struct statement *s, struct outcome *outcome);

struct timing {
	uint64_t wall, cycles;
};
struct timing statement_timing(struct statement *s);

/* What the store says of a run but for its cells, which come by `rows`; id 0: the last. As store_load. */
typedef int load_rows(struct store *store, struct run *run, char *complaint);
int store_load_by(struct store *store, int64_t id, load_rows *rows, struct run **run,
	char *complaint);

#endif
