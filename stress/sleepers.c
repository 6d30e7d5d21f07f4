/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Those who sleep in system calls. A broadcast reaches them by a directed signal; what a
 * handler interrupts is taken up again here, on behalf of user code that knows nothing of
 * broadcasts.
 */
#include "roles.h"
#include "die.h"

#define LONG_SLEEP (20 * OS_MILLISECOND)

static bool is_interrupted(struct role *self, int result)
{
	if (result != -EINTR)
		return false;
	os_count(&self->storm->progress->interrupted, 1);
	return true;
}

static void reader(void *argument)
{
	struct role *self = argument;
	uint8_t byte;

	while (!is_let_go(self->storm)) {
		if (world_read(&self->pipe, &byte) != 1)
			die("reader: the pipe is broken");
		oracle_user_step(&self->storm->oracle, true);
	}
}

static int open_reader(struct role *self)
{
	return os_pipe_open(&self->pipe);
}

static void release_reader(struct role *self)
{
	os_pipe_write(&self->pipe, 0);
}

static void close_reader(struct role *self)
{
	os_pipe_close(&self->pipe);
}

/* Of two, the one wakes the other, which then wakes it: each is in a system call until the
 * other, which needs a slot for it, has been there. */
static struct role *partner_of(struct role *self)
{
	return self->number & 1 ? self - 1 : self + 1;
}

static void relay(void *argument)
{
	struct role *self = argument;
	uint8_t byte;

	while (!is_let_go(self->storm)) {
		os_pipe_write(&partner_of(self)->pipe, 0);
		if (world_read(&self->pipe, &byte) != 1)
			die("relay: the pipe is broken");
		oracle_user_step(&self->storm->oracle, true);
		safepoint();
	}
}

/* Acquire pairs with the release in release_futex. */
static void futex(void *argument)
{
	struct role *self = argument;

	enter_syscall();
	while (!os_load(&self->word, memory_order_acquire))
		is_interrupted(self, os_futex_wait(&self->word, 0, OS_FOREVER));
	exit_syscall();
	oracle_user_step(&self->storm->oracle, true);
}

static void release_futex(struct role *self)
{
	os_store(&self->word, 1, memory_order_release);
	os_futex_wake(&self->word, 1);
}

static void epoll(void *argument)
{
	struct role *self = argument;

	enter_syscall();
	while (is_interrupted(self, os_poller_wait(&self->poller, OS_FOREVER)))
		;
	exit_syscall();
	oracle_user_step(&self->storm->oracle, true);
}

static int open_epoll(struct role *self)
{
	return os_poller_open(&self->poller);
}

static void release_epoll(struct role *self)
{
	os_poller_post(&self->poller);
}

static void close_epoll(struct role *self)
{
	os_poller_close(&self->poller);
}

/* A sleep that is told as a length goes on with what was left of it: with the whole
 * again it would never end where signals come faster (golang/go#27520). */
static void napper(void *argument)
{
	struct role *self = argument;

	while (!is_let_go(self->storm)) {
		uint64_t left = 10000 + random_below(&self->random, 200000);

		enter_syscall();
		while (is_interrupted(self, os_sleep(&left)))
			;
		exit_syscall();
		oracle_user_step(&self->storm->oracle, true);
		safepoint();
	}
}

/* And one that is told as a time goes on until then. */
static void sleeper(void *argument)
{
	struct role *self = argument;

	while (!is_let_go(self->storm)) {
		uint64_t deadline = os_now() + LONG_SLEEP;

		enter_syscall();
		while (is_interrupted(self, os_sleep_until(deadline)))
			;
		exit_syscall();
		if (os_now() < deadline)
			oracle_broken(ORACLE_TIMERS, "a sleep came back early");
		oracle_user_step(&self->storm->oracle, true);
		safepoint();
	}
}

const struct role_kind role_reader = {
	.name = "reader",
	.run = reader,
	.threads = 1,
	.open = open_reader,
	.release = release_reader,
	.close = close_reader,
};

const struct role_kind role_relay = {
	.name = "relay",
	.run = relay,
	.threads = 1,
	.open = open_reader,
	.release = release_reader,
	.close = close_reader,
};

const struct role_kind role_futex = {
	.name = "futex", .run = futex, .threads = 1, .release = release_futex
};

const struct role_kind role_epoll = {
	.name = "epoll",
	.run = epoll,
	.threads = 1,
	.open = open_epoll,
	.release = release_epoll,
	.close = close_epoll,
};

const struct role_kind role_napper = { .name = "napper", .run = napper, .threads = 1 };
const struct role_kind role_sleeper = { .name = "sleeper", .run = sleeper, .threads = 1 };
