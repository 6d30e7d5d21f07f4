/* SPDX-License-Identifier: BSD-2-Clause */
/* The roles of a storm: the table of kinds, and how they begin, rest and end. */
#include "roles.h"

#include <string.h>

static const struct role_kind *const kinds[ROLE_KIND_COUNT] = {
	[ROLE_PING_PONG] = &role_ping_pong,
	[ROLE_PING_PONG_TIMED] = &role_ping_pong,
	[ROLE_FLOOD] = &role_flood,
	[ROLE_WORKER] = &role_worker,
	[ROLE_READER] = &role_reader,
	[ROLE_BIRTH] = &role_birth,
	[ROLE_FAR_TIMER] = &role_far_timer,
	[ROLE_SEQUENCE] = &role_sequence,
	[ROLE_BIRTH_BURST] = &role_birth_burst,
	[ROLE_RELAY] = &role_relay,
	[ROLE_FUTEX] = &role_futex,
	[ROLE_EPOLL] = &role_epoll,
	[ROLE_NAPPER] = &role_napper,
	[ROLE_SLEEPER] = &role_sleeper,
	[ROLE_TICKER] = &role_ticker,
	[ROLE_BROADCASTER] = &role_broadcaster,
	[ROLE_STOPPER] = &role_stopper,
	[ROLE_TRACER] = &role_tracer,
	[ROLE_CHURN] = &role_churn,
	[ROLE_FORK] = &role_fork,
};

uint32_t role_threads(enum storm_role_kind kind)
{
	return kinds[kind]->threads;
}

uint32_t role_spare_threads(enum storm_role_kind kind)
{
	return kinds[kind]->spare;
}

bool role_sends(const char *name)
{
	for (size_t i = 0; i < ROLE_KIND_COUNT; i++)
		if (kinds[i] && (kinds[i]->sends || i == ROLE_SEQUENCE) &&
			!strcmp(kinds[i]->name, name))
			return true;
	return false;
}

int storm_signal(uint32_t n)
{
	static const int signals[STORM_SIGNALS] = { OS_SIGNAL_HANGUP, OS_SIGNAL_USER1,
		OS_SIGNAL_USER2 };

	return signals[n];
}

bool at_rest(const struct storm *storm)
{
	return os_load(&storm->rest, memory_order_acquire);
}

void role_rests(struct storm *storm)
{
	os_bump(&storm->senders, -1, memory_order_acq_rel);
}

bool is_let_go(const struct storm *storm)
{
	return os_load(&storm->let_go, memory_order_acquire);
}

void let_others_run(void)
{
	thread_yield();
	os_yield();
}

static void choose_signals(struct role *role, uint32_t bits)
{
	if (!bits)
		bits = SEND_HANGUP;
	for (uint32_t n = 0; n < STORM_SIGNALS; n++) {
		if (!(bits >> n & 1))
			continue;
		role->signals[role->signal_count++] = storm_signal(n);
		role->storm->subscribers[storm_signal(n)]++;
	}
}

static int set_up(struct storm *storm, struct role *role,
	const struct storm_role *declared, uint32_t number)
{
	const struct role_kind *kind = kinds[declared->kind];

	role->storm = storm;
	role->kind = declared->kind;
	role->number = number;
	role->random.state = storm->plan->seed + (uint64_t)declared->kind * 1000 + number;
	role->next_target = random_below(&role->random, 8);
	channel_init(&role->channel, 1);
	if (kind->rests)
		os_bump(&storm->senders, 1, memory_order_relaxed);
	if (kind->sends)
		choose_signals(role, declared->signals);
	return kind->open ? kind->open(role) : 0;
}

static int set_up_all(struct storm *storm)
{
	int error = 0;

	for (size_t i = 0; i < STORM_ROLES_MAX && storm->plan->roles[i].kind; i++) {
		const struct storm_role *declared = &storm->plan->roles[i];
		struct role *first = &storm->roles[storm->role_count];

		for (uint32_t n = 0; n < declared->count && !error; n++) {
			struct role *role = &storm->roles[storm->role_count++];

			error = set_up(storm, role, declared, n);
			role->neighbour = &first[(n + 1) % declared->count].channel;
		}
	}
	return error;
}

static int start(struct storm *storm, struct role *role)
{
	const struct subject *subject = storm->subject;
	const struct role_kind *kind = kinds[role->kind];
	int thread = subject->spawn(
		kind->name, kind->run, role, role->number & 1 && !storm->plan->cold);

	if (thread >= 0 && role->kind == ROLE_FLOOD)
		thread = subject->spawn("drain", drain, role, false);
	else if (thread >= 0 && kind->rests)
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
	while (os_load(&storm->senders, memory_order_acquire))
		let_others_run();
}

void roles_let_go(struct storm *storm)
{
	os_store(&storm->let_go, 1, memory_order_release);
	for (uint32_t i = 0; i < storm->role_count; i++) {
		struct role *role = &storm->roles[i];

		channel_close(&role->channel);
		if (kinds[role->kind]->release)
			kinds[role->kind]->release(role);
	}
}

void roles_end(struct storm *storm)
{
	for (uint32_t i = 0; i < storm->role_count; i++) {
		struct role *role = &storm->roles[i];

		if (kinds[role->kind]->close)
			kinds[role->kind]->close(role);
	}
}
