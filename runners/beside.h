/* SPDX-License-Identifier: BSD-2-Clause */
/* The programs that are installed together lie in one folder. */
#ifndef HUPSTORM_RUNNERS_BESIDE_H
#define HUPSTORM_RUNNERS_BESIDE_H

#include <limits.h>

enum { BESIDE_PATH = PATH_MAX + 64 };

/*
 * Where the program of that name (up to 60 bytes) is, which lies beside the one that runs. Returns 0; or a status after a
 * complaint, if there is none that can be run. Not async-signal-safe.
 */
int path_beside(const char *program, char path[BESIDE_PATH]);

/*
 * Become that program; the arguments begin with its own name. Returns only if that fails, after a complaint, with a
 * status.
 */
int become_beside(const char *program, char **argv);

#endif
