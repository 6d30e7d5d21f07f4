/* SPDX-License-Identifier: BSD-2-Clause */
/* Which failures are of one kind, so that one stands for them all. */
#ifndef HUPSTORM_RESULTS_ALIKE_H
#define HUPSTORM_RESULTS_ALIKE_H

#include "results.h"

/* To be told about: red, or neither green nor simply missing. */
bool is_noteworthy(const struct run *run, size_t i);

/* How many noteworthy cells ended like this one, itself included; 0 if an earlier one
 * stands for it already. */
size_t count_alike(const struct run *run, size_t i);

/* True if they have the verdict in common, where they waited, and the kind of reason. */
bool same_kind_of_failure(const struct outcome *a, const struct outcome *b);

/* True if the reasons differ in numbers and in what stands in brackets at the most, up
 * to the second semicolon. */
bool same_kind_of_reason(const char *a, const char *b);

/* What such reasons have in common, of at most REASON_SIZE bytes; its length. */
size_t kind_of_reason(const char *reason, char kind[REASON_SIZE]);

#endif
