/* SPDX-License-Identifier: BSD-2-Clause */
/* Lists of small worlds as text (prove.h). */
#ifndef HUPSTORM_RUNNERS_EXPLORE_WORLDS_H
#define HUPSTORM_RUNNERS_EXPLORE_WORLDS_H

#include "prove.h"

/* 0, or a status after a complaint. The caller frees *proofs, in either case. */
int worlds_read(const char *path, struct proof **proofs, size_t *count);

#endif
