/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef HUPSTORM_RUNNERS_SUGGEST_H
#define HUPSTORM_RUNNERS_SUGGEST_H

#include <stddef.h>

/* The name among `names` (ended by NULL) that takes the fewest edits from `wrong`; NULL
 * if the list is empty. Pure. */
const char *nearest_name(const char *wrong, const char *const *names);

#endif
