/* SPDX-License-Identifier: BSD-2-Clause */
/* The seam of os.h over Linux system calls. Included by os.h, never on its own. */
#ifndef HUPSTORM_STRESS_OS_NATIVE_H
#define HUPSTORM_STRESS_OS_NATIVE_H

#include <errno.h>
#include <linux/futex.h>
#include <pthread.h>
#include <signal.h>
#include <sys/epoll.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

_Static_assert(OS_SIGNAL_NUDGE == SIGURG && OS_SIGNAL_HANGUP == SIGHUP &&
		       OS_SIGNAL_BROADCAST == SIGWINCH && OS_SIGNAL_USER1 == SIGUSR1 &&
		       OS_SIGNAL_USER2 == SIGUSR2,
	"signals have other numbers on this architecture: os.h");

/* How patient the runtime is: tries before a lock sleeps; rounds of sysmon before its naps
 * get longer, and the longest of these (ns). */
enum { OS_SPINS = 30, OS_SHORT_NAPS = 50, OS_LONGEST_NAP = 10 * 1000 * 1000 };

/* Whether events are kept (event.h): where states are told apart they are not. */
os_inline bool os_keeps_events(void)
{
	return true;
}

struct os_thread {
	pthread_t handle;
	os_word state; /* of the handle: nobody's, being made, there */
	void (*entry)(void *);
	void *argument;
	void *signal_stack;
	size_t signal_stack_size;
};

extern pid_t os_process; /* set by os_begin */
extern _Thread_local struct thread *os_this_thread
	__attribute__((tls_model("initial-exec")));

/* Under ThreadSanitizer a handler that arrives during a raw system call is put off until
 * the thread next calls one of the functions that the sanitizer wraps: this is such a
 * call. */
#if defined(__SANITIZE_THREAD__)
#define OS_SIGNALS_ARE_PUT_OFF 1
#elif defined(__has_feature)
#if __has_feature(thread_sanitizer)
#define OS_SIGNALS_ARE_PUT_OFF 1
#endif
#endif
#ifndef OS_SIGNALS_ARE_PUT_OFF
#define OS_SIGNALS_ARE_PUT_OFF 0
#endif

/* Whether errno is each thread's own, and nobody else's: usleep is another's. */
enum { OS_ERRNO_IS_OWN = !OS_SIGNALS_ARE_PUT_OFF };

os_inline void os_native_after_sleep(void)
{
	if (OS_SIGNALS_ARE_PUT_OFF)
		usleep(0);
}

/* syscall(2) reports through errno, which a handler and its victim share. */
#define os_call(...)                                                                     \
	({                                                                               \
		int before_ = errno;                                                     \
		long result_ = syscall(__VA_ARGS__);                                     \
		if (result_ < 0)                                                         \
			result_ = -errno;                                                \
		errno = before_;                                                         \
		result_;                                                                 \
	})

os_inline struct timespec os_timespec(uint64_t time)
{
	return (struct timespec){ .tv_sec = (time_t)(time / OS_SECOND),
		.tv_nsec = (long)(time % OS_SECOND) };
}

os_inline uint64_t os_now(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return (uint64_t)now.tv_sec * OS_SECOND + (uint64_t)now.tv_nsec;
}

/* FUTEX_WAIT_BITSET takes an absolute time, so that a sleep that a signal cut short and
 * that is taken up again still ends when it should (golang/go#27520). */
os_inline int os_futex_wait(const os_word *word, uint32_t expected, uint64_t deadline)
{
	struct timespec until = os_timespec(deadline);
	const struct timespec *limit = deadline == OS_FOREVER ? NULL : &until;
	int result = (int)os_call(SYS_futex, &word->value, FUTEX_WAIT_BITSET_PRIVATE,
		expected, limit, NULL, FUTEX_BITSET_MATCH_ANY);

	os_native_after_sleep();
	return result;
}

os_inline void os_futex_wake(const os_word *word, uint32_t count)
{
	os_call(SYS_futex, &word->value, FUTEX_WAKE_PRIVATE, count, NULL, NULL, 0);
}

os_inline int os_sleep(uint64_t *left)
{
	struct timespec length = os_timespec(*left), rest = { 0 };
	int result =
		(int)os_call(SYS_clock_nanosleep, CLOCK_MONOTONIC, 0, &length, &rest);

	os_native_after_sleep();
	*left = (uint64_t)rest.tv_sec * OS_SECOND + (uint64_t)rest.tv_nsec;
	return result;
}

