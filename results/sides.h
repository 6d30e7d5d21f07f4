/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Builders side by side: of each row what came of it when it was last run on each of them. Nothing is pooled.
 */
#ifndef HUPSTORM_RESULTS_SIDES_H
#define HUPSTORM_RESULTS_SIDES_H

#include "history.h"

#include <stdio.h>

enum { SIDES_MAX = 16, SIDE_NAME_SIZE = 40 };

/* A builder that has not run for so many days before the newest run is left out. */
enum { SIDE_DAYS = 30 };

struct sides {
	const struct history *history;
	size_t count;
	size_t builders
		[SIDES_MAX]; /* of the history; in the order in which they first ran */
};

/* What came of a row on a side. */
struct side_field {
	size_t night;		    /* of the history */
	struct history_cells cells; /* all 0: it was not run there */
	char text[32]; /* "12", "* 3/4", "! 1/12", "2, 1 ?"; "" if it was not run there */
};

struct sides sides_of(const struct history *history);

/* What the builder of a side calls itself, or else its processor; the same, to be read by people. */
const char *side_name(const struct sides *sides, size_t side, char name[SIDE_NAME_SIZE]);
const struct machine *side_machine(const struct sides *sides, size_t side);

struct side_field side_field(const struct sides *sides, size_t side, size_t row);

/* True if it was run on a side at all. */
bool sides_have(const struct sides *sides, size_t row);

/* As a matrix for people, no wider than `width` columns (80 at the least); as JSON. */
void sides_write(FILE *out, const struct sides *sides, unsigned width);
void sides_json(FILE *out, const struct sides *sides);

#endif
