/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The template thread: a thread in a known state that creates threads for those whose own
 * kernel state a newborn must not inherit (runtime/proc.go, templateThread).
 *
 * It is not stopped with the world. Only threads with a slot make requests, so a
 * coordinator that has stopped the world and then finds it waiting knows that no thread
 * is half created. Whoever turns `waits` from 1 to 0 owes it one post. Its store and the
 * load of `ending` are a pair with world_end's store and template_wake.
 */
#include "runtime.h"

void template_wake(void)
{
	struct template_thread *template = &world->template_thread;

	if (os_load(&template->waits, memory_order_seq_cst) &&
		os_cas(&template->waits, 1, 0, memory_order_seq_cst))
		note_wake(&template->note);
}

/*
 * The first request starts it. No safepoint lies between the flag and the birth: a stop
 * in between would wait, in template_await_idle, for a thread that only the stopped
 * thread could create (golang/go#38931). Others wait until it is there or has failed to
 * be: their newborn, on the list, would wait for a thread that never comes, and the next
 * broadcast for it. Whoever starts it holds a slot meanwhile, and waits for nobody.
 */
int template_ensure(void)
{
	struct template_thread *template = &world->template_thread;
	int error;

	while (!os_cas(&template->exists, TEMPLATE_ABSENT, TEMPLATE_STARTING,
		memory_order_acq_rel)) {
		if (os_load(&template->exists, memory_order_acquire) == TEMPLATE_EXISTS)
			return 0;
		os_yield();
	}
	if (fault(FAULT_TEMPLATE_PROMISED)) {
		os_store(&template->exists, TEMPLATE_EXISTS, memory_order_release);
		noise(NOISE_TEMPLATE_PROMISED);
		thread_yield();
	}
	error = thread_start_service(THREAD_TEMPLATE, "template", template_main);
	os_store(&template->exists, error ? TEMPLATE_ABSENT : TEMPLATE_EXISTS,
		memory_order_release);
	return error;
}

void template_request(struct thread *newborn)
{
	struct template_thread *template = &world->template_thread;

	lock_acquire(&template->lock);
	queue_push(&template->to_start, newborn);
	lock_release(&template->lock);
	template_wake();
}

/* With the world stopped. Acquire pairs with the store in next_request. */
void template_await_idle(void)
{
	struct template_thread *template = &world->template_thread;

	if (!os_load(&template->exists, memory_order_acquire))
		return;
	while (!os_load(&template->waits, memory_order_acquire))
		os_yield();
}

static struct thread *next_request(void)
{
	struct template_thread *template = &world->template_thread;
	struct thread *newborn;

	lock_acquire(&template->lock);
	newborn = queue_pop(&template->to_start);
	if (!newborn && !fault(FAULT_TEMPLATE_SLEEPS_ON_REQUEST))
		os_store(&template->waits, 1, memory_order_seq_cst);
	lock_release(&template->lock);
	noise(NOISE_TEMPLATE_ASKED);
	if (!newborn && fault(FAULT_TEMPLATE_SLEEPS_ON_REQUEST))
		os_store(&template->waits, 1, memory_order_seq_cst);
	return newborn;
}

static void await_request(struct thread *self)
{
	struct template_thread *template = &world->template_thread;

	os_store(&self->where, WHERE_TEMPLATE, memory_order_relaxed);
	if (!os_load(&world->ending, memory_order_seq_cst))
		note_sleep(&template->note, OS_FOREVER);
	noise(NOISE_TEMPLATE_WOKEN);
	note_take(&template->note);
	observe_wake(self, WHERE_TEMPLATE, WAKER_POST);
	os_store(&self->where, WHERE_RUNTIME, memory_order_relaxed);
	fixup_run(self);
}

void template_main(void *unused)
{
	struct thread *self = os_self(), *newborn;

	(void)unused;
	while (!os_load(&world->ending, memory_order_acquire)) {
		while ((newborn = next_request()))
			if (thread_start(newborn))
				die("template: the system has no thread to give");
		await_request(self);
	}
}
