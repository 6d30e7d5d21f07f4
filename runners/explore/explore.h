/* SPDX-License-Identifier: BSD-2-Clause */
/* hupstorm explore: one world, by chance, and then to the end. */
#ifndef HUPSTORM_RUNNERS_EXPLORE_EXPLORE_H
#define HUPSTORM_RUNNERS_EXPLORE_EXPLORE_H

#include "options.h"

/* Returns the exit status. */
int explore(const struct options *options);

#endif
