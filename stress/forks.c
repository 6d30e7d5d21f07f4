/* SPDX-License-Identifier: BSD-2-Clause */
/* A thread of the world that forks: to run a program, or a child that ends at once. */
#include "roles.h"
#include "die.h"

static int wait_for(struct role *self, int child)
{
	int result;

	enter_syscall();
	while ((result = os_child_wait(child)) == -EINTR)
		os_count(&self->storm->progress->interrupted, 1);
	exit_syscall();
	return result;
}

static void forker(void *argument)
{
	struct role *self = argument;

	for (uint32_t i = 0; !at_rest(self->storm); i++) {
		int child = os_child_start(i & 1), result;

		/* The system has no room for it just now, which is not the subject's fault. */
		if (child == -EAGAIN || child == -ENOMEM) {
			os_count(&self->storm->progress->refused, 1);
			thread_yield();
			continue;
		}
		if (child < 0)
			die("fork: failed with error %d", -child);
		result = wait_for(self, child);
		if (result)
			die("fork: the child ended with %d", result);
		os_count(&self->storm->progress->children, 1);
		oracle_user_step(&self->storm->oracle, true);
		safepoint();
	}
	role_rests(self->storm);
}

const struct role_kind role_fork = {
	.name = "fork", .run = forker, .threads = 1, .rests = true
};
