/* SPDX-License-Identifier: BSD-2-Clause */
/* The command that runs a cell again. */
#ifndef HUPSTORM_RESULTS_AGAIN_H
#define HUPSTORM_RESULTS_AGAIN_H

#include "results.h"

/* Cut to `size`. */
void cell_command(const struct cell *cell, char *text, size_t size);

#endif
