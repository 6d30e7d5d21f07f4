/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * A schedule: the list of actions that a simulated machine went through, and its form as
 * a string.
 *
 *	THREAD.COUNT	so many actions of kind run on that thread
 *	THREAD!SIGNAL	a handler for the signal begins on the thread
 *	THREAD~		its sleep times out
 *
 * joined by commas. What a string is a schedule of stands before it (program.h), and
 * behind a slash how it goes on at its end (enum tail in scheduler.h).
 */
#ifndef HUPSTORM_RUNNERS_EXPLORE_SCHEDULE_H
#define HUPSTORM_RUNNERS_EXPLORE_SCHEDULE_H

#include "stress/sim/machine.h"

struct schedule {
	size_t count, room;
	struct sim_action *actions;
};

/* Append. Ends the process if there is no memory. */
void schedule_add(struct schedule *schedule, struct sim_action action);
void schedule_copy(struct schedule *to, const struct schedule *from);
void schedule_free(struct schedule *schedule);

/* The actions after which another thread goes on. */
size_t schedule_switches(const struct schedule *schedule);

/* The string, allocated; NULL without memory. */
char *schedule_print(const struct schedule *schedule);

/* Read a string, up to its end or a slash, into an empty schedule. -EINVAL: `*where` points to what is wrong. */
int schedule_parse(struct schedule *schedule, const char *text, const char **where);

#endif
