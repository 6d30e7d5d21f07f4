/* SPDX-License-Identifier: BSD-2-Clause */
#include "filter.h"

#include "sandbox.h"

#include <errno.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

bool filter_is_any(const struct filter_plan *plan)
{
	return plan->sandboxed || perturbation_is_any(plan->perturbation);
}

/* One that the kernel knows makes it look at the program, which is not there. */
static bool kernel_knows(unsigned long flag)
{
	return syscall(SYS_seccomp, SECCOMP_SET_MODE_FILTER, flag, NULL) &&
	       errno == EFAULT;
}

static bool can_notify(void)
{
	return seccomp_api_get() >= 5 && kernel_knows(SECCOMP_FILTER_FLAG_NEW_LISTENER);
}

const char *filter_why_not(const struct perturbation *perturbation)
{
	if (!can_notify())
		return "this kernel notifies nobody of system calls (Linux 5.0)";
	if (!perturbation->plain && !kernel_knows(SECCOMP_FILTER_FLAG_NEW_LISTENER |
						  SECCOMP_FILTER_FLAG_WAIT_KILLABLE_RECV))
		return "this kernel lets signals interrupt a call that is held "
		       "(Linux 5.19): only with `plain`";
	return NULL;
}

/* Only those writes that may be to an eventfd. */
static int notify_of(scmp_filter_ctx filter, enum perturbed_call call)
{
	const struct scmp_arg_cmp eight = { .arg = 2, .op = SCMP_CMP_EQ, .datum_a = 8 };
	int error = 0;

	for (const int *number = perturbed_call_numbers(call); *number >= 0; number++) {
		if (call == PERTURB_EVENTFD)
			error = seccomp_rule_add_array(
				filter, SCMP_ACT_NOTIFY, *number, 1, &eight);
		else
			error = seccomp_rule_add(filter, SCMP_ACT_NOTIFY, *number, 0);
		/* The sandbox has done away with clone3 already. */
		if (error && *number != SYS_clone3)
			return error;
	}
	return 0;
}

static int add_rules(
	scmp_filter_ctx filter, const struct filter_plan *plan, bool notifies)
{
	uint32_t reaching = notifies ? SCMP_ACT_NOTIFY : SCMP_ACT_ERRNO(EPERM);
	int error = 0;

	if (plan->sandboxed)
		error = sandbox_add_rules(filter, plan->processes, reaching);
	for (int c = 0; c < PERTURBED_CALLS && !error; c++)
		if (perturbation_wants(plan->perturbation, (enum perturbed_call)c))
			error = notify_of(filter, (enum perturbed_call)c);
	return error;
}

/* libseccomp 2.5 has no attribute for the flag that is needed: so the program is its, and the call ours.
 * A file is what it can write to. */
static int export(scmp_filter_ctx filter, struct sock_fprog *program)
{
	int file = memfd_create("filter", MFD_CLOEXEC);
	int error = file < 0 ? -errno : seccomp_export_bpf(filter, file);
	off_t size = error ? 0 : lseek(file, 0, SEEK_END);

	program->len = (unsigned short)((size_t)size / sizeof *program->filter);
	program->filter = error ? NULL : malloc((size_t)size + 1);
	if (!error && !program->filter)
		error = -ENOMEM;
	if (!error && pread(file, program->filter, (size_t)size, 0) != size)
		error = -EIO;
	if (file >= 0)
		close(file);
	return error;
}

/* The listener's descriptor, or a negative errno. */
static int load(const struct sock_fprog *program, bool plain)
{
	unsigned long flags = SECCOMP_FILTER_FLAG_NEW_LISTENER;
	long listener;

	if (!plain && kernel_knows(flags | SECCOMP_FILTER_FLAG_WAIT_KILLABLE_RECV))
		flags |= SECCOMP_FILTER_FLAG_WAIT_KILLABLE_RECV;
	if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0))
		return -errno;
	listener = syscall(SYS_seccomp, SECCOMP_SET_MODE_FILTER, flags, program);
	return listener < 0 ? -errno : (int)listener;
}

union one_descriptor {
	struct cmsghdr header;
	char space[CMSG_SPACE(sizeof(int))];
};

/* From here on the calls of this process may be waiting for an answer, but not sendmsg and close. */
static int hand_over(int socket, int listener)
{
	union one_descriptor control = { 0 };
	char byte = 0;
	struct iovec data = { &byte, 1 };
	struct msghdr message = { .msg_iov = &data,
		.msg_iovlen = 1,
		.msg_control = &control,
		.msg_controllen = sizeof control };

	control.header.cmsg_level = SOL_SOCKET;
	control.header.cmsg_type = SCM_RIGHTS;
	control.header.cmsg_len = CMSG_LEN(sizeof listener);
	memcpy(CMSG_DATA(&control.header), &listener, sizeof listener);
	return sendmsg(socket, &message, 0) == 1 ? 0 : -errno;
}

int filter_receive_listener(int socket)
{
	union one_descriptor control = { 0 };
	char byte;
	struct iovec data = { &byte, 1 };
	struct msghdr message = { .msg_iov = &data,
		.msg_iovlen = 1,
		.msg_control = &control,
		.msg_controllen = sizeof control };
	int listener = -1;

	if (recvmsg(socket, &message, MSG_CMSG_CLOEXEC) != 1 ||
		control.header.cmsg_type != SCM_RIGHTS)
		return -1;
	memcpy(&listener, CMSG_DATA(&control.header), sizeof listener);
	return listener;
}

static int load_with_listener(scmp_filter_ctx filter, const struct filter_plan *plan)
{
	struct sock_fprog program = { 0 };
	int error = export(filter, &program), listener = -1;

	if (!error) {
		listener = load(&program, plan->perturbation->plain);
		error = listener < 0 ? listener : 0;
	}
	free(program.filter);
	if (!error)
		error = hand_over(plan->handover, listener);
	if (listener >= 0)
		close(listener);
	return error;
}

static int enter(const struct filter_plan *plan, bool notifies)
{
	scmp_filter_ctx filter = seccomp_init(SCMP_ACT_ALLOW);
	int error;

	if (!filter)
		return -ENOMEM;
	/* A tree of comparisons in place of a list: each of the system calls goes through
	 * it. */
	error = seccomp_attr_set(filter, SCMP_FLTATR_CTL_OPTIMIZE, 2);
	if (!error)
		error = add_rules(filter, plan, notifies);
	if (!error)
		error = notifies ? load_with_listener(filter, plan)
				 : seccomp_load(filter);
	seccomp_release(filter);
	return error;
}

/* Where hupstorm itself runs under a filter that notifies somebody, a second one is refused. */
int filter_enter(const struct filter_plan *plan)
{
	bool perturbed = perturbation_is_any(plan->perturbation);
	bool notifies = plan->handover >= 0 && can_notify();
	int error;

	if (!notifies && perturbed)
		return -EOPNOTSUPP;
	error = enter(plan, notifies);
	return error == -EBUSY && !perturbed ? enter(plan, false) : error;
}
