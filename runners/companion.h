/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The companion of a program: a process of ours that sends it the storm's signals, and kills it
 * and its session when the one that started them has died.
 *
 * A program that changes its credentials loses the death signal of its parent (prctl(2),
 * PR_SET_PDEATHSIG), and what it starts never had it; the companion sees its socket close.
 * It sends a signal only as long as the program catches it, as /proc says several times a
 * second, for a program that does not would die of it.
 */
#ifndef HUPSTORM_RUNNERS_COMPANION_H
#define HUPSTORM_RUNNERS_COMPANION_H

#include "storm_outside.h"

#include "stress/os.h"

#include <sys/types.h>

/* Shared with the parent. */
struct companion_page {
	os_word rests;		      /* 1: send nothing for now; by the parent */
	os_counter sent[STREAMS_MAX]; /* by the companion */
};

struct companion {
	pid_t pid;
	int socket; /* our end */
	struct companion_page *page;
};

/*
 * Start the companion of `program`, a child of ours and the leader of its own session, to
 * which `pidfd` belongs. `page` is shared and zeroed. 0 or a negative errno.
 */
int companion_start(struct companion *companion, pid_t program, int pidfd,
	const struct storm_outside *storm, struct companion_page *page);

/* End it; it sends nothing any more when this returns. Before the program is waited for: until
 * then its numbers are nobody else's. Blocks until it has gone, which it does at once. */
void companion_end(struct companion *companion);

#endif
