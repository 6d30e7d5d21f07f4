/* SPDX-License-Identifier: BSD-2-Clause */
/* The roles of a storm, one function each. */
#include "roles.h"
#include "die.h"

#define RETRY_AFTER (10 * OS_MILLISECOND)
#define FAR	    (30 * OS_SECOND)

static bool at_rest(const struct storm *storm)
{
	return os_load(&storm->rest, memory_order_acquire);
}

void sender_rests(struct storm *storm)
{
	os_bump(&storm->senders, -1, memory_order_acq_rel);
}

/* A thread that ends takes what was sent to it alone with it. A flood may send to all; a
 * ping-pong, which waits until its signal comes, only to threads that last, and itself. */
static bool may_be_sent_to(const struct role *self, uint32_t index)
{
	return self->kind == ROLE_FLOOD || index == thread_self() ||
	       os_load(&self->storm->lasts[index], memory_order_acquire);
}

/*
 * A thread that runs and has not moved since it was last sent a signal is passed over. On
 * one processing unit the thread that its handler wakes runs at once and sends the next:
 * if it were sent to threads that do not get on, these would get the processor for their
 * handlers, and for nothing else, for ever.
 */
static bool takes_its_turn(const struct role *self, uint32_t index)
{
	struct storm *storm = self->storm;
	uint32_t moves = thread_moves(index);

	if (!may_be_sent_to(self, index))
		return false;
	if (thread_is_running(index) &&
		moves == os_load(&storm->moves_seen[index], memory_order_relaxed))
		return false;
	os_store(&storm->moves_seen[index], moves, memory_order_relaxed);
	return true;
}

/* The tid of the next thread in turn, 0 if it takes no signals. */
static uint32_t next_target(struct role *self)
{
	uint32_t threads = threads_ever(), index;

	for (uint32_t i = 0; i < threads; i++) {
		index = self->next_target++ % threads;
		if (takes_its_turn(self, index))
			return thread_tid(index);
	}
	return 0;
}

static void send_to_next_thread(struct role *self)
{
	uint32_t tid = next_target(self);

	if (tid)
		os_kill_thread(tid, OS_SIGNAL_HANGUP);
	else
		os_kill_process(OS_SIGNAL_HANGUP);
}

static void send_hangup(struct role *self)
{
	os_count(&self->storm->progress->sent, 1);
	signal_note(SIGNAL_SENT);
	if (self->storm->plan->target == TARGET_ROTATE)
		send_to_next_thread(self);
	else
		os_kill_process(OS_SIGNAL_HANGUP);
}

/* TestSignalTrace's waitSig looks again every 10 ms, "to give the kernel more tries to
 * deliver the signal". */
static int receive_hangup(struct role *self, uint32_t *signal)
{
	int error;

	if (self->kind == ROLE_PING_PONG)
		return channel_receive(&self->channel, OS_FOREVER, signal);
	do {
		error = channel_receive(&self->channel, os_now() + RETRY_AFTER, signal);
	} while (error == -ETIMEDOUT);
	return error;
}

static bool await_hangup(struct role *self)
{
	uint32_t signal;
	int error;

	thread_awaits_signal(true);
	error = receive_hangup(self, &signal);
	thread_awaits_signal(false);
	if (!error && signal != OS_SIGNAL_HANGUP)
		oracle_broken(ORACLE_NO_LOST_SIGNAL, "signal %u came instead of SIGHUP",
			signal);
	return !error;
}

/* From outside of user code, as another process would: while the world is being stopped, is
 * stopped, or is in a broadcast. */
static void send_aligned(struct role *self)
{
	uint64_t wait = align_meet(&self->storm->align, ALIGN_SENDER, &self->random);

	enter_syscall();
	align_wait(wait);
	send_hangup(self);
	exit_syscall();
}

static bool exchange_signal(struct role *self)
{
	bool aligned = self->storm->plan->aligned && !self->number, received;
	uint64_t began;

	if (aligned)
		send_aligned(self);
	else
		send_hangup(self);
	began = os_now();
	received = await_hangup(self);
	if (aligned)
		align_measured(&self->storm->align, ALIGN_SENDER, os_now() - began);
	return received;
}

