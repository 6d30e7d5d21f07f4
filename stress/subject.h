/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * A subject: an all-threads mechanism under test, behind one table of functions.
 *
 * Storms reach the mechanism through this table and nothing else. Each function keeps the
 * promises that stress.h states for the function of the same purpose.
 */
#ifndef HUPSTORM_STRESS_SUBJECT_H
#define HUPSTORM_STRESS_SUBJECT_H

#include "stress.h"

struct subject {
	const char *name;
	const char *summary;
	int (*start)(const struct world_config *config); /* world_start */
	int (*spawn)(const char *name, void (*entry)(void *), void *argument,
		bool by_template); /* thread_spawn */
	int (*broadcast)(int (*function)(void *argument, bool first), void *argument,
		uint32_t *dissenter); /* broadcast */
	int (*stop_world)(void);      /* world_stop */
	void (*start_world)(void);    /* world_restart */
	void (*end)(void);	      /* world_end */
};

/* The subjects in order, the default first; NULL past the last one. */
const struct subject *subject_at(size_t index);

/* NULL: there is none of that name. */
const struct subject *subject_named(const char *name);

#endif
