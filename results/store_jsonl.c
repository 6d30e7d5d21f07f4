/* SPDX-License-Identifier: BSD-2-Clause */
#include "exchange.h"
#include "store_columns.h"

#include <errno.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

enum { SQL_SIZE = 4 * COLUMNS_SIZE };

/*
 * Out
 */
static int write_rows(struct store *store, const char *sql, int64_t id, FILE *out,
	int64_t *count, char *complaint)
{
	struct statement s;
	int code, error = statement_prepare(&s, store, sql, complaint);

	if (error)
		return error;
	sqlite3_bind_int64(s.sql, 1, id);
	*count = 0;
	while ((code = sqlite3_step(s.sql)) == SQLITE_ROW) {
		fprintf(out, "%s\n", (const char *)sqlite3_column_text(s.sql, 0));
		++*count;
	}
	if (code != SQLITE_DONE)
		error = store_complain_of_sqlite(store, "read it", complaint);
	sqlite3_finalize(s.sql);
	return error;
}

static int write_runs(
	struct store *store, int64_t id, FILE *out, int64_t *count, char *complaint)
{
	char columns[COLUMNS_SIZE], sql[SQL_SIZE];
	int error = store_columns(store, "run", "'@', @", columns, complaint);

	if (error)
		return error;
	snprintf(sql, sizeof sql,
		"SELECT json_object('type', 'run', %s) FROM run WHERE id = ?1 OR ?1 = 0"
		" ORDER BY id",
		columns);
	return write_rows(store, sql, id, out, count, complaint);
}

static int write_topologies(struct store *store, int64_t id, FILE *out, char *complaint)
{
	int64_t count;

	return write_rows(store,
		"SELECT json_object('type', 'topology', 'hash', hash, 'xml', xml) FROM"
		" topology WHERE hash IN (SELECT topology FROM run WHERE id = ?1 OR ?1 = "
		"0)",
		id, out, &count, complaint);
}

static int write_cells(struct store *store, int64_t id, FILE *out, char *complaint)
{
	char of_cell[COLUMNS_SIZE], of_outcome[COLUMNS_SIZE], sql[SQL_SIZE];
	int64_t count;
	int error = store_columns(store, "cell", "'@', c.@", of_cell, complaint);

	if (!error)
		error = store_columns(
			store, "outcome", "'@', o.@", of_outcome, complaint);
	if (error)
		return error;
	snprintf(sql, sizeof sql,
		"SELECT json_object('type', 'cell', 'uid', r.uid, 'number', c.number, %s,"
		" 'outcome', CASE WHEN o.run IS NULL THEN NULL ELSE json_object(%s) END)"
		" FROM cell c JOIN run r ON r.id = c.run"
		" LEFT JOIN outcome o ON o.run = c.run AND o.number = c.number"
		" WHERE c.run = ?1 OR ?1 = 0 ORDER BY c.run, c.number",
		of_cell, of_outcome);
	return write_rows(store, sql, id, out, &count, complaint);
}

/* One snapshot of a store that may be written to meanwhile. */
static int write_all(struct store *store, int64_t id, FILE *out, char *complaint)
{
	int64_t runs = 0;
	int error;

	fprintf(out, "{\"type\":\"hupstorm\",\"schema\":%d}\n", SCHEMA_VERSION);
	error = write_runs(store, id, out, &runs, complaint);
	if (!error && !runs)
		return id ? store_complain(complaint, -ENOENT,
				    "%s: there is no run %" PRId64 " in it", store->path,
				    id)
			  : store_complain(complaint, -ENOENT,
				    "%s: there is no run in it yet", store->path);
	if (!error)
		error = write_topologies(store, id, out, complaint);
	return error ? error : write_cells(store, id, out, complaint);
}

