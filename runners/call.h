/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef HUPSTORM_RUNNERS_CALL_H
#define HUPSTORM_RUNNERS_CALL_H

enum { CALL_NAME_SIZE = 32 };

/* The name of a system call of this machine, in `name`; "no system call" for -1, "?" if it has none. */
const char *call_name(long call, char name[CALL_NAME_SIZE]);

#endif
