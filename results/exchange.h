/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Runs that go from one store to another: as lines of JSON, or directly.
 *
 * A run has an identity of its own (uid), and comes into a store once, however often it is brought; what
 * it has got since then is added. All of one file comes, or nothing; but for evidence, which is not in the
 * file and comes with a merge alone, where it is there.
 *
 * The lines: {"type":"hupstorm","schema":N}, then for each run {"type":"run","uid":...}, for each machine
 * {"type":"topology","hash":...,"xml":...}, and the cells,
 * {"type":"cell","uid":...,"number":...,"outcome":{...}}, with the names of the columns of the store;
 * the outcome is null if there is none. Numbers are integers of 64 bits.
 *
 * Functions return 0 or a negative errno with one line in `complaint` (COMPLAINT_SIZE bytes).
 */
#ifndef HUPSTORM_RESULTS_EXCHANGE_H
#define HUPSTORM_RESULTS_EXCHANGE_H

#include "store.h"

#include <stdio.h>

/* What was not there before. */
struct exchanged {
	int64_t runs, outcomes, evidence;
};

/* Bring the evidence `name` of the other store, as that of cell `number` (from 0) of run `run` of this one,
 * whose name for it goes to `here`. Not 0: it stays where it is. */
struct evidence_taker {
	int (*take)(void *argument, int64_t run, size_t number, const char *name,
		char here[EVIDENCE_SIZE]);
	void *argument;
};

/* Write run `id`, or with 0 all of them. -ENOENT: there is none. -EIO: it cannot be read or written.
 * -EMEDIUMTYPE: a store of an older version, which has to be opened for writing once. */
int store_export(struct store *store, int64_t id, FILE *out, char *complaint);

/* Read such lines; `name` is what they are called in complaints. -EMEDIUMTYPE: lines of something else,
 * or of a newer hupstorm. -EIO, -ENOSPC. */
int store_import(struct store *store, FILE *in, const char *name,
	struct exchanged *exchanged, char *complaint);

/* Take all runs of the store at `path`, which stays as it is, and then what evidence there is of them, if
 * `taker` is not NULL. As store_open; -EIO, -ENOSPC. */
int store_merge(struct store *store, const char *path, const struct evidence_taker *taker,
	struct exchanged *exchanged, char *complaint);

#endif