int store_export(struct store *store, int64_t id, FILE *out, char *complaint)
{
	char unheard[COMPLAINT_SIZE];
	int error;

	if (store->version < SCHEMA_VERSION)
		return store_complain(complaint, -EMEDIUMTYPE,
			"%s: a store of schema version %" PRId64
			"; merge it into a new one, which will be of version %d",
			store->path, store->version, SCHEMA_VERSION);
	error = store_execute(store, "BEGIN", "read it", complaint);
	if (error)
		return error;
	error = write_all(store, id, out, complaint);
	store_execute(store, "COMMIT", "read it", unheard);
	if (!error && (fflush(out) || ferror(out)))
		return store_complain(
			complaint, -EIO, "cannot write the lines: %s", strerror(errno));
	return error;
}

/*
 * In
 */
struct importer {
	struct store *store;
	const char *name;
	uint64_t line;
	sqlite3_stmt *header, *run, *end, *topology, *cell, *outcome;
	struct exchanged *exchanged;
	char *complaint;
};

static int complain_of_line(const struct importer *i, const char *what)
{
	return store_complain(i->complaint, -EMEDIUMTYPE, "%s: line %" PRIu64 ": %s",
		i->name, i->line, what);
}

static int prepare(struct importer *i, const char *table, const char *path,
	const char *sql, sqlite3_stmt **out)
{
	char plain[COLUMNS_SIZE], values[COLUMNS_SIZE], whole[SQL_SIZE], format[128];
	struct statement s;
	int error = store_columns(i->store, table, "@", plain, i->complaint);

	snprintf(format, sizeof format, "coalesce(json_extract(?1, '$.%s@'), #)", path);
	if (!error)
		error = store_columns_but_evidence(
			i->store, table, format, values, i->complaint);
	if (error)
		return error;
	snprintf(whole, sizeof whole, sql, plain, values);
	error = statement_prepare(&s, i->store, whole, i->complaint);
	*out = s.sql;
	return error;
}

/* Of a cell whose run is not known there is no row to insert. */
#define OF_RUN                                                                           \
	"(run, number, %s) SELECT id, json_extract(?1, '$.number'), %s FROM run WHERE "  \
	"uid = json_extract(?1, '$.uid') ON CONFLICT DO NOTHING"

static int prepare_all(struct importer *i)
{
	struct statement s = { 0 };
	int error = statement_prepare(&s, i->store,
		"SELECT json_valid(?1) AND json_type(?1) = 'object',"
		" CASE WHEN json_valid(?1) THEN json_extract(?1, '$.type') END,"
		" CASE WHEN json_valid(?1) THEN json_extract(?1, '$.schema') END,"
		" CASE WHEN json_valid(?1) THEN json_type(?1, '$.outcome') END",
		i->complaint);

	i->header = s.sql;
	if (!error)
		error = prepare(i, "run", "",
			"INSERT INTO run (%s) VALUES (%s) ON CONFLICT DO NOTHING",
			&i->run);
	if (!error)
		error = statement_prepare(&s, i->store,
			"UPDATE run SET finished = json_extract(?1, '$.finished')"
			" WHERE uid = json_extract(?1, '$.uid') AND finished = 0",
			i->complaint);
	i->end = error ? NULL : s.sql;
	if (!error)
		error = statement_prepare(&s, i->store,
			"INSERT INTO topology SELECT json_extract(?1, '$.hash'),"
			" json_extract(?1, '$.xml') WHERE true ON CONFLICT (hash) DO "
			"NOTHING",
			i->complaint);
	i->topology = error ? NULL : s.sql;
	if (!error)
		error = prepare(i, "cell", "", "INSERT INTO cell " OF_RUN, &i->cell);
	if (!error)
		error = prepare(i, "outcome", "outcome.", "INSERT INTO outcome " OF_RUN,
			&i->outcome);
	return error;
}

static int insert(struct importer *i, sqlite3_stmt *sql, int64_t *count)
{
	int code = sqlite3_step(sql), error = 0;

	if (code == SQLITE_CONSTRAINT)
		error = complain_of_line(i, "lacks what a line of its type has");
	else if (code != SQLITE_DONE)
		error = store_complain_of_sqlite(i->store, "write to it", i->complaint);
	else
		*count += sqlite3_changes64(i->store->db);
	sqlite3_reset(sql);
	return error;
}

