/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * sysmon: a thread that holds no slot and is not stopped (runtime/proc.go, sysmon).
 *
 * It takes slots away from system calls that last while a thread wants one, asks long
 * runners to come to a safepoint, and fires timers that nobody polls for. It naps between
 * rounds, longer when there is nothing to do, and sleeps while the world is stopped or
 * idle.
 *
 * Waking it: it says in `waits` that it is about to sleep, and how deeply. A waker claims
 * that by compare-and-swap and then owes it one post; sysmon, when it wakes for whatever
 * reason, takes `waits` back by an exchange, and if it was claimed waits for the post
 * that is owed. So no post is doubled or left over.
 */
#include "runtime.h"

#define MICROSECOND UINT64_C(1000)

static const uint64_t shortest_nap = 20 * MICROSECOND;
static const uint64_t longest_sleep = 60 * OS_SECOND;
static const uint64_t long_run = 10 * OS_MILLISECOND;

/* Wake sysmon if it sleeps at least as deeply as that. Any context but a handler; never
 * blocks. */
void sysmon_wake(enum sysmon_wait least)
{
	uint32_t waits = os_load(&world->sysmon.waits, memory_order_seq_cst);

	if (waits < least || waits == SYSMON_AWAKE ||
		!os_cas(&world->sysmon.waits, waits, SYSMON_AWAKE, memory_order_seq_cst))
		return;
	noise(NOISE_SYSMON_CLAIMED);
	note_wake(&world->sysmon.note);
}

/* `waits` has been set. Its store and the load of `ending` are a pair with world_end's
 * store and sysmon_wake. */
static void sleep_until(struct thread *self, uint64_t deadline)
{
	struct sysmon *sysmon = &world->sysmon;
	uint32_t events = 0;

	os_store(&self->where, WHERE_SYSMON, memory_order_relaxed);
	if (!os_load(&world->ending, memory_order_seq_cst))
		events = note_sleep(&sysmon->note, deadline);
	observe_wake(self, WHERE_SYSMON, events ? WAKER_POST : WAKER_ITSELF);
	noise(NOISE_SYSMON_WOKEN);
	if (os_exchange(&sysmon->waits, SYSMON_AWAKE, memory_order_seq_cst) ==
			SYSMON_AWAKE &&
		!fault(FAULT_SYSMON_FORGETS_POST))
		note_sleep(&sysmon->note, OS_FOREVER);
	note_take(&sysmon->note);
	os_store(&self->where, WHERE_RUNTIME, memory_order_relaxed);
	fixup_run(self);
}

/* A broadcast interrupts a nap for the fixup, and does not end it. */
static void nap(struct thread *self, uint64_t length)
{
	uint64_t end = os_now() + length;

	do {
		os_store(&world->sysmon.waits, SYSMON_NAPS, memory_order_seq_cst);
		sleep_until(self, end);
	} while (os_now() < end && !os_load(&world->ending, memory_order_acquire));
}

/* Under the scheduler lock, so that a slot that becomes busy meanwhile, or the start of
 * the world, finds `waits` set. */
static bool nothing_to_watch(void)
{
	struct sched *sched = &world->sched;
	bool quiet;

	lock_acquire(&sched->lock);
	slots_check();
	quiet = os_load(&sched->stopping, memory_order_relaxed) ||
		sched->idle_count == world->config.slots;
	if (quiet)
		os_store(&world->sysmon.waits, SYSMON_SLEEPS, memory_order_seq_cst);
	lock_release(&sched->lock);
	return quiet;
}

static void sleep_deeply(struct thread *self)
{
	uint64_t until = os_now() + longest_sleep, timer = timer_next();

	sleep_until(self, timer < until ? timer : until);
}

static bool somebody_wants_a_slot(void)
{
	bool wanted;

	lock_acquire(&world->sched.lock);
	wanted = !queue_empty(&world->sched.runnable);
	lock_release(&world->sched.lock);
	return wanted;
}

/* Take the slot from a system call. On its way to its next owner it counts as running. */
static bool retake(uint32_t index)
{
	struct slot *slot = &world->slots[index];

	if (!somebody_wants_a_slot() || !os_cas(&slot->state, SLOT_IN_SYSCALL,
						SLOT_RUNNING, memory_order_seq_cst))
		return false;
	os_store(&slot->owner, NO_THREAD, memory_order_relaxed);
	slot_hand_off(index, true);
	return true;
}

/* True if the slot needed attention. */
static bool watch_slot(uint32_t index, uint64_t now)
{
	struct slot *slot = &world->slots[index];
	struct slot_seen *seen = &world->sysmon.seen[index];
	uint32_t state = os_load(&slot->state, memory_order_relaxed);
	uint32_t ticks = os_load(&slot->ticks, memory_order_relaxed);
	uint32_t calls = os_load(&slot->calls, memory_order_relaxed);

	if (seen->ticks != ticks) {
		seen->ticks = ticks;
		seen->calls = calls;
		seen->since = now;
		return false;
	}
	if (state == SLOT_IN_SYSCALL && seen->calls == calls)
		return retake(index);
	seen->calls = calls;
	if (state != SLOT_STOPPED && now - seen->since > long_run) {
		seen->since = now;
		slot_ask(slot);
	}
	return false;
}

static bool watch(void)
{
	uint64_t now = os_now();
	bool busy = false;

	lock_acquire(&world->sysmon.lock);
	if (now - os_counted(&world->poller.last_polled) > long_run)
		timer_expire_due();
	for (uint32_t i = 0; i < world->config.slots; i++)
		busy |= watch_slot(i, now);
	lock_release(&world->sysmon.lock);
	return busy;
}

void sysmon_main(void *unused)
{
	struct thread *self = os_self();
	int idle_rounds = 0;
	uint64_t length = shortest_nap;

	(void)unused;
	os_store(&world->sysmon.up, 1, memory_order_release);
	while (!os_load(&world->ending, memory_order_acquire)) {
		nap(self, length);
		if (nothing_to_watch()) {
			sleep_deeply(self);
			idle_rounds = 0;
			length = shortest_nap;
		}
		if (watch()) {
			idle_rounds = 0;
			length = shortest_nap;
		} else if (idle_rounds < OS_SHORT_NAPS) {
			idle_rounds++;
		} else if (length < OS_LONGEST_NAP) {
			length *= 2;
		}
	}
}
