/* SPDX-License-Identifier: BSD-2-Clause */
/* The opening of a small world, done once and put back for each schedule after. */
#ifndef HUPSTORM_RUNNERS_EXPLORE_OPENING_H
#define HUPSTORM_RUNNERS_EXPLORE_OPENING_H

#include "capture.h"

struct opening {
	bool taken;
	struct capture capture;
	uint32_t shared;
	uint16_t locals[CAPTURE_THREADS];
};

/* Have the machine as it is when it has just been opened. False: it ended before, as
 * `result` says. */
bool opening_set_up(
	struct opening *opening, struct program *program, struct sim_result *result);

void opening_free(struct opening *opening);

#endif
