/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The rules by which a foreign program that makes no progress is judged: those of judge.h, with
 * what the kernel alone says of its threads. Pure, but for program_can_be_woken.
 */
#ifndef HUPSTORM_RUNNERS_PROGRAM_JUDGE_H
#define HUPSTORM_RUNNERS_PROGRAM_JUDGE_H

#include "judge.h"

#include <stdbool.h>

/*
 * Threads of which it is known that they wake by themselves and do not bring a program on: the
 * background threads of runtimes and of sanitizers. Asked about by thread id; may be NULL.
 */
typedef bool service_question(void *argument, uint32_t tid);

/*
 * WINDOW_LOST: everybody sleeps, and a signal that the program catches is pending and blocked
 * by every thread that could take it. A thread that sleeps with a timeout, or waits for a
 * disk, makes a window unclear.
 */
struct window judge_program(const struct snapshot *before, const struct snapshot *after,
	service_question *is_service, void *argument);

/* "5 threads: 4 in futex, 1 in read" */
void program_describe(const struct snapshot *snapshot, char *text, size_t size);

/*
 * True if something that is no thread of the program may still wake it: a network socket or a
 * timer's descriptor that it waits for, a timer's signal. `why` (of WHY_WOKEN_SIZE bytes) says
 * what. Reads /proc.
 */
enum { WHY_WOKEN_SIZE = 64 };
bool program_can_be_woken(pid_t pid, const struct snapshot *snapshot, char *why);

#endif
