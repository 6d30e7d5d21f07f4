/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The seam between the runtime and the operating system.
 *
 * Together with atomic.h this is all the contact that the runtime has with the world
 * outside: no other file in this folder calls libc for anything but memcpy and its kin,
 * and none makes a system call. os_native.h implements the seam with Linux system calls,
 * inline, so that it costs nothing; another implementation may put a simulated machine
 * behind the same declarations.
 *
 * Unless said otherwise a function returns 0 or a negative errno, does not block, is
 * async-signal-safe and leaves errno alone. Times are nanoseconds of CLOCK_MONOTONIC.
 */
#ifndef HUPSTORM_STRESS_OS_H
#define HUPSTORM_STRESS_OS_H

#include "atomic.h"

#include <errno.h>
#include <stddef.h>
#include <stdint.h>

#define OS_FOREVER     UINT64_MAX
#define OS_MILLISECOND UINT64_C(1000000)
#define OS_SECOND      UINT64_C(1000000000)

/* For those who read. */
static inline double os_seconds(uint64_t time)
{
	return (double)time / (double)OS_SECOND;
}

/* Signals: bit (number - 1) of `bits`, numbers 1 to 64. */
struct os_signal_set {
	uint64_t bits;
};

/* The number that the runtime keeps for itself: the nudge towards a safepoint, and the
 * directed signal that reaches a thread blocked in a system call. A standard signal on
 * purpose: the kernel may refuse to queue a real-time one when the quota of pending
 * signals is used up. */
#define OS_SIGNAL_NUDGE	 23 /* SIGURG */
#define OS_SIGNAL_HANGUP 1  /* SIGHUP */
#define OS_SIGNAL_USER1	 10 /* SIGUSR1 */
#define OS_SIGNAL_USER2	 12 /* SIGUSR2 */
#define OS_SIGNALS	 64 /* numbers 1 to that */

/* The number that a mechanism which directs a signal to every thread keeps for itself:
 * standard, too, and like SIGURG one that does nothing where nobody handles it. */
#define OS_SIGNAL_BROADCAST 28 /* SIGWINCH */
/* The first real-time signal that no C library keeps for itself, for mechanisms that
 * would build on one. */
#define OS_SIGNAL_REALTIME 35

struct thread;
struct os_thread;

/* Before anything else here but time, in each process that has a world; by a thread that
 * is alone. */
void os_begin(void);

/* Time. os_now never goes back. */
os_inline uint64_t os_now(void);

/*
 * Sleep while *word == expected, at most until `deadline` (OS_FOREVER: without limit).
 * 0: woken, or for no reason. -EAGAIN: the word held something else. -EINTR: a handler
 * ran. -ETIMEDOUT. Every caller looks at its word again, whatever came back. Blocks.
 */
os_inline int os_futex_wait(const os_word *word, uint32_t expected, uint64_t deadline);
/* Wake at most `count` sleepers on the word. */
os_inline void os_futex_wake(const os_word *word, uint32_t count);

/* Sleep for *left, or until a handler has run: then -EINTR, and *left is what was left of
 * it. Blocks. */
os_inline int os_sleep(uint64_t *left);
/* Sleep until the deadline, or until a handler has run: -EINTR. Blocks. */
os_inline int os_sleep_until(uint64_t deadline);

/* Let another thread run, if one waits for this processor. */
os_inline void os_yield(void);
/* A breath inside a spin loop. */
os_inline void os_relax(void);

/*
 * The signal mask of the calling thread. "All" leaves out the numbers that the C library
 * keeps for itself (32 to 34): a thread that blocked those would hang its setxid and
 * cancellation.
 */
os_inline struct os_signal_set os_signals_block_all(
	void); /* returns the mask from before */
os_inline void os_signals_set(struct os_signal_set mask);
os_inline struct os_signal_set os_signals_get(void);

/* Send a signal to this process (the kernel picks the thread), or to one thread of it. */
os_inline int os_kill_process(int signal);
os_inline int os_kill_thread(uint32_t tid, int signal);

/* What the kernel does on a signal. */
enum os_disposition {
	OS_SIGNAL_DEFAULT,
	OS_SIGNAL_IGNORE,
	OS_SIGNAL_HANDLE,
	OS_SIGNAL_HANDLE_UNRESTARTED, /* without SA_RESTART: reads return -EINTR too */
	OS_SIGNAL_HANDLE_OFF_STACK    /* on the stack that the thread runs on */
};
/*
 * OS_SIGNAL_HANDLE runs `handler` with every signal blocked, on the thread's own signal
 * stack, with SA_RESTART; `handler` NULL puts back the one that the last such call
 * replaced. The two after it leave out what they say. `before` (may be NULL) receives the
 * previous disposition, OS_SIGNAL_HANDLE for any handler. -EINVAL: no such signal.
 */
