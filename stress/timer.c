/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Timers: one for each thread, which ends its wait. A binary heap by deadline, of thread
 * indices.
 *
 * A timer that is due is taken off the heap under the lock and then claims the wait that
 * it was armed for; if the thread has been woken meanwhile, or waits for something else
 * already, the claim fails.
 */
#include "runtime.h"

static struct timers *timers(void)
{
	return &world->timers;
}

static uint64_t deadline_at(uint32_t place)
{
	return thread_at(timers()->heap[place])->timer.deadline;
}

static void put(uint32_t place, uint32_t id)
{
	timers()->heap[place] = id;
	thread_at(id)->timer.place = place;
}

static void swap(uint32_t a, uint32_t b)
{
	uint32_t id = timers()->heap[a];

	put(a, timers()->heap[b]);
	put(b, id);
}

static void sift_up(uint32_t place)
{
	for (; place > 1 && deadline_at(place) < deadline_at(place / 2); place /= 2)
		swap(place, place / 2);
}

static void sift_down(uint32_t place)
{
	for (;;) {
		uint32_t child = 2 * place;

		if (child > timers()->count)
			return;
		if (child < timers()->count &&
			deadline_at(child + 1) < deadline_at(child))
			child++;
		if (deadline_at(place) <= deadline_at(child))
			return;
		swap(place, child);
		place = child;
	}
}

static void note_next(void)
{
	os_counter_set(&timers()->next, timers()->count ? deadline_at(1) : OS_FOREVER);
}

static void insert(struct thread *thread)
{
	put(++timers()->count, thread->id);
	sift_up(timers()->count);
	note_next();
}

static void take_out(struct thread *thread)
{
	uint32_t place = thread->timer.place, last = timers()->count--;

	if (place != last) {
		put(place, timers()->heap[last]);
		sift_up(place);
		sift_down(place);
	}
	thread->timer.place = 0;
	note_next();
}

/* End the wait `wait` of this thread at the deadline. */
void timer_arm(struct thread *self, uint32_t wait, uint64_t deadline)
{
	bool earliest;

	lock_acquire(&timers()->lock);
	self->timer.deadline = deadline;
	self->timer.wait = wait;
	insert(self);
	earliest = self->timer.place == 1;
	lock_release(&timers()->lock);
	if (earliest)
		poller_kick();
}

void timer_disarm(struct thread *self)
{
	lock_acquire(&timers()->lock);
	if (self->timer.place)
		take_out(self);
	lock_release(&timers()->lock);
}

uint64_t timer_next(void)
{
	uint64_t next;

	lock_acquire(&timers()->lock);
	next = os_counted(&timers()->next);
	lock_release(&timers()->lock);
	return next;
}

static struct thread *pop_due(uint64_t now, uint32_t *wait)
{
	struct thread *thread = NULL;

	lock_acquire(&timers()->lock);
	if (timers()->count && deadline_at(1) <= now) {
		thread = thread_at(timers()->heap[1]);
		*wait = thread->timer.wait;
		take_out(thread);
	}
	lock_release(&timers()->lock);
	return thread;
}

/* Needs no slot; may run on several threads at once. */
void timer_expire_due(void)
{
	struct thread *thread;
	uint64_t now;
	uint32_t wait;

	now = os_now();
	if (os_counted(&timers()->next) > now)
		return;
	while ((thread = pop_due(now, &wait)))
		if (wait_claim(thread, wait, WAIT_TIMED_OUT))
			ready(thread);
}