static int check_header(struct importer *i, const char *type, int64_t schema)
{
	if (!type || strcmp(type, "hupstorm") != 0)
		return complain_of_line(i, "expected the first line of hupstorm export");
	if (schema >= 1 && schema <= SCHEMA_VERSION)
		return 0;
	return complain_of_line(i, "of a newer hupstorm, or of none");
}

static int take_cell(struct importer *i, bool has_outcome)
{
	int64_t cells = 0;
	int error = insert(i, i->cell, &cells);

	return error || !has_outcome ? error
				     : insert(i, i->outcome, &i->exchanged->outcomes);
}

/* It may have ended since it was brought the first time. */
static int take_run(struct importer *i)
{
	int64_t ended = 0;
	int error = insert(i, i->run, &i->exchanged->runs);

	return error ? error : insert(i, i->end, &ended);
}

static int take_type(
	struct importer *i, const char *type, int64_t schema, bool has_outcome)
{
	int64_t topologies = 0;

	if (i->line == 1)
		return check_header(i, type, schema);
	if (type && !strcmp(type, "run"))
		return take_run(i);
	if (type && !strcmp(type, "cell"))
		return take_cell(i, has_outcome);
	if (type && !strcmp(type, "topology"))
		return insert(i, i->topology, &topologies);
	return complain_of_line(i, "expected a run, a topology or a cell");
}

static int take_line(struct importer *i, const char *line, size_t length)
{
	sqlite3_stmt *const statements[] = { i->header, i->run, i->end, i->topology,
		i->cell, i->outcome };
	const char *outcome;
	int error;

	for (size_t k = 0; k < sizeof statements / sizeof statements[0]; k++)
		sqlite3_bind_text(statements[k], 1, line, (int)length, SQLITE_STATIC);
	if (sqlite3_step(i->header) != SQLITE_ROW || !sqlite3_column_int(i->header, 0)) {
		sqlite3_reset(i->header);
		return complain_of_line(i, "no JSON object");
	}
	outcome = (const char *)sqlite3_column_text(i->header, 3);
	error = take_type(i, (const char *)sqlite3_column_text(i->header, 1),
		sqlite3_column_int64(i->header, 2),
		outcome && !strcmp(outcome, "object"));
	sqlite3_reset(i->header);
	return error;
}

static int take_lines(struct importer *i, FILE *in)
{
	char *line = NULL;
	size_t size = 0;
	ssize_t length;
	int error = 0;

	while (!error && (length = getline(&line, &size, in)) > 0) {
		i->line++;
		error = length > INT32_MAX ? complain_of_line(i, "too long")
					   : take_line(i, line, (size_t)length);
	}
	free(line);
	if (!error && !i->line)
		return store_complain(i->complaint, -EMEDIUMTYPE,
			"%s: empty; expected lines of hupstorm export", i->name);
	return error;
}

int store_import(struct store *store, FILE *in, const char *name,
	struct exchanged *exchanged, char *complaint)
{
	struct importer i = { .store = store,
		.name = name,
		.exchanged = exchanged,
		.complaint = complaint };
	char unheard[COMPLAINT_SIZE];
	int error;

	*exchanged = (struct exchanged){ 0 };
	error = store_execute(store, "BEGIN IMMEDIATE", "write to it", complaint);
	if (error)
		return error;
	error = prepare_all(&i);
	if (!error)
		error = take_lines(&i, in);
	sqlite3_finalize(i.header);
	sqlite3_finalize(i.run);
	sqlite3_finalize(i.end);
	sqlite3_finalize(i.topology);
	sqlite3_finalize(i.cell);
	sqlite3_finalize(i.outcome);
	if (!error)
		return store_execute(store, "COMMIT", "write to it", complaint);
	store_execute(store, "ROLLBACK", "write to it", unheard);
	return error;
}
