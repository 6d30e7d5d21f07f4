/* SPDX-License-Identifier: BSD-2-Clause */
/* Each of many byte strings kept once, under a number: the collapse of a state into the
 * numbers of its parts (Holzmann, 1997). Nothing here is async-signal-safe. */
#ifndef HUPSTORM_RUNNERS_EXPLORE_INTERN_H
#define HUPSTORM_RUNNERS_EXPLORE_INTERN_H

#include "pool.h"

#include <stdbool.h>
#include <string.h>

/* Of strings in a table: with more its numbers are wrong. */
enum { INTERN_MAX = (1 << 27) - 1 };

/* Begins as zeroes, but for `fixed`. */
struct intern {
	size_t fixed; /* the length of all strings, if they have one */
	struct pool bytes;
	struct pool where; /* of each number, if not: offset << 16 | length */
	uint32_t count;
	uint32_t *slots; /* number + 1, and above it some bits of the hash */
	uint32_t slot_count;
};

/* The number of the string, from 0; *is_new says whether it had none. `length` up to
 * 65535. Ends the process if there is no memory. */
uint32_t intern(struct intern *table, const void *bytes, size_t length, bool *is_new);

/* The number of the string, if it has one, which is below 65535. */
bool intern_find(
	const struct intern *table, const void *bytes, size_t length, uint16_t *number);

/* What has that number. */
static inline const void *interned(
	const struct intern *table, uint32_t number, size_t *length)
{
	const uint64_t *where = (const uint64_t *)(const void *)table->where.memory;

	*length = table->fixed ? table->fixed : where[number] & 0xffff;
	return table->bytes.memory +
	       (table->fixed ? number * table->fixed : where[number] >> 16);
}

/* All that it holds, in bytes. */
size_t intern_size(const struct intern *table);

void intern_free(struct intern *table);

/* A number for the bytes that hash tables may use: multiply and fold, 16 bytes at a time (after wyhash, Wang Yi). */
uint64_t hash_of_any(const void *bytes, size_t length);

static inline uint64_t hash_fold(uint64_t a, uint64_t b)
{
	unsigned __int128 product =
		(unsigned __int128)(a ^ UINT64_C(0x9e3779b97f4a7c15)) *
		(b ^ UINT64_C(0xd1342543de82ef95));

	return (uint64_t)product ^ (uint64_t)(product >> 64);
}

/* Most strings here are of few words of 4 bytes: no call is made for those. */
static inline uint64_t hash_of(const void *bytes, size_t length)
{
	const char *at = bytes;
	uint64_t hash = length, words[2];
	uint32_t half;

	if (length & 3 || length > 64)
		return hash_of_any(bytes, length);
	for (; length >= 16; at += 16, length -= 16) {
		memcpy(words, at, 16);
		hash = hash_fold(words[0] ^ hash, words[1]);
	}
	words[0] = words[1] = 0;
	if (length & 8) {
		memcpy(&words[0], at, 8);
		at += 8;
	}
	if (length & 4) {
		memcpy(&half, at, 4);
		words[1] = half;
	}
	return hash_fold(words[0] ^ hash, words[1]);
}

/* Equal, for the few words of which most strings here are; length a multiple of 4. */
static inline bool same_words(const void *one, const void *other, size_t length)
{
	const char *a = one, *b = other;
	uint32_t x, y;

	for (; length; a += sizeof x, b += sizeof y, length -= sizeof x) {
		memcpy(&x, a, sizeof x);
		memcpy(&y, b, sizeof y);
		if (x != y)
			return false;
	}
	return true;
}

#endif
