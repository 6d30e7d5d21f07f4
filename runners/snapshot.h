/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * A snapshot: what the kernel and the runtime say about every thread of a cell at one
 * time.
 *
 * Taken from the parent, without stopping or tracing anybody. Threads come and go while
 * it is taken.
 */
#ifndef HUPSTORM_RUNNERS_SNAPSHOT_H
#define HUPSTORM_RUNNERS_SNAPSHOT_H

#include "stress/inspect.h"

#include <sys/resource.h>
#include <sys/types.h>

struct thread_sample {
	uint32_t tid;
	char state;	   /* as in /proc: R, S, D, T, t, Z, X */
	bool timed;	   /* sleeps in a system call that ends by itself */
	long call;	   /* that it sleeps in; -1: none, or not known */
	uint64_t futex;	   /* the address of the word, if that is futex(2) */
	uint64_t sp, pc;   /* there */
	unsigned pu;	   /* that it last ran on */
	uint64_t run;	   /* ns on a processor */
	uint64_t delay;	   /* ns runnable and waiting for one */
	uint64_t switches; /* both kinds */
	uint64_t pending;  /* signals to this thread: bit (number - 1) */
	uint64_t blocked;
	uint64_t caught; /* by its process */
};

struct snapshot {
	uint64_t time;		 /* ns of CLOCK_MONOTONIC */
	uint64_t shared_pending; /* signals to the process */
	uint32_t count;
	struct thread_sample threads[THREADS_MAX];
	struct world_view view;
};

/* Take one of the process, whose world is in `memory`. -ESRCH: the process has gone;
 * -EINVAL: it has no world yet. */
int snapshot_take(struct snapshot *snapshot, pid_t pid, const void *memory, size_t size);

/* The same of processes that have no world: the view is empty, and shared_pending that of
 * the first. -ESRCH: none of them is there any more. */
int snapshot_take_processes(
	struct snapshot *snapshot, const pid_t *processes, size_t count);

/* The sample of a thread, NULL if it was not there. */
const struct thread_sample *snapshot_thread(
	const struct snapshot *snapshot, uint32_t tid);

/* The runtime's view of a thread, NULL if it is none of the world's. */
const struct thread_view *snapshot_view(const struct snapshot *snapshot, uint32_t tid);

/* The CPU time that a process has used, in ns; 0: not known. And what wait4 says of one that has
 * ended. */
uint64_t process_cpu(pid_t pid);
uint64_t usage_cpu(const struct rusage *usage);

/* The state, times, switches and signals of one thread alone; false if it has gone. */
bool thread_usage(pid_t pid, uint32_t tid, struct thread_sample *sample);

#endif
