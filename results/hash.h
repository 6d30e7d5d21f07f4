/* SPDX-License-Identifier: BSD-2-Clause */
/* FNV-1a of 64 bits (Fowler, Noll and Vo): names for what has none. Pure. */
#ifndef HUPSTORM_RESULTS_HASH_H
#define HUPSTORM_RESULTS_HASH_H

#include <stdint.h>

#define HASH_BEGIN UINT64_C(0xcbf29ce484222325)

/* The hash with this text and the zero behind it. */
static inline uint64_t hash_text(uint64_t hash, const char *text)
{
	do
		hash = (hash ^ (uint8_t)*text) * UINT64_C(0x100000001b3);
	while (*text++);
	return hash;
}

#endif
