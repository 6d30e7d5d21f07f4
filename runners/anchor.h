/* SPDX-License-Identifier: BSD-2-Clause */
/* Where a cell that hangs is stuck, in one name, by which failures are told apart. */
#ifndef HUPSTORM_RUNNERS_ANCHOR_H
#define HUPSTORM_RUNNERS_ANCHOR_H

#include "evidence.h"

/*
 * The function in which the thread waits that runs the cycles, or of a foreign program its first: the innermost on its
 * stack that is not one of those by which everybody waits. "" if it does not wait, or nobody knows.
 */
void anchor_of(const struct evidence *evidence, char anchor[ANCHOR_SIZE]);

#endif
