/* SPDX-License-Identifier: BSD-2-Clause */
/* The inside of a cell: what the child does between fork and the storm, and what it
 * shares with its parent. */
#ifndef HUPSTORM_RUNNERS_INSIDE_H
#define HUPSTORM_RUNNERS_INSIDE_H

#include "filter.h"
#include "place.h"
#include "results/results.h"
#include "stress/storm.h"

#include <sys/types.h>

/* The status with which a child ends that could not do what was asked; the page says why.
 */
enum { EXIT_TROUBLE = 71 };

enum trouble { TROUBLE_NONE, TROUBLE_SANDBOX, TROUBLE_PLACEMENT, TROUBLE_START };

struct thread_number {
	os_word tid, number, party;
};

struct cell_page {
	struct storm_progress progress;
	os_word trouble; /* enum trouble, the first that there was */
	os_word error;	 /* its errno */
	os_word births;	 /* of threads, which numbers them */
	os_word dying;	 /* a thread has said its last words, and waits to be looked at */
	os_word strayed; /* threads that were outside their placement when they ended */
	struct thread_number threads[THREADS_MAX]; /* the last so many */
};

struct inside {
	struct cell_page *page; /* shared, zeroed */
	struct world_config config;
	struct storm_plan plan;
	const struct subject *subject;
	const struct placements *placements;
	const struct placement *placement;
	bool sandboxed;
	struct perturbation perturbation;
	bool evidence;	  /* the parent looks at it before it dies */
	bool few_threads; /* no room for more than the case needs */
	bool processes;	  /* it may fork and execute */
	pid_t parent;
	int last_words;		      /* standard error of the cell */
	int audit_wanted, audit_done; /* eventfds */
	int death_seen;		      /* likewise; a semaphore */
	int handover;		      /* of the filter's listener; see filter.h */
};

/* In the child, from fork to the end of the process. */
_Noreturn void inside_run(struct inside *inside);

/* Which birth it was that this thread came from, and what it is to the storm; false if nobody
 * knows. */
bool inside_thread_number(const struct cell_page *page, uint32_t tid, uint32_t *number,
	enum storm_party *party);

/* The verdict on a child that ended with EXIT_TROUBLE, and the reason. */
enum verdict inside_explain(const struct cell_page *page, char *reason, size_t size);

#endif
