/* SPDX-License-Identifier: BSD-2-Clause */
/* A run as a table: case x subject and faults down, placements across. */
#ifndef HUPSTORM_RESULTS_MATRIX_H
#define HUPSTORM_RESULTS_MATRIX_H

#include "results.h"

#include <stdio.h>

struct matrix_style {
	bool color;   /* ANSI colours */
	bool unicode; /* marks that are no ASCII */
	size_t width; /* columns that there are; 0: nobody minds, which means 80 for the table */
	/* Why a placement has no cells here, NAME and REASON in turn, ended by NULL; may
	 * be NULL. */
	const char *const *absent;
};

/* What goes before a red cell: one column wide. */
const char *matrix_mark(bool unexpected, bool unicode);

/* The table alone; what does not fit beside the others comes below. */
void matrix_write(FILE *out, const struct run *run, const struct matrix_style *style);

#endif
