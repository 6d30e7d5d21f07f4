/* SPDX-License-Identifier: BSD-2-Clause */
/* The programs that are installed together lie in one folder. */
#ifndef HUPSTORM_RUNNERS_BESIDE_H
#define HUPSTORM_RUNNERS_BESIDE_H

#include <limits.h>

/*
 * Become the program of that name (up to 64 bytes), which lies beside the one that runs; the arguments begin with its own name.
 * Returns only if that fails, after a complaint, with a status. Not async-signal-safe.
 */
int become_beside(const char *program, char **argv);

#endif
