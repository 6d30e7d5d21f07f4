/* SPDX-License-Identifier: BSD-2-Clause */
/* What this very program was built with, and runs on. */
#ifndef HUPSTORM_RUNNERS_BUILD_H
#define HUPSTORM_RUNNERS_BUILD_H

#include "results/results.h"

/* Set libc, compiler and build; what cannot be found out is "". */
void build_describe(struct machine *machine);

#endif
