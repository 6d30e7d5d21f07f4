/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The smallest part of a set that still does something: delta debugging (Zeller and Hildebrandt,
 * "Simplifying and Isolating Failure-Inducing Input", 2002), ddmin: bisection, and what is left of it
 * without each of its parts.
 */
#ifndef HUPSTORM_RUNNERS_SUBSET_H
#define HUPSTORM_RUNNERS_SUBSET_H

#include <stdbool.h>
#include <stddef.h>

enum { SUBSET_MAX = 64 };

struct subset {
	size_t count;
	size_t at[SUBSET_MAX]; /* members, by number */
};

/* True if that part does it. False for good once `over` says that there is no more time. */
typedef bool subset_test(void *argument, const struct subset *part);
typedef bool subset_over(void *argument);

/*
 * Make of a set that does it a part that does, without any one of whose members it does not: or what
 * there was of that when it was over. Pure but for the two.
 */
void subset_minimise(
	struct subset *set, subset_test *test, subset_over *over, void *argument);

#endif
