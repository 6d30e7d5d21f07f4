/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * A run whose cells are folded while they are read. What tells one from another is written into a key, column
 * by column; what has a key already is added to the first that had it.
 */
#include "alike.h"
#include "store_inside.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

struct key {
	uint8_t *bytes;
	size_t size;
	uint64_t hash;
};

struct folder {
	struct cell_rows rows;
	struct run *run;
	struct key *keys; /* of the run's cells */
	size_t capacity;  /* of them all */
	size_t *slots;	  /* a table of hashes, open addressed: 0, or 1 + which */
	size_t slot_count;
	size_t round_capacity, number;
	uint8_t *bytes; /* of the key at hand */
	size_t used, room;
	bool failed; /* no memory */
};

/* Twice the room, and more if it takes more. */
static bool grow(void **at, size_t *capacity, size_t needed, size_t size)
{
	size_t more = *capacity ? *capacity : 64;
	void *grown;

	while (more < needed)
		more *= 2;
	grown = realloc(*at, more * size);
	if (!grown)
		return false;
	*at = grown;
	*capacity = more;
	return true;
}

static void add_bytes(struct folder *f, const void *bytes, size_t size)
{
	if (f->used + size > f->room &&
		!grow((void **)&f->bytes, &f->room, f->used + size, 1)) {
		f->failed = true;
		return;
	}
	if (size)
		memcpy(f->bytes + f->used, bytes, size);
	f->used += size;
}

/* Its length goes before it, so that no two lists of columns are the same bytes. */
static void add_text(struct folder *f, const void *text, size_t size)
{
	add_bytes(f, &(uint32_t){ (uint32_t)size }, sizeof(uint32_t));
	add_bytes(f, text, size);
}

static void add_number_column(struct folder *f, int column)
{
	add_bytes(f, &(int64_t){ sqlite3_column_int64(f->rows.cells.sql, column) },
		sizeof(int64_t));
}

/* As it is in the file, without the zero that would have to be put behind it. */
static void add_text_column(struct folder *f, sqlite3_stmt *sql, int column)
{
	const void *text = sqlite3_column_blob(sql, column);

	add_text(f, text, (size_t)sqlite3_column_bytes(sql, column));
}

static const char *text_of(sqlite3_stmt *sql, int column)
{
	const char *text = (const char *)sqlite3_column_text(sql, column);

	return text ? text : "";
}

/* Cells that are known for different things are kept apart even where their reasons are alike. */
static void add_reason(struct folder *f)
{
	sqlite3_stmt *outcome = f->rows.outcomes.sql;
	const char *reason = text_of(outcome, OUTCOME_REASON);
	char kind[REASON_SIZE];
	bool shown;

	if (!*reason) {
		add_text(f, "", 0);
		return;
	}
	shown = sign_is_shown(text_of(f->rows.cells.sql, CELL_SIGN),
		verdict_named(text_of(outcome, OUTCOME_VERDICT)), reason);
	add_bytes(f, &shown, sizeof shown);
	add_text(f, kind, kind_of_reason(reason, kind));
}

static void make_key(struct folder *f)
{
	static const int cell_texts[] = { CELL_CASE, CELL_SUBJECT, CELL_FAULTS,
		CELL_PLACEMENT, CELL_ENGINE, CELL_WORLD, CELL_TARGET, CELL_NOISE,
		CELL_SIGN, CELL_PERTURBATION };
	static const int cell_numbers[] = { CELL_SLOTS, CELL_WORKERS, CELL_LEADER,
		CELL_EXPECTED, CELL_NUDGE };
	static const int outcome_texts[] = { OUTCOME_VERDICT, OUTCOME_EXTENT,
		OUTCOME_ANCHOR };

	f->used = 0;
	for (size_t i = 0; i < sizeof cell_texts / sizeof cell_texts[0]; i++)
		add_text_column(f, f->rows.cells.sql, cell_texts[i]);
	for (size_t i = 0; i < sizeof cell_numbers / sizeof cell_numbers[0]; i++)
		add_number_column(f, cell_numbers[i]);
	if (!f->rows.has_outcome)
		return;
	for (size_t i = 0; i < sizeof outcome_texts / sizeof outcome_texts[0]; i++)
		add_text_column(f, f->rows.outcomes.sql, outcome_texts[i]);
	add_reason(f);
}

