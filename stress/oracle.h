/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The oracles that watch broadcasts from inside a storm.
 *
 * The function that is broadcast is not idempotent: each run of it counts on its thread
 * and flips an attribute that the kernel keeps for the thread, so a run too many shows as
 * much as one that is missing.
 */
#ifndef HUPSTORM_STRESS_ORACLE_H
#define HUPSTORM_STRESS_ORACLE_H

#include "oracles.h"
#include "stress.h"

struct oracle {
	os_word epoch;	   /* broadcasts begun; the attribute's value is its lowest bit */
	os_word unsettled; /* threads that have not run the function of this epoch yet */
};

/* The function to broadcast, with the oracle as its argument. */
int oracle_function(void *oracle, bool first);

/* What must hold whenever user code runs; `closely` also asks the kernel (two system
 * calls). */
void oracle_user_step(struct oracle *oracle, bool closely);

/* With no broadcast under way: every thread has run every function, or its parent has
 * before its birth. */
void oracle_check_all(struct oracle *oracle);

#endif
