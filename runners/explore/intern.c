/* SPDX-License-Identifier: BSD-2-Clause */
#include "intern.h"

#include <string.h>

/* Bytes for which a call costs more than to compare them. */
enum { FEW = 32 };

/* Every other 16 bytes by itself. */
uint64_t hash_of_any(const void *bytes, size_t length)
{
	const char *at = bytes;
	uint64_t hash = length, other = 0, words[4];

	for (; length >= 32; at += 32, length -= 32) {
		memcpy(words, at, 32);
		hash = hash_fold(words[0] ^ hash, words[1]);
		other = hash_fold(words[2] ^ other, words[3]);
	}
	words[0] = words[1] = words[2] = words[3] = 0;
	memcpy(words, at, length);
	if (length > 16)
		other = hash_fold(words[2] ^ other, words[3]);
	return hash_fold(words[0] ^ hash ^ other, words[1] ^ 1);
}

/* Of the hash, above the number, so that few strings are looked at in vain. */
static uint32_t tag_of(uint64_t hash)
{
	return (uint32_t)(hash >> 32) & ~(uint32_t)INTERN_MAX;
}

static void grow_slots(struct intern *table)
{
	size_t length;

	table_free(table->slots, table->slot_count * sizeof *table->slots);
	table->slot_count = table->slot_count ? 2 * table->slot_count : 1024;
	table->slots = table_allocate(table->slot_count * sizeof *table->slots);
	for (uint32_t i = 0; i < table->count; i++) {
		const void *bytes = interned(table, i, &length);
		uint64_t hash = hash_of(bytes, length), slot = hash;

		while (table->slots[slot & (table->slot_count - 1)])
			slot++;
		table->slots[slot & (table->slot_count - 1)] = (i + 1) | tag_of(hash);
	}
}

static uint32_t append(struct intern *table, const void *bytes, size_t length)
{
	uint64_t *where;

	if (!table->fixed) {
		where = pool_add(&table->where, sizeof *where);
		*where = (uint64_t)table->bytes.used << 16 | length;
	}
	memcpy(pool_add(&table->bytes, length), bytes, length);
	return table->count++;
}

static bool is_at(
	const struct intern *table, uint32_t number, const void *bytes, size_t length)
{
	size_t other;
	const void *there = interned(table, number, &other);

	if (other != length)
		return false;
	return length & 3 || length > FEW ? !memcmp(there, bytes, length)
					  : same_words(there, bytes, length);
}

/* The slot that has its number, or the empty one where that belongs. */
static uint32_t *slot_of(
	const struct intern *table, const void *bytes, size_t length, uint64_t hash)
{
	uint32_t tag = tag_of(hash), *at;

	for (uint64_t slot = hash;; slot++) {
		at = &table->slots[slot & (table->slot_count - 1)];
		if (!*at || ((*at & ~(uint32_t)INTERN_MAX) == tag &&
				    is_at(table, (*at & INTERN_MAX) - 1, bytes, length)))
			return at;
	}
}

uint32_t intern(struct intern *table, const void *bytes, size_t length, bool *is_new)
{
	uint64_t hash = hash_of(bytes, length);
	uint32_t *at;

	if (table->count >= table->slot_count / 4 * 3)
		grow_slots(table);
	at = slot_of(table, bytes, length, hash);
	*is_new = !*at;
	if (*is_new)
		*at = (append(table, bytes, length) + 1) | tag_of(hash);
	return (*at & INTERN_MAX) - 1;
}

bool intern_find(
	const struct intern *table, const void *bytes, size_t length, uint16_t *number)
{
	const uint32_t *at;

	if (!table->slot_count)
		return false;
	at = slot_of(table, bytes, length, hash_of(bytes, length));
	*number = (uint16_t)((*at & INTERN_MAX) - 1);
	return *at;
}

size_t intern_size(const struct intern *table)
{
	return table->bytes.used + table->where.used +
	       table->slot_count * sizeof *table->slots;
}

void intern_free(struct intern *table)
{
	pool_free(&table->bytes);
	pool_free(&table->where);
	table_free(table->slots, table->slot_count * sizeof *table->slots);
	*table = (struct intern){ 0 };
}
