/* SPDX-License-Identifier: BSD-2-Clause */
/* Processes that share the work of an exploration. */
#ifndef HUPSTORM_RUNNERS_EXPLORE_CHILD_H
#define HUPSTORM_RUNNERS_EXPLORE_CHILD_H

#include <sys/types.h>

/* Fork a child that goes with its parent, however that ends. Returns as fork does; aborts if
 * the system has no process to give. */
pid_t child_begin(void);

#endif
