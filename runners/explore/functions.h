/* SPDX-License-Identifier: BSD-2-Clause */
/* Where the functions of this program are, by its own symbols. */
#ifndef HUPSTORM_RUNNERS_EXPLORE_FUNCTIONS_H
#define HUPSTORM_RUNNERS_EXPLORE_FUNCTIONS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct function {
	uintptr_t address;
	size_t size;
};

/* The one that the address is in; false if there is none, or the program has been
 * stripped. Reads the program's file at the first call. */
bool function_at(uintptr_t address, struct function *function);

#endif
