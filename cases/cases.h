/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Cases: what is asked of a subject. A case is one file that ends in one declared
 * structure.
 *
 * To add one: write cases/NAME.c with a `const struct stress_case` in it, declare it
 * below, and put it into the table in cases.c and the file into local.mk.
 */
#ifndef HUPSTORM_CASES_CASES_H
#define HUPSTORM_CASES_CASES_H

#include "stress/oracles.h"
#include "stress/storm.h"

enum { CASE_LIST_MAX = 8 };

/* What the system must allow; a case is skipped, with the reason, where it does not. */
enum case_need {
	NEED_ATTRIBUTE = 1, /* prctl(PR_SET_KEEPCAPS) */
};

struct stress_case {
	const char *name;		   /* at most 23 characters */
	const char *summary;		   /* one line */
	const char *guards[CASE_LIST_MAX]; /* the real bugs that it would have caught,
					      "go#44193" */
	struct storm_role roles[STORM_ROLES_MAX];
	uint32_t cycle;	 /* storm_cycle bits: what the coordinator does in one cycle */
	uint64_t cycles; /* in one cell, unless the run says otherwise: some 0.3 s on two
			    cores */
	bool nudge;	 /* safepoints are asked for with SIGURG too */
	bool sends_signals;		      /* so whom they are sent to is an axis */
	uint32_t needs;			      /* case_need bits */
	enum oracle_id oracles[ORACLE_COUNT]; /* that must hold, up to ORACLE_NONE */
	const char *
		red_under[CASE_LIST_MAX]; /* fault presets under which it must fail ... */
	uint32_t red_from_slots;	  /* ... with so many slots or more */
};

/* The cases in order; NULL past the last one. */
const struct stress_case *case_at(size_t index);

/* NULL: there is none of that name. */
const struct stress_case *case_named(const char *name);

/* True if the case must fail under just these faults, which fault_print wrote, given
 * slots enough. */
bool case_is_red_under(const struct stress_case *c, const char *faults);

extern const struct stress_case case_signal_trace;
extern const struct stress_case case_hup_broadcast;
extern const struct stress_case case_hup_trace_broadcast;
extern const struct stress_case case_broadcast_only;
extern const struct stress_case case_blocked_read;
extern const struct stress_case case_signal_sequence;

#endif
