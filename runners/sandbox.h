/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The sandbox: what runs in it can signal nobody but itself. Its rules, for a seccomp filter
 * (filter.h), and for who is told of the calls that the filter does not let through.
 *
 * A cell's signals go to its own process only; no process can be created, traced or written to, and
 * no program executed: what would is refused with EPERM. Threads can be created as ever. With
 * `processes`, children can be forked, and programs executed, to which the same applies; where
 * somebody judges their calls one by one, they can signal whom they like in their session.
 */
#ifndef HUPSTORM_RUNNERS_SANDBOX_H
#define HUPSTORM_RUNNERS_SANDBOX_H

#include <seccomp.h>
#include <stdbool.h>
#include <stddef.h>
#include <sys/types.h>

/*
 * Add the rules to a filter of the calling process. What reaches for others is met with `reaching`:
 * a refusal, or a notification. 0 or a negative errno.
 */
int sandbox_add_rules(scmp_filter_ctx filter, bool processes, uint32_t reaching);

/*
 * Of a call that was notified, made by this thread of a process whose session is led by `leader`: 0 if
 * it may be made, a positive errno if it is to be refused. Pure but for /proc.
 */
int sandbox_judge(
	const struct seccomp_data *call, pid_t tid, pid_t leader, bool processes);

/* "kill(1, SIGHUP)": a call that was refused, in words. */
void sandbox_describe(const struct seccomp_data *call, char *text, size_t size);

#endif
