/* SPDX-License-Identifier: BSD-2-Clause */
/* The parts of the native seam that are too rare, or too long, to be inline. */
#include "os.h"

#include <fcntl.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <sys/eventfd.h>
#include <sys/mman.h>
#include <sys/wait.h>

pid_t os_process;
_Thread_local struct thread *os_this_thread;

/* A handler needs a few kilobytes and the kernel's frame (larger on machines with wide
 * vectors); the sanitizers' run-time libraries need much more of both. */
#if defined(__SANITIZE_ADDRESS__) || OS_SIGNALS_ARE_PUT_OFF
enum { THREAD_STACK = 1024 * 1024, SIGNAL_STACK = 256 * 1024 };
#else
enum { THREAD_STACK = 256 * 1024, SIGNAL_STACK = 32 * 1024 };
#endif

static size_t signal_stack_size(void)
{
	long least = sysconf(_SC_MINSIGSTKSZ);

	return SIGNAL_STACK + (least > 0 ? (size_t)least : 0);
}

enum { HANDLE_NONE, HANDLE_IN_THE_MAKING, HANDLE_THERE };
enum { CREATION_TRIES = 20 };

/* Release pairs with the acquire in await_handle. */
static void set_handle_state(struct os_thread *thread, uint32_t state)
{
	os_store(&thread->state, state, memory_order_release);
	os_futex_wake(&thread->state, UINT32_MAX >> 1);
}

/* A thread may have come to its end before the one that made it has its handle. */
static bool await_handle(struct os_thread *thread)
{
	uint32_t state;

	while ((state = os_load(&thread->state, memory_order_acquire)) ==
		HANDLE_IN_THE_MAKING)
		os_futex_wait(&thread->state, HANDLE_IN_THE_MAKING, OS_FOREVER);
	return state == HANDLE_THERE;
}

static void *run_entry(void *argument)
{
	struct os_thread *thread = argument;

	thread->entry(thread->argument);
	return NULL;
}

void os_begin(void)
{
	os_process = getpid();
}

/* A refusal may be over at once: where it is not, so many change nothing. (Go's runtime/cgo tries as
 * often, gcc_util.c.) */
static int try_to_create(
	pthread_t *handle, const pthread_attr_t *attributes, struct os_thread *thread)
{
	int error = EAGAIN;

	for (int i = 0; i < CREATION_TRIES && error == EAGAIN; i++) {
		if (i)
			os_yield();
		error = pthread_create(handle, attributes, run_entry, thread);
	}
	return error;
}

int os_thread_create(struct os_thread *thread, void (*entry)(void *), void *argument)
{
	struct os_signal_set mask;
	pthread_attr_t attributes;
	int error, before = errno;

	thread->entry = entry;
	thread->argument = argument;
	error = pthread_attr_init(&attributes);
	if (error)
		return -error;
	pthread_attr_setstacksize(&attributes, THREAD_STACK + PTHREAD_STACK_MIN);
	set_handle_state(thread, HANDLE_IN_THE_MAKING);
	mask = os_signals_block_all();
	error = try_to_create(&thread->handle, &attributes, thread);
	os_signals_set(mask);
	pthread_attr_destroy(&attributes);
	set_handle_state(thread, error ? HANDLE_NONE : HANDLE_THERE);
	errno = before;
	return -error;
}

