/* SPDX-License-Identifier: BSD-2-Clause */
#include "sandbox.h"

#include "kill.h"

#include <errno.h>
#include <fcntl.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* Those whose first argument says who is meant. */
static const int signal_calls[] = {
	SCMP_SYS(kill),
	SCMP_SYS(tgkill),
	SCMP_SYS(rt_sigqueueinfo),
	SCMP_SYS(rt_tgsigqueueinfo),
};

/* Those that reach other processes, whatever their arguments are. */
static const int reaching_calls[] = {
	SCMP_SYS(tkill),
	SCMP_SYS(pidfd_send_signal),
	SCMP_SYS(pidfd_open),
	SCMP_SYS(pidfd_getfd),
	SCMP_SYS(ptrace),
	SCMP_SYS(process_vm_readv),
	SCMP_SYS(process_vm_writev),
};

/* Those that leave the session. */
static const int leaving_calls[] = {
	SCMP_SYS(setsid),
	SCMP_SYS(setpgid),
};

/* Those that a cell with children needs; clone is looked at more closely. */
static const int process_calls[] = {
	SCMP_SYS(fork),
	SCMP_SYS(vfork),
	SCMP_SYS(execve),
	SCMP_SYS(execveat),
};

#define COUNT(list) (sizeof(list) / sizeof(list)[0])

static int add_always(
	scmp_filter_ctx filter, const int *calls, size_t count, uint32_t action)
{
	int error = 0;

	for (size_t i = 0; i < count && !error; i++)
		error = seccomp_rule_add(filter, action, calls[i], 0);
	return error;
}

/* If its argument compares like that. */
static int add_if(
	scmp_filter_ctx filter, int call, struct scmp_arg_cmp comparison, uint32_t action)
{
	return seccomp_rule_add_array(filter, action, call, 1, &comparison);
}

static int only_to_self(scmp_filter_ctx filter, int call, uint32_t action)
{
	const struct scmp_arg_cmp somebody_else = {
		.arg = 0, .op = SCMP_CMP_NE, .datum_a = (scmp_datum_t)getpid()
	};

	return add_if(filter, call, somebody_else, action);
}

/* clone3 hides behind a pointer what it makes, and the C library does without it when it
 * is not there. */
static int no_clone3(scmp_filter_ctx filter)
{
	return seccomp_rule_add(filter, SCMP_ACT_ERRNO(ENOSYS), SCMP_SYS(clone3), 0);
}

/* clone makes threads and processes. */
static int only_threads(scmp_filter_ctx filter, uint32_t action)
{
	const struct scmp_arg_cmp no_thread = {
		.arg = 0, .op = SCMP_CMP_MASKED_EQ, .datum_a = CLONE_THREAD, .datum_b = 0
	};
	int error = add_if(filter, SCMP_SYS(clone), no_thread, action);

	return error ? error
		     : add_always(filter, process_calls, COUNT(process_calls), action);
}

/* Signals sent by the kernel on behalf of a descriptor go to its owner. */
static int no_foreign_owners(scmp_filter_ctx filter, uint32_t action)
{
	struct scmp_arg_cmp command = {
		.arg = 1, .op = SCMP_CMP_EQ, .datum_a = F_SETOWN
	};
	int error = add_if(filter, SCMP_SYS(fcntl), command, action);

	command.datum_a = F_SETOWN_EX;
	return error ? error : add_if(filter, SCMP_SYS(fcntl), command, action);
}

/* A program may try what it is refused, and do without: runtimes ask for pidfds, sanitizers trace. It is
 * only held against it whom it would have signalled. */
int sandbox_add_rules(scmp_filter_ctx filter, bool processes, uint32_t reaching)
{
	uint32_t trying = processes ? SCMP_ACT_ERRNO(EPERM) : reaching;
	int error = no_clone3(filter);

	if (!error && !processes)
		error = only_threads(filter, reaching);
	for (size_t i = 0; i < COUNT(signal_calls) && !error; i++)
		error = only_to_self(filter, signal_calls[i], reaching);
	if (!error)
		error = seccomp_rule_add(filter, reaching, reaching_calls[0], 0);
	if (!error)
		error = add_always(
			filter, reaching_calls + 1, COUNT(reaching_calls) - 1, trying);
	if (!error)
		error = add_always(filter, leaving_calls, COUNT(leaving_calls), trying);
	return error ? error : no_foreign_owners(filter, trying);
}

static bool is_among(int number, const int *calls, size_t count)
{
	for (size_t i = 0; i < count; i++)
		if (calls[i] == number)
			return true;
	return false;
}

/* Whom a signal is for: 0 is the sender's group, which is of its session. The number of a process that
 * has ended may be another's by the time that the call is made; nothing says so sooner. */
static bool stays_inside(pid_t whom, pid_t tid, pid_t leader, bool processes)
{
	if (whom == leader)
		return true;
	if (!processes || whom == -1)
		return false;
	if (!whom)
		return true;
	if (whom < 0)
		return -whom == getpgid(tid) || session_of(-whom) == leader;
	return session_of(whom) == leader;
}

int sandbox_judge(
	const struct seccomp_data *call, pid_t tid, pid_t leader, bool processes)
{
	pid_t whom = (pid_t)call->args[0];

	if (is_among(call->nr, signal_calls, COUNT(signal_calls)) ||
		call->nr == SCMP_SYS(tkill))
		return stays_inside(whom, tid, leader, processes) ? 0 : EPERM;
	if (call->nr == SCMP_SYS(clone))
		return processes || call->args[0] & CLONE_THREAD ? 0 : EPERM;
	if (call->nr == SCMP_SYS(fcntl) ||
		is_among(call->nr, reaching_calls, COUNT(reaching_calls)) ||
		is_among(call->nr, leaving_calls, COUNT(leaving_calls)) ||
		is_among(call->nr, process_calls, COUNT(process_calls)))
		return EPERM;
	return 0;
}

static int signal_in(const struct seccomp_data *call)
{
	return (int)call->args[call->nr == SCMP_SYS(tgkill) ||
					       call->nr == SCMP_SYS(rt_tgsigqueueinfo)
				       ? 2
				       : 1];
}

void sandbox_describe(const struct seccomp_data *call, char *text, size_t size)
{
	char *name = seccomp_syscall_resolve_num_arch(call->arch, call->nr);
	const char *signal = NULL;

	if (is_among(call->nr, signal_calls, COUNT(signal_calls)) ||
		call->nr == SCMP_SYS(tkill))
		signal = sigabbrev_np(signal_in(call));
	if (signal)
		snprintf(text, size, "%s(%d, SIG%s)", name ? name : "?",
			(int)call->args[0], signal);
	else
		snprintf(text, size, "%s(%lld)", name ? name : "?",
			(long long)call->args[0]);
	free(name);
}
