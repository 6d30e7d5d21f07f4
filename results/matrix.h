/* SPDX-License-Identifier: BSD-2-Clause */
/* A run as a table: case x subject and faults down, placements across. */
#ifndef HUPSTORM_RESULTS_MATRIX_H
#define HUPSTORM_RESULTS_MATRIX_H

#include "results.h"

#include <stdio.h>

struct matrix_style {
	bool color; /* ANSI colours */
	/* Why a placement has no cells here, NAME and REASON in turn, ended by NULL; may
	 * be NULL. */
	const char *const *absent;
};

/* The table alone, about 80 columns wide. */
void matrix_write(FILE *out, const struct run *run, const struct matrix_style *style);

#endif
