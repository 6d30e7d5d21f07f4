/* SPDX-License-Identifier: BSD-2-Clause */
/* The columns of a table, as a list for SQL. */
#ifndef HUPSTORM_RESULTS_STORE_COLUMNS_H
#define HUPSTORM_RESULTS_STORE_COLUMNS_H

#include "store_inside.h"

enum { COLUMNS_SIZE = 4096 };

/*
 * Each column of the table but id, run and number, in the order of the table, after a pattern, in which
 * `@` is its name and `#` its default or NULL, with commas between them. 0 or a negative errno.
 */
int store_columns(struct store *store, const char *table, const char *pattern,
	char columns[COLUMNS_SIZE], char *complaint);

/* The same, for what comes from elsewhere: the evidence stays there. */
int store_columns_but_evidence(struct store *store, const char *table,
	const char *pattern, char columns[COLUMNS_SIZE], char *complaint);

#endif
