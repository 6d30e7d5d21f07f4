/* SPDX-License-Identifier: BSD-2-Clause */
/* The audit: a look from outside at a cell whose world is stopped and whose senders are
 * at rest. */
#ifndef HUPSTORM_RUNNERS_AUDIT_H
#define HUPSTORM_RUNNERS_AUDIT_H

#include "snapshot.h"

struct audit {
	uint32_t threads; /* of the process */
	uint32_t
		checked; /* of them, those whose mask and pending signals were looked at */
	uint64_t run_delay, migrations;
};

/*
 * Check that the kernel's threads are those on the world's list, that every thread has
 * just the signals of `blocked` blocked, and that none has another one pending. What is
 * only on its way - a thread that is ending, a signal that is being delivered - is given
 * until `deadline`. `faults` may hold one of the audit's own (fault.h). Returns 0 with the
 * figures in *audit, -EBADMSG with the oracle and what it saw in `complaint` (`size`
 * bytes), or -ESRCH: the process has gone. Blocks until then at most.
 */
int audit_cell(pid_t pid, const void *memory, size_t memory_size, uint64_t blocked,
	const struct fault_set *faults, uint64_t deadline, struct snapshot *snapshot,
	struct audit *audit, char *complaint, size_t size);

#endif
