/* SPDX-License-Identifier: BSD-2-Clause */
/* Which overlaps of stops and signals a run has really exercised. */
#ifndef HUPSTORM_RESULTS_OVERLAP_H
#define HUPSTORM_RESULTS_OVERLAP_H

#include "results.h"

#include <stdio.h>

/* A table, phase by what befell the signal, over the storms that passed; and how much noise
 * there was. Nothing if there were no signals. */
void overlap_write(FILE *out, const struct run *run);

#endif
