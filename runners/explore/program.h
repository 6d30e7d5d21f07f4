/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What is explored: a storm in a small world.
 *
 * As a string: `hupstorm-1;case=NAME;subject=NAME;fault=NAMES;slots=N;cycles=N;
 * coordinator=thread|leader;target=NAME;workers=N;seed=N`, without the space.
 */
#ifndef HUPSTORM_RUNNERS_EXPLORE_PROGRAM_H
#define HUPSTORM_RUNNERS_EXPLORE_PROGRAM_H

#include "cases/cases.h"
#include "results/results.h"
#include "small.h"
#include "stress/sim/machine.h"

enum { PROGRAM_TEXT = 512 };

struct program {
	struct cell cell;
	struct world_config config;
	struct storm_plan plan;
	struct storm_progress progress;
	const struct subject *subject;
	bool is_small; /* the small world, not the storm */
	struct small_plan small;
	const struct stranger *stranger; /* in place of the runtime, if not NULL */
	uint32_t stranger_faults;
	struct sim_config machine;
	const char *(*invariant)(void); /* NULL: there is none; see program_invariant */
};

/*
 * Make the program of a small world: of the cell it takes subject, faults and slots.
 */
int program_make_small(struct program *program, const struct cell *cell,
	const struct small_plan *plan, bool coarse, char *complaint, size_t size);

/*
 * Make the program of the cell, with each role of its case no more than cell->workers
 * times. Returns 0, or -EINVAL with a line in `complaint`.
 */
int program_make(
	struct program *program, const struct cell *cell, char *complaint, size_t size);

/* An earlier run has left nothing: to be called before those who watch look at the next. */
void program_forget(struct program *program);

/* For sim_run, with the program as its argument. */
void program_run(void *program);

/* Something that changes whenever anybody in the world gets on; and the coordinator. */
uint64_t program_reading(const struct program *program);
uint64_t program_coordinator_reading(const struct program *program);

/* What must hold between any two steps: NULL, or what does not. */
static inline const char *program_invariant(const struct program *program)
{
	return program->invariant ? program->invariant() : NULL;
}

/* The names of a thread, and of a word that is none of the runtime's. */
const char *program_thread_name(unsigned thread);
const char *program_word_name(const void *word);

/* Where everybody is, in words. */
void program_describe(char *text, size_t size);

void program_print(const struct program *program, char text[PROGRAM_TEXT]);

/* Read the string up to the first ':'; *end is behind it. Returns 0 or -EINVAL with a
 * line in `complaint`. */
int program_parse(struct program *program, const char *text, const char **end,
	char *complaint, size_t size);

#endif