/* FNV-1a, by words of eight bytes. */
static uint64_t hash_of(const uint8_t *bytes, size_t size)
{
	uint64_t hash = UINT64_C(0xcbf29ce484222325), word;

	for (; size; bytes += sizeof word, size -= sizeof word) {
		word = 0;
		memcpy(&word, bytes, size < sizeof word ? size : sizeof word);
		hash = (hash ^ word) * UINT64_C(0x100000001b3);
		hash ^= hash >> 32;
		if (size < sizeof word)
			break;
	}
	return hash;
}

static bool rehash(struct folder *f)
{
	size_t count = f->slot_count ? 2 * f->slot_count : 256;
	size_t *slots = calloc(count, sizeof *slots);

	if (!slots)
		return false;
	for (size_t i = 0; i < f->run->count; i++) {
		size_t at = f->keys[i].hash & (count - 1);

		while (slots[at])
			at = (at + 1) & (count - 1);
		slots[at] = 1 + i;
	}
	free(f->slots);
	f->slots = slots;
	f->slot_count = count;
	return true;
}

/* Where the key at hand is, or is to be. */
static size_t *find(const struct folder *f, uint64_t hash)
{
	size_t at = hash & (f->slot_count - 1);

	for (; f->slots[at]; at = (at + 1) & (f->slot_count - 1)) {
		const struct key *key = &f->keys[f->slots[at] - 1];

		if (key->hash == hash && key->size == f->used &&
			!memcmp(key->bytes, f->bytes, f->used))
			break;
	}
	return &f->slots[at];
}

static bool make_room(struct folder *f)
{
	struct run *run = f->run;
	size_t needed = run->count + 1, was = f->capacity, same = was;

	if (needed <= f->capacity)
		return true;
	if (!grow((void **)&run->cells, &same, needed, sizeof *run->cells))
		return false;
	same = was;
	if (!grow((void **)&run->outcomes, &same, needed, sizeof *run->outcomes))
		return false;
	same = was;
	if (!grow((void **)&run->numbers, &same, needed, sizeof *run->numbers))
		return false;
	return grow((void **)&f->keys, &f->capacity, needed, sizeof *f->keys);
}

/* The first of its key: as it is. */
static bool take_first(struct folder *f, uint64_t hash)
{
	struct run *run = f->run;
	struct key *key;

	if (!make_room(f))
		return false;
	key = &f->keys[run->count];
	*key = (struct key){ malloc(f->used), f->used, hash };
	if (!key->bytes)
		return false;
	memcpy(key->bytes, f->bytes, f->used);
	cell_rows_take_cell(&f->rows, &run->cells[run->count]);
	cell_rows_take_outcome(&f->rows, &run->outcomes[run->count]);
	run->numbers[run->count++] = f->number;
	return true;
}

static bool add_round(struct folder *f, size_t at)
{
	struct run *run = f->run;
	struct timing timing = cell_rows_timing(&f->rows);

	if (!*run->cells[at].sign)
		return true;
	if (run->round_count == f->round_capacity &&
		!grow((void **)&run->rounds, &f->round_capacity, run->round_count + 1,
			sizeof *run->rounds))
		return false;
	run->rounds[run->round_count++] =
		(struct round){ at, timing.wall, timing.cycles };
	return true;
}

/* False without memory. */
static bool take_row(struct folder *f)
{
	uint64_t hash;
	size_t *slot;
	bool first;

	make_key(f);
	if (f->failed || (2 * f->run->count >= f->slot_count && !rehash(f)))
		return false;
	hash = hash_of(f->bytes, f->used);
	slot = find(f, hash);
	first = !*slot;
	if (first && !take_first(f, hash))
		return false;
	if (first)
		*slot = f->run->count;
	else
		cell_rows_add_outcome(&f->rows, &f->run->outcomes[*slot - 1]);
	f->number++;
	return add_round(f, *slot - 1);
}

static void free_folder(struct folder *f)
{
	for (size_t i = 0; f->keys && i < f->run->count; i++)
		free(f->keys[i].bytes);
	free(f->keys);
	free(f->slots);
	free(f->bytes);
}

static int fold_rows(struct store *store, struct run *run, char *complaint)
{
	struct folder f = { .run = run };
	int result = cell_rows_open(&f.rows, store, run->info.id, complaint);

	if (result)
		return result;
	while ((result = cell_rows_step(&f.rows, complaint)) > 0) {
		if (!take_row(&f)) {
			result = store_complain(complaint, -ENOMEM,
				"%s: no memory to read it", store->path);
			break;
		}
	}
	cell_rows_close(&f.rows);
	free_folder(&f);
	return result;
}

int store_load_folded(struct store *store, int64_t id, struct run **out, char *complaint)
{
	return store_load_by(store, id, fold_rows, out, complaint);
}
