/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Bundles: the evidence of cells that failed, each in a folder of its own, all of them in one beside the
 * store: STORE.evidence/RUN-CELL/ with
 *
 *	report.txt	for people
 *	evidence.json	for programs
 *	trace.json	Chrome's trace events, for Perfetto; if the cell has a world
 *	output.txt	what a foreign program wrote last
 *
 * Of a cell that was explored there is report.txt alone: the interleaving.
 *
 * Together they are bounded in size. The oldest go first, and a line in the file `dropped` says which
 * and when.
 */
#ifndef HUPSTORM_RUNNERS_BUNDLE_H
#define HUPSTORM_RUNNERS_BUNDLE_H

#include "results/results.h"

#include <stdio.h>

struct evidence;

enum { BUNDLE_PATH_SIZE = 512 };

/* What is kept if nobody says otherwise. */
#define EVIDENCE_LIMIT (UINT64_C(256) << 20)

struct bundles {
	char folder[BUNDLE_PATH_SIZE - EVIDENCE_SIZE - 32];
	uint64_t limit; /* bytes; 0: none are kept */
	bool measured;
	uint64_t used; /* bytes, once measured */
};

/* Those of the store. False: its name is too long. */
bool bundles_of(struct bundles *bundles, const char *store, uint64_t limit);

/*
 * Write one for cell `number` (from 1) of a run, and make room for it. Its name goes to `name`. 0, or a
 * negative errno, after which there is none, and `name` is "".
 */
int bundle_write(struct bundles *bundles, int64_t run, size_t number,
	const struct evidence *evidence, char name[EVIDENCE_SIZE]);

/* The same of a text for people, which is all that there is. */
int bundle_write_text(struct bundles *bundles, int64_t run, size_t number,
	const char *text, char name[EVIDENCE_SIZE]);

/* The same with what `fill` writes into the folder `path`, which is new; by bundle_file. */
int bundle_fill(struct bundles *bundles, int64_t run, size_t number,
	int (*fill)(const char *path, const void *what), const void *what,
	char name[EVIDENCE_SIZE]);
int bundle_file(const char *path, const char *file,
	void (*write)(FILE *out, const void *what), const void *what);

/* Copy that one of another store, in the same way. -ENOENT: it is not there, or no more. -EINVAL: no name of one. */
int bundle_copy(struct bundles *bundles, int64_t run, size_t number,
	const struct bundles *from, const char *old, char name[EVIDENCE_SIZE]);

/* Open a file of a bundle for reading; NULL with errno. */
FILE *bundle_open(const struct bundles *bundles, const char *name, const char *file);

/* True if it was dropped to make room, with the day in `when`. */
enum { DROPPED_SIZE = 32 };
bool bundle_was_dropped(
	const struct bundles *bundles, const char *name, char when[DROPPED_SIZE]);

#endif
