/* SPDX-License-Identifier: BSD-2-Clause */
#include "classes.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* PUs side by side, from the first to before the last. */
struct range {
	size_t first, last;
};

/* Where a group would fit; more than there are groups need not be known, for another then
 * takes none of their places. */
struct hosts {
	size_t count;
	struct range at[PARTY_COUNT];
};

struct search {
	const struct levels *levels;
	struct role_classes *classes;
	size_t capacity;
	struct role_class class; /* as far as it has got */
	int error;
};

/* The object of that level which begins with the first of these PUs. */
static struct range first_object(
	const struct levels *levels, size_t level, struct range within)
{
	struct range object = { within.first, within.first + 1 };

	while (object.last < within.last &&
		levels->pus[object.last].at[level] == levels->pus[object.first].at[level])
		object.last++;
	return object;
}

static bool fit(struct search *s, size_t level, struct range within, unsigned roles);

static void find_hosts(struct search *s, size_t level, struct range within,
	unsigned roles, struct hosts *hosts)
{
	struct range object;

	hosts->count = 0;
	for (; within.first < within.last && hosts->count < PARTY_COUNT;
		within.first = object.last) {
		object = first_object(s->levels, level, within);
		if (fit(s, level + 1, object, roles))
			hosts->at[hosts->count++] = object;
	}
}

/* Give each group from number `group` on a host of its own, the first that leaves the
 * others one. */
static bool match(const struct hosts *hosts, size_t groups, size_t group,
	struct range chosen[PARTY_COUNT])
{
	if (group == groups)
		return true;
	for (size_t h = 0; h < hosts[group].count; h++) {
		bool taken = false;

		chosen[group] = hosts[group].at[h];
		for (size_t g = 0; g < group; g++)
			taken |= chosen[g].first == chosen[group].first;
		if (!taken && match(hosts, groups, group + 1, chosen))
			return true;
	}
	return false;
}

/* Which of these roles are together at the level, as bits; returns how many groups. */
static size_t group_roles(const unsigned char strings[PARTY_COUNT], unsigned roles,
	unsigned groups[PARTY_COUNT])
{
	unsigned of[PARTY_COUNT] = { 0 };
	size_t count = 0;

	for (unsigned r = 0; r < PARTY_COUNT; r++)
		if (roles >> r & 1)
			of[strings[r]] |= 1U << r;
	for (size_t g = 0; g < PARTY_COUNT; g++)
		if (of[g])
			groups[count++] = of[g];
	return count;
}

/* Place these roles, as bits, on these PUs, an object of the level before: each group into
 * an object of this level. False if there is no room. */
static bool fit(struct search *s, size_t level, struct range within, unsigned roles)
{
	unsigned groups[PARTY_COUNT];
	struct hosts hosts[PARTY_COUNT];
	struct range chosen[PARTY_COUNT];
	size_t count;

	if (level == s->levels->count) {
		for (unsigned r = 0; r < PARTY_COUNT; r++)
			if (roles >> r & 1)
				s->class.pus[r] = within.first;
		return true;
	}
	count = group_roles(s->class.groups[level], roles, groups);
	for (size_t g = 0; g < count; g++) {
		find_hosts(s, level, within, groups[g], &hosts[g]);
		if (!hosts[g].count)
			return false;
	}
	if (!match(hosts, count, 0, chosen))
		return false;
	/* The search has left the last that it tried behind. */
	for (size_t g = 0; g < count; g++)
		fit(s, level + 1, chosen[g], groups[g]);
	return true;
}

static size_t pair_number(enum storm_party one, enum storm_party other)
{
	size_t high = one > other ? one : other, low = one > other ? other : one;

	return high * (high - 1) / 2 + low;
}

uint64_t class_relation(enum storm_party one, enum storm_party other, size_t shared)
{
	return UINT64_C(1) << (pair_number(one, other) * (LEVELS_MAX + 1) + shared);
}

static uint64_t relations_of(const struct role_class *class, size_t levels)
{
	uint64_t relations = 0;

	for (int a = 0; a < PARTY_COUNT; a++)
		for (int b = 0; b < a; b++) {
			size_t shared = 0;

			while (shared < levels &&
				class->groups[shared][a] == class->groups[shared][b])
				shared++;
			relations |= class_relation(
				(enum storm_party)a, (enum storm_party)b, shared);
		}
	return relations;
}

