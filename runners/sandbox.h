/* SPDX-License-Identifier: BSD-2-Clause */
/* The sandbox of a cell: it can signal nobody but itself. */
#ifndef HUPSTORM_RUNNERS_SANDBOX_H
#define HUPSTORM_RUNNERS_SANDBOX_H

#include <stdbool.h>

/*
 * Install a seccomp filter on the calling thread and all that it creates. From then on
 * signals go to the own process only, no process can be created, traced or written to,
 * and no program executed: what would is refused with EPERM. Threads can be created as
 * ever. With `processes`, children can be forked, and programs executed, to which the same
 * applies: they can signal nobody but the calling process, not even themselves. Returns 0 or a negative errno; -ENOSYS, -EACCES or -EINVAL where the system has
 * no filters or does not permit one.
 */
int sandbox_enter(bool processes);

#endif
