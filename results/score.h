/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The score of the harness: which known faults a run has seen, and how soon. A function of
 * the run alone: of its cells that have a sign (results.h).
 */
#ifndef HUPSTORM_RESULTS_SCORE_H
#define HUPSTORM_RESULTS_SCORE_H

#include "results.h"

#include <stdio.h>

/* True if the cell tests the harness, and not a subject. */
bool is_of_score(const struct cell *cell);

/* Write a line for each fault, those that survived first, the others by the time that they
 * took; what noise was good for; and a summary. With `brief` the survivors and the summary
 * alone. Nothing if the run has no such cells. */
void score_write(FILE *out, const struct run *run, bool brief);

/* True if each fault was seen once at least, but for those that resist. False too if one was
 * not tried, or without memory. */
bool score_is_full(const struct run *run);

#endif
