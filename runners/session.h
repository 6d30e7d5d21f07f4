/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * A session: what the commands that run cells have in common. Options, topology, store, the
 * run itself, and what the user sees of it.
 */
#ifndef HUPSTORM_RUNNERS_SESSION_H
#define HUPSTORM_RUNNERS_SESSION_H

#include "display.h"
#include "execute.h"
#include "options.h"

struct session {
	struct run_options options;
	struct placements placements;
	struct run *run;
	struct store *store;
	struct execution *execution; /* under way */
	struct bundles bundles;
	struct display display;
	bool *others; /* cells that are not to be run here; NULL: all are */
	const char *absent[2 * (PLACEMENT_COUNT + 1) + 1];
	uint64_t
		deadline; /* ns of CLOCK_MONOTONIC after which no cell is begun; 0: none */
	const struct program_plan *program; /* of a command that executes one */
	struct item_tally *tally;	    /* see cell_settings */
	/* As those of an execution (execute.h); may be NULL. */
	void (*on_outcome)(struct session *session, size_t number);
	bool (*wants_more)(struct session *session);
	bool stop;
	void *context; /* the command's own */
	char complaint[COMPLAINT_SIZE];
};

/*
 * Read the options of the command, do the rest in `body`, and tidy up. Functions return an
 * exit status, after a complaint if it is STATUS_ENVIRONMENT; 0 is STATUS_EXPECTED.
 */
int session(int argc, char **argv, enum option_user user,
	int (*body)(struct session *session));

/* The same for a command that reads its options itself: `body` does that first. */
int session_without_options(int argc, char **argv,
	int (*body)(struct session *session, int argc, char **argv));

/* Begin a run of these cells, which are the session's from now on, in the store. */
int session_begin(struct session *session, struct cell *cells, size_t count);

/* Plan another cell of the run. */
int session_add(struct session *session, const struct cell *cell);

/* Run the cells from number `first` on; what comes of each is displayed. Does not return if
 * a signal ends it: `on_end` (may be NULL) is called before that. */
int session_run(
	struct session *session, size_t first, void (*on_end)(struct session *session));

/* Write down that the run has come to its end. */
int session_finish(struct session *session);

/* Print the run's report; and before that, take back what was displayed meanwhile. */
void session_report(struct session *session);
void session_end(struct session *session);

/* STATUS_EXPECTED if all cells are as they should be. */
int session_status(const struct session *session);

#endif