os_inline int os_sleep_until(uint64_t deadline)
{
	struct timespec until = os_timespec(deadline);
	int result = (int)os_call(
		SYS_clock_nanosleep, CLOCK_MONOTONIC, TIMER_ABSTIME, &until, NULL);

	os_native_after_sleep();
	return result;
}

os_inline void os_yield(void)
{
	os_call(SYS_sched_yield);
}

os_inline void os_relax(void)
{
#if defined(__x86_64__) || defined(__i386__)
	__builtin_ia32_pause();
#elif defined(__powerpc__)
	__asm__ volatile("or 1,1,1; or 2,2,2"); /* low priority, and back */
#elif defined(__aarch64__)
	__asm__ volatile("yield");
#endif
}

os_inline struct os_signal_set os_signals_change(int how, const struct os_signal_set *set)
{
	struct os_signal_set before = { 0 };

	os_call(SYS_rt_sigprocmask, how, set, &before, sizeof before);
	return before;
}

os_inline struct os_signal_set os_signals_block_all(void)
{
	const uint64_t of_the_c_library = UINT64_C(7) << (32 - 1);
	struct os_signal_set all = { ~of_the_c_library };

	return os_signals_change(SIG_BLOCK, &all);
}

os_inline void os_signals_set(struct os_signal_set mask)
{
	os_signals_change(SIG_SETMASK, &mask);
}

os_inline struct os_signal_set os_signals_get(void)
{
	return os_signals_change(SIG_BLOCK, NULL);
}

os_inline int os_kill_process(int signal)
{
	return (int)os_call(SYS_kill, (long)os_process, signal);
}

os_inline int os_kill_thread(uint32_t tid, int signal)
{
	return (int)os_call(SYS_tgkill, (long)os_process, (long)tid, signal);
}

os_inline struct thread *os_self(void)
{
	return os_this_thread;
}

/* A handler that ThreadSanitizer has put off runs on whatever stack its thread is on. */
os_inline bool os_on_signal_stack(const struct os_thread *thread, int signal)
{
	uintptr_t here = (uintptr_t)__builtin_frame_address(0);

	(void)signal;
	return OS_SIGNALS_ARE_PUT_OFF ||
	       here - (uintptr_t)thread->signal_stack < thread->signal_stack_size;
}

os_inline int os_poller_wait(const struct os_poller *poller, uint64_t deadline)
{
	struct epoll_event event;
	int before = errno, count, wait = -1;

	if (deadline != OS_FOREVER) {
		uint64_t now = os_now();
		uint64_t rest = deadline > now ? deadline - now : 0;

		rest = (rest + OS_MILLISECOND - 1) / OS_MILLISECOND;
		wait = rest > 1000000 ? 1000000 : (int)rest;
	}
	count = epoll_wait(poller->epoll, &event, 1, wait);
	if (count < 0)
		count = -errno;
	errno = before;
	return count;
}

os_inline void os_poller_post(const struct os_poller *poller)
{
	const uint64_t one = 1;

	os_call(SYS_write, poller->event, &one, sizeof one);
}

os_inline void os_poller_take(const struct os_poller *poller)
{
	uint64_t count;

	os_call(SYS_read, poller->event, &count, sizeof count);
}

os_inline int os_pipe_read(const struct os_pipe *pipe, uint8_t *byte)
{
	int result = (int)os_call(SYS_read, pipe->read_end, byte, 1);

	os_native_after_sleep();
	return result;
}

os_inline int os_pipe_write(const struct os_pipe *pipe, uint8_t byte)
{
	return (int)os_call(SYS_write, pipe->write_end, &byte, 1);
}

os_inline int os_attribute_set(bool value)
{
	return (int)os_call(SYS_prctl, PR_SET_KEEPCAPS, (unsigned long)value, 0, 0, 0);
}

os_inline int os_attribute_get(void)
{
	return (int)os_call(SYS_prctl, PR_GET_KEEPCAPS, 0, 0, 0, 0);
}

os_inline void os_last_words(const char *text, size_t length)
{
	os_call(SYS_write, STDERR_FILENO, text, length);
}

#endif
