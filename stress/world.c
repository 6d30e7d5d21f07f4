/* SPDX-License-Identifier: BSD-2-Clause */
/* The world's beginning and end. */
#include "runtime.h"

#include <string.h>

enum { THREADS_MIN = 8, ALIGNMENT = CACHE_LINE };

struct world *world;

static size_t aligned(size_t size)
{
	return (size + ALIGNMENT - 1) & ~(size_t)(ALIGNMENT - 1);
}

size_t world_size(uint32_t threads_max, size_t extra)
{
	return aligned(sizeof(struct world) + threads_max * sizeof(struct thread)) +
	       aligned(extra);
}

static bool is_valid(const struct world_config *config)
{
	return config->memory && (uintptr_t)config->memory % ALIGNMENT == 0 &&
	       config->slots >= 1 && config->slots <= SLOTS_MAX &&
	       config->threads_max >= THREADS_MIN && config->threads_max <= THREADS_MAX &&
	       config->memory_size >= world_size(config->threads_max, 0);
}

static void set_up(const struct world_config *config)
{
	struct sched *sched;

	world = config->memory;
	world->config = *config;
	world->memory_used = world_size(config->threads_max, 0);
	world->noisy = config->noise.delays || config->noise.yields;
	os_store(&world->all_threads, NO_THREAD, memory_order_relaxed);
	os_counter_set(&world->timers.next, OS_FOREVER);
	sched = &world->sched;
	queue_init(&sched->runnable);
	queue_init(&sched->idle_pollers);
	queue_init(&sched->stop_right.waiters);
	queue_init(&world->template_thread.to_start);
	sched->dead_threads = sched->joiner = NO_THREAD;
	sched->idle_slots = NO_SLOT;
	for (uint32_t slot = config->slots; slot-- > 0;)
		slot_push_idle(slot);
}

/* The leader's slot. */
static void take_first_slot(struct thread *leader)
{
	uint32_t slot;

	slot_pop_idle(&slot);
	slot_assign(slot, leader);
	os_store(&leader->status, THREAD_RUNNABLE, memory_order_relaxed);
	slot_take_next(leader);
}

static int handle(int signal, enum os_disposition how)
{
	return os_signal_dispose(
		signal, how, signal_handler, &world->signals.before[signal]);
}

static int handle_own_signals(enum os_disposition how_broadcast)
{
	int error = handle(OS_SIGNAL_NUDGE, OS_SIGNAL_HANDLE);

	if (!error && world->broadcast.signal)
		error = handle(world->broadcast.signal, how_broadcast);
	return error;
}

/* What stood before comes back. */
static void give_back_own_signals(void)
{
	const enum os_disposition *before = world->signals.before;
	int signal = world->broadcast.signal;

	os_signal_dispose(OS_SIGNAL_NUDGE, before[OS_SIGNAL_NUDGE], NULL, NULL);
	if (signal)
		os_signal_dispose(signal, before[signal], NULL, NULL);
}

/* The template thread and the pollers are started by the first who needs them. */
static int start_services(void)
{
	int error = 0;

	if (world->config.without_sysmon)
		os_store(&world->sysmon.up, 1, memory_order_relaxed);
	else
		error = thread_start_service(THREAD_SYSMON, "sysmon", sysmon_main);
	if (!error)
		error = thread_start_service(
			THREAD_RECEIVER, "receiver", signal_receiver_main);
	return error;
}

/* Every service that was started comes to its end: it is woken wherever it sleeps, and
 * looks at `ending` before it sleeps again. The slot is given away because the receiver
 * needs one to get there. */
static void end_services(struct thread *leader)
{
	os_store(&world->ending, 1, memory_order_seq_cst);
	slot_hand_off(slot_leave(leader), false);
	sysmon_wake(SYSMON_NAPS);
	template_wake();
	signal_end_receiver();
	poller_end();
	threads_reap();
}

static void tear_down(struct thread *leader)
{
	struct os_signal_set mask = world->mask_before;

	end_services(leader);
	give_back_own_signals();
	os_signals_block_all();
	os_thread_leave(&leader->os);
	os_poller_close(&world->poller.os);
	world = NULL;
	os_signals_set(mask);
}

/* `broadcast_signal`: what the mechanism keeps for itself beside the nudge; 0: nothing. */
int world_start_with(const struct world_config *config, int broadcast_signal,
	enum os_disposition how_handled)
{
	struct thread *leader;
	int error;

	if (!is_valid(config))
		return -EINVAL;
	if (world)
		return -EBUSY;
	os_begin();
	set_up(config);
	world->broadcast.signal = broadcast_signal;
	leader = thread_at(0);
	error = os_poller_open(&world->poller.os);
	if (error)
		goto no_poller;
	error = thread_adopt_leader();
	if (error)
		goto no_leader;
	take_first_slot(leader);
	error = handle_own_signals(how_handled);
	if (!error)
		error = start_services();
	if (error)
		tear_down(leader);
	return error;

no_leader:
	os_poller_close(&world->poller.os);
no_poller:
	world = NULL;
	return error;
}

int world_start(const struct world_config *config)
{
	return world_start_with(config, 0, OS_SIGNAL_HANDLE);
}

void world_end(void)
{
	struct thread *leader = os_self();

	if (leader->kind != THREAD_LEADER || world->sched.user_threads)
		die("world: ended with %u user threads left", world->sched.user_threads);
	tear_down(leader);
}

void *world_allocate(size_t size)
{
	size_t start = world->memory_used;

	if (size > world->config.memory_size || start > world->config.memory_size - size)
		return NULL;
	world->memory_used = aligned(start + size);
	return (char *)world + start;
}

const struct world_counters *world_counters(void)
{
	return &world->counters;
}
