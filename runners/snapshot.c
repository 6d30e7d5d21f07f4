/* SPDX-License-Identifier: BSD-2-Clause */
#include "snapshot.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <linux/futex.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

enum { TEXT_SIZE = 4096 };

/* The file /proc/PID/task/TID/NAME; false if the thread has gone or the system does not
 * say. */
static bool read_file(pid_t pid, uint32_t tid, const char *name, char text[TEXT_SIZE])
{
	char path[96];
	ssize_t length;
	int file;

	snprintf(path, sizeof path, "/proc/%d/task/%u/%s", (int)pid, tid, name);
	file = open(path, O_RDONLY | O_CLOEXEC);
	if (file < 0)
		return false;
	length = read(file, text, TEXT_SIZE - 1);
	close(file);
	if (length < 0)
		return false;
	text[length] = '\0';
	return true;
}

/* The value behind "NAME:" at the beginning of a line. */
static uint64_t field(const char *text, const char *name, int base)
{
	const char *line = strstr(text, name);

	return line ? strtoull(line + strlen(name), NULL, base) : 0;
}

static bool read_status(
	pid_t pid, uint32_t tid, struct thread_sample *sample, uint64_t *shared_pending)
{
	char text[TEXT_SIZE];
	const char *state;

	if (!read_file(pid, tid, "status", text))
		return false;
	state = strstr(text, "\nState:\t");
	sample->state = state ? state[8] : '?';
	sample->switches = field(text, "\nvoluntary_ctxt_switches:", 10) +
			   field(text, "\nnonvoluntary_ctxt_switches:", 10);
	sample->pending = field(text, "\nSigPnd:", 16);
	sample->blocked = field(text, "\nSigBlk:", 16);
	sample->caught = field(text, "\nSigCgt:", 16);
	*shared_pending = field(text, "\nShdPnd:", 16);
	return true;
}

static bool read_schedule(pid_t pid, uint32_t tid, uint64_t *run, uint64_t *delay)
{
	char text[TEXT_SIZE];

	return read_file(pid, tid, "schedstat", text) &&
	       sscanf(text, "%" SCNu64 " %" SCNu64, run, delay) == 2;
}

/* Field 39, counted behind the name, which may hold anything but ends with the last
 * parenthesis. */
static unsigned read_pu(pid_t pid, uint32_t tid)
{
	char text[TEXT_SIZE], *at;

	if (!read_file(pid, tid, "stat", text))
		return 0;
	at = strrchr(text, ')');
	for (int number = 2; at && number < 39; number++)
		at = strchr(at + 1, ' ');
	return at ? (unsigned)strtoul(at, NULL, 10) : 0;
}

static bool futex_is_timed(const uint64_t arguments[6])
{
	int operation = (int)arguments[1] & FUTEX_CMD_MASK;

	return arguments[3] &&
	       (operation == FUTEX_WAIT || operation == FUTEX_WAIT_BITSET ||
		       operation == FUTEX_LOCK_PI || operation == FUTEX_LOCK_PI2 ||
		       operation == FUTEX_WAIT_REQUEUE_PI);
}

/* restart_syscall takes up what a stop interrupted, and only calls with a timeout need
 * it. */
static bool call_is_timed(long call, const uint64_t arguments[6])
{
	switch (call) {
	case SYS_futex:
		return futex_is_timed(arguments);
#ifdef SYS_epoll_wait
	case SYS_epoll_wait:
#endif
	case SYS_epoll_pwait:
		return (int)arguments[3] != -1;
#ifdef SYS_poll
	case SYS_poll:
		return (int)arguments[2] >= 0;
#endif
	case SYS_ppoll:
	case SYS_rt_sigtimedwait:
		return arguments[2];
#ifdef SYS_select
	case SYS_select:
#endif
	case SYS_pselect6:
	case SYS_recvmmsg:
	case SYS_mq_timedsend:
	case SYS_mq_timedreceive:
		return arguments[4];
#ifdef SYS_epoll_pwait2
	case SYS_epoll_pwait2:
#endif
	case SYS_semtimedop:
		return arguments[3];
	case SYS_nanosleep:
	case SYS_clock_nanosleep:
	case SYS_restart_syscall:
		return true;
	default:
		return false;
	}
}

