/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What is told to the oracles (observe.h).
 *
 * How long a broadcast takes is told in ticks: the waits of 100 us of its coordinator
 * that ran out. On a machine that has others to run, the waits are late too, and a
 * broadcast is not called slow for the time in which nobody was let.
 *
 * A thread that is asleep in the poller, or in a system call, while it owes is woken by
 * the coordinator as soon as that has seen it there. If the coordinator has seen it and
 * done nothing, and what ends the sleep is its own timeout or its own work, the broadcast
 * has missed the thread (golang/go#44193 B6), however soon it came back. There is no
 * false alarm: a thread has one such sleep at the most while it owes, for it parks after
 * it, and the coordinator is the only one who says "in vain", with the break not up.
 */
#include "runtime.h"

enum { QUICK_TICKS = 10, LEGAL_TICKS = 120, STALL_TICKS = 1000 };

static struct observed *observed(void)
{
	return &world->observed;
}

static void note_missed(const struct thread *self, enum thread_where where)
{
	os_counter_set(&observed()->missed_thread, self->id);
	os_counter_set(&observed()->missed_at, where);
	os_count(&observed()->missed, 1);
}

void observe_wake(struct thread *self, enum thread_where where, enum thread_waker waker)
{
	os_counter_set(&self->observed.slept_at, where);
	os_counter_set(&self->observed.woken_by, waker);
	if (waker != WAKER_ITSELF || os_peek(&self->fixup.state) == FIXUP_NONE)
		return;
	if (os_counted(&self->observed.looked) == LOOKED_IN_VAIN)
		note_missed(self, where);
}

static bool is_reached(const struct thread *thread, enum thread_where where)
{
	if (where == WHERE_POLLER)
		return os_peek(&world->poller.broken);
	return where != WHERE_SYSCALL || thread->fixup.directed;
}

void observe_look(struct thread *thread, enum thread_where where)
{
	os_counter_set(&thread->observed.looked,
		is_reached(thread, where) ? LOOKED_AND_REACHED : LOOKED_IN_VAIN);
}

static os_counter *tier_of(uint64_t ticks)
{
	if (ticks <= QUICK_TICKS)
		return &observed()->quick;
	if (ticks <= LEGAL_TICKS)
		return &observed()->legal;
	return ticks <= STALL_TICKS ? &observed()->slow : &observed()->stalled;
}

void observe_broadcast(void)
{
	struct observed *o = observed();
	const struct thread *last = thread_at((uint32_t)os_counted(&o->last));
	uint64_t ticks = os_counted(&o->ticks);

	os_count(tier_of(ticks), 1);
	if (ticks < os_counted(&o->slowest_ticks))
		return;
	os_counter_set(&o->slowest_ticks, ticks);
	os_counter_set(&o->slowest_last, last->id);
	os_counter_set(&o->slowest_at, os_counted(&last->observed.slept_at));
	os_counter_set(&o->slowest_woken_by, os_counted(&last->observed.woken_by));
}

void observe_transition(enum signal_role role, uint32_t from, uint32_t to)
{
	os_count(&observed()->transitions[role][from][to], 1);
}

void observe_stop_asked(struct thread *thread, uint32_t before)
{
	os_counter_set(&thread->observed.stops_then, os_counted(&observed()->stops));
	os_counter_set(&thread->observed.stoppers_then, before);
}

void observe_stop_given(struct thread *thread)
{
	struct observed *o = observed();
	uint64_t turn = os_counted(&thread->observed.stops_then) +
			os_counted(&thread->observed.stoppers_then);
	uint64_t given = os_counted(&o->stops);

	os_count(&o->stops, 1);
	if (given <= turn || given - turn <= os_counted(&o->overtaken))
		return;
	os_counter_set(&o->overtaken, given - turn);
	os_counter_set(&o->overtaken_thread, thread->id);
}
