/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The seccomp filter of a child: what it may not do (sandbox.h), and the system calls at which it is
 * perturbed (perturbation.h), in one; and how its parent comes to hear of them.
 *
 * A task has one filter at most that notifies somebody, so there is one for both.
 */
#ifndef HUPSTORM_RUNNERS_FILTER_H
#define HUPSTORM_RUNNERS_FILTER_H

#include "perturbation.h"

struct filter_plan {
	bool sandboxed;
	bool processes; /* it may make some */
	const struct perturbation *perturbation;
	int handover; /* a socket, at whose other end somebody receives the listener; -1: nobody does */
};

/* True if there is anything to filter. */
bool filter_is_any(const struct filter_plan *plan);

/*
 * Install it on the calling thread and all that it creates, and hand its listener over. Without one
 * (an old kernel), what the sandbox forbids is refused and nobody hears of it. Returns 0 or a negative
 * errno: -ENOSYS, -EACCES or -EINVAL where the system has no filters or does not permit one;
 * -EOPNOTSUPP if it has none that perturbs.
 */
int filter_enter(const struct filter_plan *plan);

/* At the other end: the listener's descriptor; -1: none has come, and none will. Blocks until there is
 * something to receive. */
int filter_receive_listener(int socket);

/* NULL, or why no child can be perturbed here. */
const char *filter_why_not(const struct perturbation *perturbation);

#endif
