/* SPDX-License-Identifier: BSD-2-Clause */
#include "store_columns.h"

#include <errno.h>
#include <string.h>

static bool is_key(const char *name)
{
	return !strcmp(name, "id") || !strcmp(name, "run") || !strcmp(name, "number");
}

struct list {
	char *text;
	size_t used;
};

/* Cut where there is no more room, which leaves it full. */
static void add_text(struct list *list, const char *text, size_t length)
{
	if (length > COLUMNS_SIZE - 1 - list->used)
		length = COLUMNS_SIZE - 1 - list->used;
	memcpy(list->text + list->used, text, length);
	list->used += length;
	list->text[list->used] = '\0';
}

static void add_column(
	struct list *list, const char *pattern, const char *name, const char *value)
{
	if (list->used)
		add_text(list, ", ", 2);
	for (; *pattern; pattern++) {
		if (*pattern == '@')
			add_text(list, name, strlen(name));
		else if (*pattern == '#')
			add_text(list, value, strlen(value));
		else
			add_text(list, pattern, 1);
	}
}

/* `evidence` is the pattern of the column of that name. */
static int list_columns(struct store *store, const char *table, const char *pattern,
	const char *evidence, char columns[COLUMNS_SIZE], char *complaint)
{
	struct list list = { columns, 0 };
	struct statement s;
	int error = statement_prepare(&s, store,
		"SELECT name, ifnull(dflt_value, 'NULL') FROM pragma_table_info(?) ORDER "
		"BY "
		"cid",
		complaint);

	if (error)
		return error;
	columns[0] = '\0';
	sqlite3_bind_text(s.sql, 1, table, -1, SQLITE_STATIC);
	while (sqlite3_step(s.sql) == SQLITE_ROW) {
		const char *name = (const char *)sqlite3_column_text(s.sql, 0);

		if (name && !is_key(name))
			add_column(&list, strcmp(name, "evidence") ? pattern : evidence,
				name, (const char *)sqlite3_column_text(s.sql, 1));
	}
	sqlite3_finalize(s.sql);
	if (list.used && list.used < COLUMNS_SIZE - 1)
		return 0;
	return store_complain(
		complaint, -EIO, "%s: its table %s cannot be read", store->path, table);
}

int store_columns(struct store *store, const char *table, const char *pattern,
	char columns[COLUMNS_SIZE], char *complaint)
{
	return list_columns(store, table, pattern, pattern, columns, complaint);
}

int store_columns_but_evidence(struct store *store, const char *table,
	const char *pattern, char columns[COLUMNS_SIZE], char *complaint)
{
	return list_columns(store, table, pattern, "''", columns, complaint);
}
