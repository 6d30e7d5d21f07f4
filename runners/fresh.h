/* SPDX-License-Identifier: BSD-2-Clause */
/* What a child does to be a fresh process, between fork and what it is for. */
#ifndef HUPSTORM_RUNNERS_FRESH_H
#define HUPSTORM_RUNNERS_FRESH_H

#include <stddef.h>

/* Every signal has its default disposition. */
void fresh_signals(void);

/* Close all descriptors from 3 on but these, in any order; negative ones are none. At most 8. */
void fresh_descriptors(const int *kept, size_t count);

#endif
