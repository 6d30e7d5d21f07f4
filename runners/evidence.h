/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What is kept of a cell that failed: taken before it is killed, or from what its process has left
 * behind, and written into a folder beside the store.
 */
#ifndef HUPSTORM_RUNNERS_EVIDENCE_H
#define HUPSTORM_RUNNERS_EVIDENCE_H

#include "results/results.h"
#include "stacks.h"
#include "timeline.h"
#include "waits.h"

struct evidence {
	bool has_before, has_after, has_world;
	uint64_t took;		       /* ns, to take it */
	struct snapshot before, after; /* the window on which it was judged */
	struct stacks stacks;
	struct waits waits;
	struct timeline timeline;
	char *output; /* what a foreign program wrote last; or NULL */
	size_t output_length;
};

struct evidence_source {
	const pid_t *processes; /* the leader of the session first */
	size_t process_count;
	const void *memory; /* of its world; NULL: it has none */
	size_t memory_size;
	const struct snapshot *before; /* or NULL */
};

/*
 * Take it of processes that are there, hung or about to die. What cannot be had is missing. NULL: no memory.
 * Stops each for as long as its stacks are taken.
 */
struct evidence *evidence_take(const struct evidence_source *source);

/* Take what a process that has gone has left in its world's memory. */
struct evidence *evidence_take_remains(const void *memory, size_t size);

void evidence_free(struct evidence *evidence);

/* The report: who waits for whom, stacks, the runtime's own state, the end of the timeline. */
void evidence_print(FILE *out, const struct evidence *evidence);

/* All of it, for programs. */
void evidence_write_json(FILE *out, const struct evidence *evidence);

#endif
