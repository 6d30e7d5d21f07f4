/* SPDX-License-Identifier: BSD-2-Clause */
/* A run as text: the matrix, the failures, what the green cells exclude. */
#ifndef HUPSTORM_RESULTS_MATRIX_H
#define HUPSTORM_RESULTS_MATRIX_H

#include "results.h"

struct matrix_style {
	bool color; /* ANSI colours */
	/* Why a placement has no cells here, NAME and REASON in turn, ended by NULL; may
	 * be NULL. */
	const char *const *absent;
};

/*
 * The whole report of a run; NULL without memory. The caller frees it. Case x subject and
 * faults down, placements across; fits 80 columns where names and reasons do.
 */
char *matrix_report(const struct run *run, const struct matrix_style *style);

/* The table alone. */
char *matrix_table(const struct run *run, const struct matrix_style *style);

/* How many cells are of that standing. */
size_t run_standing(const struct run *run, enum standing standing);

/* The command that runs the cell again; cut to `size`. */
void cell_command(const struct cell *cell, char *text, size_t size);

#endif
