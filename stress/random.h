/* SPDX-License-Identifier: BSD-2-Clause */
/* Random numbers that a seed reproduces: splitmix64 (Steele, Lea and Flood, 2014). Pure;
 * any context. */
#ifndef HUPSTORM_STRESS_RANDOM_H
#define HUPSTORM_STRESS_RANDOM_H

#include <stdint.h>

struct random {
	uint64_t state;
};

static inline uint64_t random_next(struct random *random)
{
	uint64_t z = (random->state += UINT64_C(0x9e3779b97f4a7c15));

	z = (z ^ (z >> 30)) * UINT64_C(0xbf58476d1ce4e5b9);
	z = (z ^ (z >> 27)) * UINT64_C(0x94d049bb133111eb);
	return z ^ (z >> 31);
}

/* Uniform in 0 to bound - 1 (bound > 0), with a bias below bound / 2^32. */
static inline uint32_t random_below(struct random *random, uint32_t bound)
{
	return (uint32_t)((random_next(random) >> 32) * bound >> 32);
}

#endif
