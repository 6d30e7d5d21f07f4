/* SPDX-License-Identifier: BSD-2-Clause */
#include "subset.h"

/* Members from `from` to `to` - 1; or all but these. */
static struct subset part_of(
	const struct subset *set, size_t from, size_t to, bool without)
{
	struct subset part = { 0 };

	for (size_t i = 0; i < set->count; i++)
		if ((i >= from && i < to) != without)
			part.at[part.count++] = set->at[i];
	return part;
}

/* One of so many parts, or the rest without one of them, that does it. */
static bool take_part(
	struct subset *set, size_t parts, bool without, subset_test *test, void *argument)
{
	for (size_t k = 0; k < parts; k++) {
		struct subset part = part_of(set, k * set->count / parts,
			(k + 1) * set->count / parts, without);

		if (!part.count || part.count == set->count || !test(argument, &part))
			continue;
		*set = part;
		return true;
	}
	return false;
}

void subset_minimise(
	struct subset *set, subset_test *test, subset_over *over, void *argument)
{
	size_t parts = 2;

	while (set->count > 1 && !over(argument)) {
		if (take_part(set, parts, false, test, argument)) {
			parts = 2;
		} else if (parts > 2 && take_part(set, parts, true, test, argument)) {
			parts--;
		} else if (parts < set->count) {
			parts = 2 * parts < set->count ? 2 * parts : set->count;
		} else {
			return;
		}
	}
}
