/* SPDX-License-Identifier: BSD-2-Clause */
/* A run as text: the matrix, the failures, what the green cells exclude. */
#ifndef HUPSTORM_RESULTS_TEXT_REPORT_H
#define HUPSTORM_RESULTS_TEXT_REPORT_H

#include "matrix.h"

/* The whole report of a run, about 80 columns wide; NULL without memory. The caller
 * frees it. */
char *report_text(const struct run *run, const struct matrix_style *style);

#endif