/* The last exchange begins after the senders were told to rest. */
static void ping_pong(void *argument)
{
	struct role *self = argument;
	bool last;

	do {
		last = at_rest(self->storm);
		if (!exchange_signal(self))
			break;
		os_count(&self->storm->progress->received, 1);
		signal_note(SIGNAL_RECEIVED);
		oracle_user_step(&self->storm->oracle, true);
		safepoint();
	} while (!last);
	sender_rests(self->storm);
}

/* Bursts of 1 to 16, so that the slot changes hands in all kinds of moments. */
static void flood(void *argument)
{
	struct role *self = argument;

	while (!at_rest(self->storm)) {
		for (uint32_t left = 1 + random_below(&self->random, 16); left; left--) {
			send_hangup(self);
			oracle_user_step(&self->storm->oracle, left == 1);
			safepoint();
		}
		thread_yield();
	}
	sender_rests(self->storm);
}

static void drain(void *argument)
{
	struct role *self = argument;
	uint32_t signal;

	while (!channel_receive(&self->channel, OS_FOREVER, &signal))
		oracle_user_step(&self->storm->oracle, true);
}

/* Wait for the neighbour, one time in four for a moment only, and wake the next. The
 * timer that ends a wait keeps a ring of workers going in which every token was dropped.
 */
static void worker(void *argument)
{
	struct role *self = argument;
	uint64_t deadline;
	uint32_t token;
	int error;

	do {
		channel_try_send(self->neighbour, 1);
		deadline = OS_FOREVER;
		if (!self->number || random_below(&self->random, 4) == 0)
			deadline = os_now() + random_below(&self->random, 1000000);
		error = channel_receive(&self->channel, deadline, &token);
		oracle_user_step(&self->storm->oracle, true);
		safepoint();
	} while (error != -ESHUTDOWN);
}

static void reader(void *argument)
{
	struct role *self = argument;
	uint8_t byte;

	while (!os_load(&self->storm->let_go, memory_order_acquire)) {
		if (world_read(&self->pipe, &byte) != 1)
			die("reader: the pipe is broken");
		oracle_user_step(&self->storm->oracle, true);
	}
}

static void newborn(void *argument)
{
	struct role *parent = argument;
	struct storm *storm = parent->storm;

	oracle_user_step(&storm->oracle, true);
	safepoint();
	oracle_user_step(&storm->oracle, true);
	channel_try_send(&parent->channel, 1);
}

/* One child at a time: the next is born when the last has said that it ends. */
static void birth(void *argument)
{
	struct role *self = argument;
	uint32_t ended;

	for (uint32_t i = 0; !at_rest(self->storm); i++) {
		int child = self->storm->subject->spawn("newborn", newborn, self, i & 1);

		if (child < 0)
			die("birth: failed with error %d", -child);
		channel_receive(&self->channel, OS_FOREVER, &ended);
		oracle_user_step(&self->storm->oracle, true);
		safepoint();
	}
	sender_rests(self->storm);
}

static void far_timer(void *argument)
{
	struct role *self = argument;
	uint32_t value;

	while (channel_receive(&self->channel, os_now() + FAR, &value) == -ETIMEDOUT)
		oracle_user_step(&self->storm->oracle, true);
}

static const struct {
	const char *name;
	void (*run)(void *role);
	uint32_t threads; /* at the same time, with its helpers */
	bool rests;	  /* is told to come to rest */
	bool subscribed;  /* its channel, to SIGHUP */
} kinds[ROLE_KIND_COUNT] = {
	[ROLE_PING_PONG] = { "ping-pong", ping_pong, 1, true, true },
	[ROLE_PING_PONG_TIMED] = { "ping-pong", ping_pong, 1, true, true },
	[ROLE_FLOOD] = { "flood", flood, 2, true, true },
	[ROLE_WORKER] = { "worker", worker, 1, false, false },
	[ROLE_READER] = { "reader", reader, 1, false, false },
	[ROLE_BIRTH] = { "birth", birth, 3, true, false },
	[ROLE_FAR_TIMER] = { "far-timer", far_timer, 1, false, false },
	[ROLE_SEQUENCE] = { "sequence", sequence, 1, true, false },
};

