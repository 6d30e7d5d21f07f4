/* SPDX-License-Identifier: BSD-2-Clause */
/* What the files of the store share. */
#ifndef HUPSTORM_RESULTS_STORE_INSIDE_H
#define HUPSTORM_RESULTS_STORE_INSIDE_H

#include "store.h"

#include <sqlite3.h>

/* Of the schema that this hupstorm writes. */
enum { SCHEMA_VERSION = 6 };

struct store {
	sqlite3 *db;
	char *path;
	int64_t version; /* of its schema */
	int lock; /* a descriptor of the file with the writer's flock on it, or -1 */
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

#endif