int os_thread_enter(struct os_thread *thread, struct thread *self, uint32_t *tid)
{
	stack_t stack = { .ss_size = signal_stack_size() };

	stack.ss_sp = mmap(NULL, stack.ss_size, PROT_READ | PROT_WRITE,
		MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	if (stack.ss_sp == MAP_FAILED || sigaltstack(&stack, NULL))
		return -errno;
	thread->signal_stack = stack.ss_sp;
	thread->signal_stack_size = stack.ss_size;
	os_this_thread = self;
	*tid = (uint32_t)os_call(SYS_gettid);
	return 0;
}

void os_signal_stack_off(void)
{
	stack_t none = { .ss_flags = SS_DISABLE };

	sigaltstack(&none, NULL);
}

void os_thread_leave(struct os_thread *thread)
{
	os_signal_stack_off();
	os_this_thread = NULL;
	munmap(thread->signal_stack, thread->signal_stack_size);
	thread->signal_stack = NULL;
}

void os_thread_join(struct os_thread *thread)
{
	int before = errno;

	if (!await_handle(thread))
		return;
	pthread_join(thread->handle, NULL);
	errno = before;
	set_handle_state(thread, HANDLE_NONE);
}

/* What stood before a handler of ours, so that a handler of somebody else's comes back. */
static struct sigaction replaced[OS_SIGNALS + 1];

static struct sigaction action_for(
	int signal, enum os_disposition disposition, void (*handler)(int))
{
	struct sigaction action = { .sa_flags = 0 };

	if (disposition >= OS_SIGNAL_HANDLE && !handler)
		return replaced[signal];
	if (disposition != OS_SIGNAL_HANDLE_OFF_STACK)
		action.sa_flags |= SA_ONSTACK;
	if (disposition >= OS_SIGNAL_HANDLE)
		action.sa_handler = handler;
	else
		action.sa_handler = disposition == OS_SIGNAL_IGNORE ? SIG_IGN : SIG_DFL;
	/* A put-off signal is only seen when the sleep that it hit comes back. */
	if (!OS_SIGNALS_ARE_PUT_OFF && disposition != OS_SIGNAL_HANDLE_UNRESTARTED)
		action.sa_flags |= SA_RESTART;
	sigfillset(&action.sa_mask);
	return action;
}

static enum os_disposition disposition_of(const struct sigaction *action)
{
	if (action->sa_handler == SIG_DFL)
		return OS_SIGNAL_DEFAULT;
	return action->sa_handler == SIG_IGN ? OS_SIGNAL_IGNORE : OS_SIGNAL_HANDLE;
}

int os_signal_dispose(int signal, enum os_disposition disposition, void (*handler)(int),
	enum os_disposition *before)
{
	struct sigaction action, old;

	if (signal < 1 || signal > OS_SIGNALS)
		return -EINVAL;
	action = action_for(signal, disposition, handler);
	if (sigaction(signal, &action, &old))
		return -errno;
	if (handler)
		replaced[signal] = old;
	if (before)
		*before = disposition_of(&old);
	return 0;
}

enum os_disposition os_signal_disposition(int signal)
{
	struct sigaction action;

	return sigaction(signal, NULL, &action) ? OS_SIGNAL_DEFAULT
						: disposition_of(&action);
}

/* In the child, where every signal is blocked. */
static _Noreturn void be_child(struct os_signal_set mask, bool execute)
{
	static char path[] = "/bin/true";
	char *const arguments[] = { path, NULL }, *const environment[] = { NULL };

	for (int signal = 1; signal <= OS_SIGNALS; signal++)
		if (os_signal_disposition(signal) == OS_SIGNAL_HANDLE)
			os_signal_dispose(signal, OS_SIGNAL_DEFAULT, NULL, NULL);
	os_signals_set(mask);
	if (!execute)
		_exit(0);
	execve(path, arguments, environment);
	_exit(127);
}

int os_child_start(bool execute)
{
	struct os_signal_set mask = os_signals_block_all();
	int before = errno;
	pid_t child = fork();
	int result = child < 0 ? -errno : child;

	if (child == 0)
		be_child(mask, execute);
	errno = before;
	os_signals_set(mask);
	return result;
}

int os_child_wait(int child)
{
	int status, result = (int)os_call(SYS_wait4, (long)child, &status, 0, NULL);

	os_native_after_sleep();
	if (result < 0)
		return result;
	return WIFEXITED(status) ? WEXITSTATUS(status) : -ECANCELED;
}

int os_poller_open(struct os_poller *poller)
{
	struct epoll_event interest = { .events = EPOLLIN };

	poller->epoll = epoll_create1(EPOLL_CLOEXEC);
	if (poller->epoll < 0)
		return -errno;
	poller->event = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
	if (poller->event >= 0 &&
		!epoll_ctl(poller->epoll, EPOLL_CTL_ADD, poller->event, &interest))
		return 0;

	int error = -errno;

	os_poller_close(poller);
	return error;
}

void os_poller_close(struct os_poller *poller)
{
	if (poller->event >= 0)
		close(poller->event);
	close(poller->epoll);
}

int os_pipe_open(struct os_pipe *pipe)
{
	int ends[2];

	if (pipe2(ends, O_CLOEXEC))
		return -errno;
	pipe->read_end = ends[0];
	pipe->write_end = ends[1];
	return 0;
}

void os_pipe_close(struct os_pipe *pipe)
{
	close(pipe->read_end);
	close(pipe->write_end);
}

void os_abort(void)
{
	struct sigaction action = { .sa_handler = SIG_DFL };
	struct os_signal_set only_abort = { UINT64_C(1) << (SIGABRT - 1) };
	long tid = os_call(SYS_gettid);

	sigaction(SIGABRT, &action, NULL);
	os_call(SYS_tgkill, (long)getpid(), tid, SIGABRT);
	os_signals_change(SIG_UNBLOCK, &only_abort);
	_exit(127); /* not reached: the signal was pending */
}

void os_exit(int status)
{
	_exit(status);
}
