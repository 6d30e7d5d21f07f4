/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * A builder: a place where runs can be made, as a small file NAME.builder says it. A line is a word and what it is;
 * what comes after # is a comment.
 *
 *	arch ppc64le
 *	how qemu-system		the script how-qemu-system, beside the file
 *	patience 4		as the option of that name (default 1)
 *	limit 2h		that a run may take in all, with what it takes to get there (default 1h)
 *	emulated yes		its instructions are (default no)
 *	options --no-sandbox	more of `hupstorm run`
 *	default no		it is only used when it is named (default yes)
 *	host user@name		what its script finds in BUILDER_HOST
 *	nodes 2			and in BUILDER_NODES (default 1)
 */
#ifndef HUPSTORM_RUNNERS_BUILDER_H
#define HUPSTORM_RUNNERS_BUILDER_H

#include "results/results.h"

enum { BUILDER_OPTIONS_MAX = 16 };

struct builder {
	char name[NAME_SIZE], architecture[NAME_SIZE], how[NAME_SIZE], host[256];
	char options[256]; /* words */
	uint32_t patience, nodes;
	uint64_t limit; /* ns */
	bool emulated, is_default;
};

/* Read a file. 0, or a negative errno with one line in `complaint` (of `size` bytes) that names file, line and what was
 * expected. */
int builder_read(struct builder *builder, const char *path, char *complaint, size_t size);

/* Where the files and scripts are: HUPSTORM_BUILDERS of the environment, else the folder of the sources that this
 * program was made from, if it is there, else where they were installed. */
const char *builders_folder(void);

/* All of that folder, by name; the caller frees them. As builder_read. */
int builders_read(struct builder **builders, size_t *count, char *complaint, size_t size);

#endif
