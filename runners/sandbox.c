/* SPDX-License-Identifier: BSD-2-Clause */
#include "sandbox.h"

#include <errno.h>
#include <fcntl.h>
#include <sched.h>
#include <seccomp.h>
#include <stddef.h>
#include <unistd.h>

/* Those whose first argument says who is meant. */
static const int signal_calls[] = {
	SCMP_SYS(kill),
	SCMP_SYS(tgkill),
	SCMP_SYS(rt_sigqueueinfo),
	SCMP_SYS(rt_tgsigqueueinfo),
};

/* Those that reach other processes, or leave their session, whatever their arguments are.
 */
static const int forbidden_calls[] = {
	SCMP_SYS(tkill),
	SCMP_SYS(pidfd_send_signal),
	SCMP_SYS(pidfd_open),
	SCMP_SYS(pidfd_getfd),
	SCMP_SYS(ptrace),
	SCMP_SYS(process_vm_readv),
	SCMP_SYS(process_vm_writev),
	SCMP_SYS(vfork),
	SCMP_SYS(execveat),
	SCMP_SYS(setsid),
	SCMP_SYS(setpgid),
};

/* Those that a cell with children needs; clone is looked at more closely. */
static const int process_calls[] = {
	SCMP_SYS(fork),
	SCMP_SYS(execve),
};

static const size_t signal_count = sizeof signal_calls / sizeof signal_calls[0];
static const size_t forbidden_count = sizeof forbidden_calls / sizeof forbidden_calls[0];
static const size_t process_count = sizeof process_calls / sizeof process_calls[0];

/* Refuse the call with EPERM if its argument compares like that. */
static int refuse_if(scmp_filter_ctx filter, int call, struct scmp_arg_cmp comparison)
{
	return seccomp_rule_add_array(
		filter, SCMP_ACT_ERRNO(EPERM), call, 1, &comparison);
}

static int only_to_self(scmp_filter_ctx filter, int call)
{
	const struct scmp_arg_cmp somebody_else = {
		.arg = 0, .op = SCMP_CMP_NE, .datum_a = (scmp_datum_t)getpid()
	};

	return refuse_if(filter, call, somebody_else);
}

/* clone3 hides behind a pointer what it makes, and the C library does without it when it
 * is not there. */
static int no_clone3(scmp_filter_ctx filter)
{
	return seccomp_rule_add(filter, SCMP_ACT_ERRNO(ENOSYS), SCMP_SYS(clone3), 0);
}

/* clone makes threads and processes. */
static int only_threads(scmp_filter_ctx filter)
{
	const struct scmp_arg_cmp no_thread = {
		.arg = 0, .op = SCMP_CMP_MASKED_EQ, .datum_a = CLONE_THREAD, .datum_b = 0
	};
	int error = refuse_if(filter, SCMP_SYS(clone), no_thread);

	for (size_t i = 0; i < process_count && !error; i++)
		error = seccomp_rule_add(
			filter, SCMP_ACT_ERRNO(EPERM), process_calls[i], 0);
	return error;
}

/* Signals sent by the kernel on behalf of a descriptor go to its owner. */
static int no_foreign_owners(scmp_filter_ctx filter)
{
	struct scmp_arg_cmp command = {
		.arg = 1, .op = SCMP_CMP_EQ, .datum_a = F_SETOWN
	};
	int error = refuse_if(filter, SCMP_SYS(fcntl), command);

	command.datum_a = F_SETOWN_EX;
	return error ? error : refuse_if(filter, SCMP_SYS(fcntl), command);
}

static int add_rules(scmp_filter_ctx filter, bool processes)
{
	int error = no_clone3(filter);

	if (!error && !processes)
		error = only_threads(filter);
	for (size_t i = 0; i < signal_count && !error; i++)
		error = only_to_self(filter, signal_calls[i]);
	for (size_t i = 0; i < forbidden_count && !error; i++)
		error = seccomp_rule_add(
			filter, SCMP_ACT_ERRNO(EPERM), forbidden_calls[i], 0);
	return error ? error : no_foreign_owners(filter);
}

int sandbox_enter(bool processes)
{
	scmp_filter_ctx filter = seccomp_init(SCMP_ACT_ALLOW);
	int error;

	if (!filter)
		return -ENOMEM;
	/* A tree of comparisons in place of a list: each of the cell's system calls goes
	 * through it. */
	error = seccomp_attr_set(filter, SCMP_FLTATR_CTL_OPTIMIZE, 2);
	if (!error)
		error = add_rules(filter, processes);
	if (!error)
		error = seccomp_load(filter);
	seccomp_release(filter);
	return error;
}