uint32_t role_threads(enum storm_role_kind kind)
{
	return kinds[kind].threads;
}

static int set_up(struct storm *storm, struct role *role, enum storm_role_kind kind,
	uint32_t number)
{
	role->storm = storm;
	role->kind = kind;
	role->number = number;
	role->random.state = storm->plan->seed + (uint64_t)kind * 1000 + number;
	role->next_target = random_below(&role->random, 8);
	channel_init(&role->channel, 1);
	if (kinds[kind].subscribed)
		return signal_subscribe(&role->channel, OS_SIGNAL_HANGUP);
	if (kind == ROLE_SEQUENCE)
		return sequence_set_up(role);
	return kind == ROLE_READER ? os_pipe_open(&role->pipe) : 0;
}

static int set_up_all(struct storm *storm)
{
	int error = 0;

	for (size_t i = 0; i < STORM_ROLES_MAX && storm->plan->roles[i].kind; i++) {
		const struct storm_role *kind = &storm->plan->roles[i];
		struct role *first = &storm->roles[storm->role_count];

		for (uint32_t n = 0; n < kind->count && !error; n++) {
			struct role *role = &storm->roles[storm->role_count++];

			error = set_up(storm, role, kind->kind, n);
			role->neighbour = &first[(n + 1) % kind->count].channel;
			if (kinds[kind->kind].rests)
				os_bump(&storm->senders, 1, memory_order_relaxed);
		}
	}
	return error;
}

static int start(struct storm *storm, struct role *role)
{
	const struct subject *subject = storm->subject;
	int thread = subject->spawn(
		kinds[role->kind].name, kinds[role->kind].run, role, role->number & 1);

	if (thread >= 0 && role->kind == ROLE_FLOOD)
		thread = subject->spawn("drain", drain, role, false);
	else if (thread >= 0 && kinds[role->kind].rests)
		return 0;
	if (thread < 0)
		return thread;
	os_store(&storm->lasts[thread], 1, memory_order_release);
	return 0;
}

void roles_count_on_services(struct storm *storm, uint32_t but_for)
{
	for (uint32_t i = 0; i < threads_ever(); i++)
		os_store(&storm->lasts[i], i != but_for, memory_order_release);
}

int roles_start(struct storm *storm)
{
	uint32_t count = 0;
	int error;

	for (size_t i = 0; i < STORM_ROLES_MAX; i++)
		count += storm->plan->roles[i].count;
	storm->roles = world_allocate(count * sizeof *storm->roles);
	if (count && !storm->roles)
		return -ENOMEM;
	error = set_up_all(storm);
	for (uint32_t i = 0; i < storm->role_count && !error; i++)
		error = start(storm, &storm->roles[i]);
	return error;
}

void roles_rest(struct storm *storm)
{
	os_store(&storm->rest, 1, memory_order_release);
	while (os_load(&storm->senders, memory_order_acquire)) {
		thread_yield();
		os_yield();
	}
}

void roles_let_go(struct storm *storm)
{
	os_store(&storm->let_go, 1, memory_order_release);
	for (uint32_t i = 0; i < storm->role_count; i++) {
		struct role *role = &storm->roles[i];

		channel_close(&role->channel);
		if (role->kind == ROLE_READER)
			os_pipe_write(&role->pipe, 0);
	}
}

void roles_end(struct storm *storm)
{
	for (uint32_t i = 0; i < storm->role_count; i++) {
		signal_unsubscribe(&storm->roles[i].channel);
		if (storm->roles[i].kind == ROLE_READER)
			os_pipe_close(&storm->roles[i].pipe);
	}
}