static void add_level(char *name, const char *level, const unsigned char *groups)
{
	size_t used = strlen(name);

	used += (size_t)snprintf(name + used, PLACEMENT_SIZE - used, "%s=", level);
	for (size_t r = 0; r < PARTY_COUNT; r++)
		name[used++] = (char)('0' + groups[r]);
	name[used] = '\0';
}

/* Four can be divided three times: the name has room. */
static void name_class(const struct levels *levels, struct role_class *class)
{
	static const unsigned char together[PARTY_COUNT];
	const unsigned char *before = together;

	strcpy(class->name, "by-role:");
	for (size_t l = 0; l < levels->count; l++) {
		if (!memcmp(before, class->groups[l], PARTY_COUNT))
			continue;
		if (before != together)
			strcat(class->name, ",");
		add_level(class->name, levels->names[l], class->groups[l]);
		before = class->groups[l];
	}
	if (before == together)
		add_level(class->name, levels_name(levels, levels->count), together);
}

static void add_class(struct search *s)
{
	struct role_classes *classes = s->classes;

	if (classes->count == s->capacity) {
		size_t more = s->capacity ? 2 * s->capacity : 64;
		struct role_class *at = realloc(classes->at, more * sizeof *at);

		if (!at) {
			s->error = -ENOMEM;
			return;
		}
		classes->at = at;
		s->capacity = more;
	}
	name_class(s->levels, &s->class);
	s->class.relations = relations_of(&s->class, s->levels->count);
	classes->at[classes->count++] = s->class;
}

/* Digits of `number` to the base of the roles: a string; true if each of its groups is one
 * that is there or the next. */
static bool growth_string(unsigned number, unsigned char string[PARTY_COUNT])
{
	unsigned next = 0;

	for (size_t r = PARTY_COUNT; r-- > 0; number /= PARTY_COUNT)
		string[r] = number % PARTY_COUNT;
	for (size_t r = 0; r < PARTY_COUNT; r++) {
		if (string[r] > next)
			return false;
		next += string[r] == next;
	}
	return true;
}

/* True if those who are together in the finer one are in the coarser. */
static bool refines(const unsigned char *finer, const unsigned char *coarser)
{
	for (size_t a = 0; a < PARTY_COUNT; a++)
		for (size_t b = 0; b < a; b++)
			if (finer[a] == finer[b] && coarser[a] != coarser[b])
				return false;
	return true;
}

enum { STRINGS = 256 }; /* PARTY_COUNT to the power of itself */

static void enumerate(struct search *s, size_t level)
{
	const struct range all = { 0, s->levels->pu_count };
	unsigned char *string = s->class.groups[level];

	if (level == s->levels->count) {
		if (fit(s, 0, all, (1U << PARTY_COUNT) - 1))
			add_class(s);
		return;
	}
	for (unsigned number = 0; number < STRINGS && !s->error; number++)
		if (growth_string(number, string) &&
			(!level || refines(string, s->class.groups[level - 1])))
			enumerate(s, level + 1);
}

static unsigned count_bits(uint64_t bits)
{
	unsigned count = 0;

	for (; bits; bits &= bits - 1)
		count++;
	return count;
}

/* The first of those, from number `from` on, that add most to what is there. */
static size_t best_of(const struct role_classes *classes, size_t from, uint64_t there)
{
	size_t best = from;

	for (size_t i = from; i < classes->count; i++)
		if (count_bits(classes->at[i].relations & ~there) >
			count_bits(classes->at[best].relations & ~there))
			best = i;
	return best;
}

static void bring_forward(struct role_classes *classes, size_t from, size_t to)
{
	struct role_class moved = classes->at[from];

	memmove(&classes->at[to + 1], &classes->at[to],
		(from - to) * sizeof *classes->at);
	classes->at[to] = moved;
}

static void cover(struct role_classes *classes)
{
	uint64_t all = 0, there = 0;

	for (size_t i = 0; i < classes->count; i++)
		all |= classes->at[i].relations;
	for (classes->cover = 0; there != all; classes->cover++) {
		bring_forward(
			classes, best_of(classes, classes->cover, there), classes->cover);
		there |= classes->at[classes->cover].relations;
	}
}

int classes_of(const struct levels *levels, struct role_classes *classes)
{
	struct search s = { .levels = levels, .classes = classes };

	*classes = (struct role_classes){ 0 };
	enumerate(&s, 0);
	if (s.error)
		classes_free(classes);
	else
		cover(classes);
	return s.error;
}

void classes_free(struct role_classes *classes)
{
	free(classes->at);
	*classes = (struct role_classes){ 0 };
}
