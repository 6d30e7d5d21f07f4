/* SPDX-License-Identifier: BSD-2-Clause */
#include "call.h"

#include <seccomp.h>
#include <stdio.h>
#include <stdlib.h>

const char *call_name(long call, char name[CALL_NAME_SIZE])
{
	char *known;

	if (call < 0)
		return "no system call";
	known = seccomp_syscall_resolve_num_arch(SCMP_ARCH_NATIVE, (int)call);
	snprintf(name, CALL_NAME_SIZE, "%s", known ? known : "?");
	free(known);
	return name;
}