/* "NUMBER ARGUMENT... SP PC", or "running". */
static void read_call(pid_t pid, struct thread_sample *sample)
{
	char text[TEXT_SIZE];
	uint64_t a[6], sp, pc;
	long call;

	if (!read_file(pid, sample->tid, "syscall", text))
		return;
	if (sscanf(text,
		    "%ld %" SCNx64 " %" SCNx64 " %" SCNx64 " %" SCNx64 " %" SCNx64
		    " %" SCNx64 " %" SCNx64 " %" SCNx64,
		    &call, &a[0], &a[1], &a[2], &a[3], &a[4], &a[5], &sp, &pc) != 9)
		return;
	sample->call = call;
	sample->futex = call == SYS_futex ? a[0] : 0;
	sample->sp = sp;
	sample->pc = pc;
	sample->timed = call_is_timed(call, a);
}

static bool take_thread(
	pid_t pid, uint32_t tid, struct thread_sample *sample, uint64_t *shared_pending)
{
	*sample = (struct thread_sample){ .tid = tid, .call = -1 };
	if (!read_schedule(pid, tid, &sample->run, &sample->delay) ||
		!read_status(pid, tid, sample, shared_pending))
		return false;
	if (sample->state == 'S')
		read_call(pid, sample);
	sample->pu = read_pu(pid, tid);
	return true;
}

/* Add those of one process. */
static void take_threads(struct snapshot *snapshot, pid_t pid, uint64_t *shared_pending)
{
	struct dirent *entry;
	char path[64];
	DIR *tasks;

	snprintf(path, sizeof path, "/proc/%d/task", (int)pid);
	tasks = opendir(path);
	if (!tasks)
		return;
	while (snapshot->count < THREADS_MAX && (entry = readdir(tasks))) {
		uint32_t tid = (uint32_t)strtoul(entry->d_name, NULL, 10);

		if (tid && take_thread(pid, tid, &snapshot->threads[snapshot->count],
				   shared_pending))
			snapshot->count++;
	}
	closedir(tasks);
}

int snapshot_take(struct snapshot *snapshot, pid_t pid, const void *memory, size_t size)
{
	int error = world_inspect(memory, size, &snapshot->view);

	if (error)
		return error;
	snapshot->time = os_now();
	snapshot->count = 0;
	take_threads(snapshot, pid, &snapshot->shared_pending);
	return snapshot->count ? 0 : -ESRCH;
}

int snapshot_take_processes(
	struct snapshot *snapshot, const pid_t *processes, size_t count)
{
	uint64_t of_another;

	snapshot->time = os_now();
	snapshot->count = 0;
	snapshot->view = (struct world_view){ 0 };
	for (size_t i = 0; i < count; i++)
		take_threads(snapshot, processes[i],
			i ? &of_another : &snapshot->shared_pending);
	return snapshot->count ? 0 : -ESRCH;
}

const struct thread_sample *snapshot_thread(const struct snapshot *snapshot, uint32_t tid)
{
	for (uint32_t i = 0; i < snapshot->count; i++)
		if (snapshot->threads[i].tid == tid)
			return &snapshot->threads[i];
	return NULL;
}

const struct thread_view *snapshot_view(const struct snapshot *snapshot, uint32_t tid)
{
	for (uint32_t i = 0; i < snapshot->view.thread_count; i++)
		if (snapshot->view.threads[i].tid == tid)
			return &snapshot->view.threads[i];
	return NULL;
}

uint64_t process_cpu(pid_t pid)
{
	struct timespec time;
	clockid_t clock;

	if (clock_getcpuclockid(pid, &clock) || clock_gettime(clock, &time))
		return 0;
	return (uint64_t)time.tv_sec * OS_SECOND + (uint64_t)time.tv_nsec;
}

static uint64_t time_of(struct timeval time)
{
	return (uint64_t)time.tv_sec * OS_SECOND + (uint64_t)time.tv_usec * 1000;
}

uint64_t usage_cpu(const struct rusage *usage)
{
	return time_of(usage->ru_utime) + time_of(usage->ru_stime);
}

bool thread_usage(pid_t pid, uint32_t tid, struct thread_sample *sample)
{
	uint64_t shared_pending;

	*sample = (struct thread_sample){ .tid = tid };
	return read_schedule(pid, tid, &sample->run, &sample->delay) &&
	       read_status(pid, tid, sample, &shared_pending);
}
