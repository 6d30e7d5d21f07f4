/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What threads did last, to be drawn: a lane for each, what lasted, what happened, and arrows between threads.
 *
 * It is read from Chrome's trace events ("Trace Event Format"), as far as hupstorm writes them: the names of tracks
 * ("2 receiver", "2 receiver: handler"), B and E, X for what happened, s and f for the two ends of an arrow.
 */
#ifndef HUPSTORM_RESULTS_LANES_H
#define HUPSTORM_RESULTS_LANES_H

#include <stddef.h>

enum { LANE_NAME_SIZE = 48, LANE_TEXT_SIZE = 40 };

struct lane {
	char name[LANE_NAME_SIZE];
};

/* From step `from` to step `to`, which may be the number of all steps: it goes on. */
struct lane_span {
	size_t lane, from, to;
	char kind[LANE_TEXT_SIZE], text[LANE_TEXT_SIZE]; /* "slot", "slot 3" */
};

/* One step of one thread. Steps are numbered in the order of time. */
struct lane_step {
	size_t lane;
	double time; /* us since the first */
	char text[LANE_TEXT_SIZE];
};

struct lane_arrow {
	size_t from, to; /* steps */
};

struct lanes {
	size_t lane_count, span_count, step_count, arrow_count;
	struct lane *lanes;
	struct lane_span *spans;
	struct lane_step *steps;
	struct lane_arrow *arrows;
};

/* -EINVAL: that is no trace of such events. -ENOMEM. After either there is nothing to free. */
int lanes_read(struct lanes *lanes, const char *json);
void lanes_free(struct lanes *lanes);

#endif
