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
	NEED_PROCESSES = 2, /* the cell may fork and execute: the sandbox lets it */
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
	bool sends_signals;		      /* so whom they are sent to is an axis */
	uint32_t needs;			      /* case_need bits */
	enum oracle_id oracles[ORACLE_COUNT]; /* that must hold, up to ORACLE_NONE */
	const char *
		red_under[CASE_LIST_MAX]; /* fault presets under which it must fail ... */
	uint32_t red_from_slots;	  /* ... with so many slots or more */
	bool negative_control; /* it sees none of the other presets: green on all */
	bool nudge;	       /* safepoints are asked for with SIGURG too */
	bool cold;	       /* see struct storm_plan */
	uint32_t starts_with;  /* storm_start bits */
	bool few_threads;      /* the world has no room for more: births are refused */
	/* To whom it sends too, beside the process and each thread in turn; up to
	 * TARGET_PROCESS. */
	enum storm_target targets[TARGET_COUNT];
	/* One combination of the axes in each placement and no presets, unless it is
	 * asked for by name. */
	bool sparse;
};

/* What the storm of a case is, but for what a cell chooses. */
void case_plan(const struct stress_case *c, struct storm_plan *plan);

/* Why it is nothing for a simulated machine, or NULL. */
const char *case_why_not_simulated(const struct stress_case *c);

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
extern const struct stress_case case_template_birth;
extern const struct stress_case case_burst_birth;
extern const struct stress_case case_many_broadcasters;
extern const struct stress_case case_many_stoppers;
extern const struct stress_case case_blocked_calls;
extern const struct stress_case case_signal_churn;
extern const struct stress_case case_three_signals;
extern const struct stress_case case_nudges;
extern const struct stress_case case_cold_start;
extern const struct stress_case case_fork_exec;
extern const struct stress_case case_hup_blocked;
extern const struct stress_case case_hup_ignored;
extern const struct stress_case case_nudge_blocked;
extern const struct stress_case case_pending_limit;
extern const struct stress_case case_thread_limit;
extern const struct stress_case case_timers;
extern const struct stress_case case_services;
extern const struct stress_case case_relays;

#endif