int os_signal_dispose(int signal, enum os_disposition disposition, void (*handler)(int),
	enum os_disposition *before);

/* What the kernel would do on that signal now, from 1 to 64. */
enum os_disposition os_signal_disposition(int signal);

/*
 * Threads. The record belongs to the runtime and stays where it is until os_thread_join.
 *
 * os_thread_create starts entry(argument) on a new thread with every signal blocked;
 * -EAGAIN if the system has no thread to give. May allocate; not async-signal-safe.
 * os_thread_enter makes the calling thread `self`, gives it a signal stack, and returns
 * its tid. It is called once by each thread, with signals blocked, before any handler may
 * run. os_thread_leave undoes that, with signals blocked. os_thread_join waits (blocks)
 * until the thread has ended and frees what it had; it returns at once for a record
 * (zeroed at first) that no thread was created on since the last join.
 */
int os_thread_create(struct os_thread *thread, void (*entry)(void *), void *argument);
int os_thread_enter(struct os_thread *thread, struct thread *self, uint32_t *tid);
void os_thread_leave(struct os_thread *thread);
/* The calling thread has no signal stack any more. */
void os_signal_stack_off(void);
void os_thread_join(struct os_thread *thread);
/* The record given to os_thread_enter by the calling thread; NULL on a thread of no
 * world. */
os_inline struct thread *os_self(void);
/* By a handler of `signal` on the thread itself: whether it runs on the signal stack that
 * os_thread_enter set up. */
os_inline bool os_on_signal_stack(const struct os_thread *thread, int signal);

/*
 * A poller: an epoll set that watches one eventfd.
 * os_poller_wait blocks until the event is posted or the deadline is reached; 1 if the
 * event is up, 0 at the deadline, -EINTR after a handler. With deadline 0 it only looks.
 * os_poller_post raises the event, os_poller_take lowers it.
 */
struct os_poller {
	int epoll, event;
};
int os_poller_open(struct os_poller *poller);
void os_poller_close(struct os_poller *poller);
os_inline int os_poller_wait(const struct os_poller *poller, uint64_t deadline);
os_inline void os_poller_post(const struct os_poller *poller);
os_inline void os_poller_take(const struct os_poller *poller);

/* A pipe, for threads that block in the kernel. Reading blocks until a byte is there (1),
 * the writer is closed (0), or a handler of the process has run where the kernel does not
 * restart the call (-EINTR). */
struct os_pipe {
	int read_end, write_end;
};
int os_pipe_open(struct os_pipe *pipe);
void os_pipe_close(struct os_pipe *pipe);
os_inline int os_pipe_read(const struct os_pipe *pipe, uint8_t *byte);
os_inline int os_pipe_write(const struct os_pipe *pipe, uint8_t byte);

/*
 * Child processes. Every signal is blocked around the fork, until what this process
 * handles has its default disposition again in the child: no handler of ours runs there
 * (golang/go#18600), and a fork that signals keep interrupting would never come to an
 * end. The child ends at once, or executes /bin/true with the caller's mask. Returns its
 * process id, or -EAGAIN, -ENOMEM, -EPERM: not allowed; -ENOSYS: there are none. Not
 * async-signal-safe.
 * os_child_wait waits (blocks) for its end and returns its exit status, -ECANCELED if a
 * signal ended it, or -EINTR after a handler.
 */
int os_child_start(bool execute);
int os_child_wait(int child);

/*
 * The attribute that broadcasts set in storms: one bit that the kernel keeps for each
 * thread and hands down at its birth (prctl PR_SET_KEEPCAPS). Needs no privilege.
 */
os_inline int os_attribute_set(bool value);
os_inline int os_attribute_get(void); /* 0, 1 or a negative errno */

/* The end. os_last_words writes to standard error, past stdio. os_abort ends the process
 * with SIGABRT whatever the mask and the handlers are; os_exit ends it with a status.
 * Neither returns. */
os_inline void os_last_words(const char *text, size_t length);
_Noreturn void os_abort(void);
_Noreturn void os_exit(int status);

#ifdef HUPSTORM_SIMULATED
#include "sim/os_sim.h"
#else
#include "os_native.h"
#endif

#endif
