/* SPDX-License-Identifier: BSD-2-Clause */
#include "exchange.h"
#include "store_columns.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { SQL_SIZE = 4 * COLUMNS_SIZE };

/* A store of an older version is brought up to date in a copy. */
static int copy_of(struct store *from, char *copy, char *complaint)
{
	char *sql;
	struct store *newer;
	int error, file = mkstemp(copy);

	if (file < 0)
		return store_complain(complaint, -errno, "%s: %s", copy, strerror(errno));
	close(file);
	sql = sqlite3_mprintf("VACUUM INTO %Q", copy);
	error = store_execute(from, sql, "copy it", complaint);
	sqlite3_free(sql);
	if (!error)
		error = store_open(&newer, copy, STORE_WRITE, complaint);
	if (!error)
		store_close(newer);
	return error;
}

static int attach(struct store *store, const char *path, char *complaint)
{
	char *sql = sqlite3_mprintf("ATTACH %Q AS theirs", path);
	int error = store_execute(store, sql, "read the other", complaint);

	sqlite3_free(sql);
	return error;
}

/* A row that is there already stays; the number of those that were not. Run by run, so that neither table is
 * searched for what comes next to what came last. */
static int take_table(
	struct store *store, const char *table, int64_t *count, char *complaint)
{
	char plain[COLUMNS_SIZE], theirs[COLUMNS_SIZE], sql[SQL_SIZE];
	int error = store_columns(store, table, "@", plain, complaint);

	if (!error)
		error = store_columns_but_evidence(
			store, table, "t.@", theirs, complaint);
	if (error)
		return error;
	snprintf(sql, sizeof sql,
		"INSERT INTO main.%s (run, number, %s) SELECT m.id, t.number, %s"
		" FROM theirs.run r CROSS JOIN main.run m CROSS JOIN theirs.%s t"
		" WHERE m.uid = r.uid AND t.run = r.id ON CONFLICT DO NOTHING",
		table, plain, theirs, table);
	error = store_execute(store, sql, "write to it", complaint);
	*count = sqlite3_changes64(store->db);
	return error;
}

static int take_runs(struct store *store, int64_t *count, char *complaint)
{
	char columns[COLUMNS_SIZE], sql[SQL_SIZE];
	int error = store_columns(store, "run", "@", columns, complaint);

	if (error)
		return error;
	snprintf(sql, sizeof sql,
		"INSERT INTO main.run (%s) SELECT %s FROM theirs.run WHERE true"
		" ORDER BY id ON CONFLICT DO NOTHING",
		columns, columns);
	error = store_execute(store, sql, "write to it", complaint);
	*count = sqlite3_changes64(store->db);
	if (error)
		return error;
	return store_execute(store,
		"UPDATE main.run AS m SET finished = max(finished, (SELECT r.finished "
		"FROM "
		"theirs.run r WHERE r.uid = m.uid)) WHERE uid IN (SELECT uid FROM "
		"theirs.run)",
		"write to it", complaint);
}

static int take_all(struct store *store, struct exchanged *exchanged, char *complaint)
{
	int64_t cells;
	int error = take_runs(store, &exchanged->runs, complaint);

	if (!error)
		error = store_execute(store,
			"INSERT OR IGNORE INTO main.topology"
			" SELECT hash, xml FROM theirs.topology",
			"write to it", complaint);
	if (!error)
		error = take_table(store, "cell", &cells, complaint);
	if (!error)
		error = take_table(store, "outcome", &exchanged->outcomes, complaint);
	return error;
}

/* Evidence that they have and we do not. */
struct lacking {
	int64_t run;
	size_t number;
	char name[EVIDENCE_SIZE];
};

/* A list, malloced; *count of them. */
static int list_lacking(
	struct store *store, struct lacking **list, size_t *count, char *complaint)
{
	struct statement s;
	int result = statement_prepare(&s, store,
		"SELECT o.run, o.number, t.evidence FROM theirs.run r"
		" CROSS JOIN main.run m CROSS JOIN theirs.outcome t CROSS JOIN"
		" main.outcome o WHERE m.uid = r.uid AND t.run = r.id AND"
		" t.evidence != '' AND o.run = m.id AND o.number = t.number AND"
		" o.evidence = '' ORDER BY o.run, o.number",
		complaint);

	*list = NULL;
	*count = 0;
	if (result)
		return result;
	while ((result = statement_step(&s, complaint)) > 0) {
		struct lacking *more = realloc(*list, (*count + 1) * sizeof *more);

		if (!more) {
			result = store_complain(complaint, -ENOMEM,
				"%s: no memory for the evidence", store->path);
			break;
		}
		*list = more;
		more += (*count)++;
		more->run = sqlite3_column_int64(s.sql, 0);
		more->number = (size_t)sqlite3_column_int64(s.sql, 1);
		snprintf(more->name, sizeof more->name, "%s",
			(const char *)sqlite3_column_text(s.sql, 2));
	}
	sqlite3_finalize(s.sql);
	return result;
}

static int name_evidence(struct store *store, const struct lacking *lacking,
	const char *name, char *complaint)
{
	char *sql = sqlite3_mprintf("UPDATE main.outcome SET evidence = %Q"
				    " WHERE run = %lld AND number = %llu",
		name, (long long)lacking->run, (unsigned long long)lacking->number);
	int error = store_execute(store, sql, "write to it", complaint);

	sqlite3_free(sql);
	return error;
}

/* One after the other, each in its own transaction, for to copy files takes time. */
static int take_evidence(struct store *store, const struct evidence_taker *taker,
	struct exchanged *exchanged, char *complaint)
{
	char here[EVIDENCE_SIZE];
	struct lacking *list;
	size_t count;
	int error = list_lacking(store, &list, &count, complaint);

	for (size_t i = 0; i < count && !error; i++) {
		if (taker->take(taker->argument, list[i].run, list[i].number,
			    list[i].name, here))
			continue;
		error = name_evidence(store, &list[i], here, complaint);
		exchanged->evidence += !error;
	}
	free(list);
	return error;
}

static int take_rows(struct store *store, struct exchanged *exchanged, char *complaint)
{
	char unheard[COMPLAINT_SIZE];
	int error = store_execute(store, "BEGIN IMMEDIATE", "write to it", complaint);

	if (error)
		return error;
	error = take_all(store, exchanged, complaint);
	if (!error)
		return store_execute(store, "COMMIT", "write to it", complaint);
	store_execute(store, "ROLLBACK", "write to it", unheard);
	return error;
}

static int merge(struct store *store, const char *path,
	const struct evidence_taker *taker, struct exchanged *exchanged, char *complaint)
{
	char unheard[COMPLAINT_SIZE];
	int error = attach(store, path, complaint);

	if (error)
		return error;
	error = take_rows(store, exchanged, complaint);
	if (!error && taker)
		error = take_evidence(store, taker, exchanged, complaint);
	store_execute(store, "DETACH theirs", "leave the other", unheard);
	return error;
}

int store_merge(struct store *store, const char *path, const struct evidence_taker *taker,
	struct exchanged *exchanged, char *complaint)
{
	char copy[] = "/tmp/hupstorm-merge-XXXXXX";
	struct store *from;
	int error = store_open(&from, path, STORE_READ, complaint);
	bool old;

	*exchanged = (struct exchanged){ 0 };
	if (error)
		return error;
	old = from->version < SCHEMA_VERSION;
	if (old)
		error = copy_of(from, copy, complaint);
	store_close(from);
	if (!error)
		error = merge(store, old ? copy : path, taker, exchanged, complaint);
	if (old)
		unlink(copy);
	return error;
}
