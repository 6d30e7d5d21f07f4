/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Around system calls that may sleep (runtime/proc.go, entersyscall and exitsyscall).
 *
 * The slot stays with the thread in state in-syscall, from which a stop, sysmon, or the
 * thread itself on its return may take it by one compare-and-swap. A thread that finds it
 * gone queues for another.
 */
#include "runtime.h"

/* The world is being stopped, and its stopper may have looked at the slot too early to
 * see it here. */
static void give_to_stop(struct slot *slot, uint32_t index)
{
	lock_acquire(&world->sched.lock);
	if (os_load(&world->sched.stopping, memory_order_relaxed) &&
		os_cas(&slot->state, SLOT_IN_SYSCALL, SLOT_STOPPED, memory_order_seq_cst))
		slot_stop(index);
	lock_release(&world->sched.lock);
}

/* Say that the slot is in a system call, and then look whether the world is being stopped.
 * With weaker orders the store may come after the load, and does so here with the fault. */
static bool show_slot(struct slot *slot)
{
	bool stopping;

	if (fault(FAULT_SYSCALL_ORDER)) {
		stopping = os_load(&world->sched.stopping, memory_order_relaxed);
		noise(NOISE_IN_SYSCALL);
		os_store(&slot->state, SLOT_IN_SYSCALL, memory_order_release);
		return stopping;
	}
	os_store(&slot->state, SLOT_IN_SYSCALL, memory_order_seq_cst);
	noise(NOISE_IN_SYSCALL);
	return os_load(&world->sched.stopping, memory_order_seq_cst);
}

/* The store of the state releases `where` too: a coordinator sees that a thread whose
 * slot was taken is in a system call. */
void enter_syscall(void)
{
	struct thread *self = os_self();
	uint32_t index = self->slot;
	struct slot *slot = &world->slots[index];
	bool stopping;

	if (self->locks_held)
		die("system call: entered with %u locks held", self->locks_held);
	event(EVENT_SYSCALL_ENTER, index);
	slot_count(&slot->calls);
	self->syscall_slot = index;
	self->slot = NO_SLOT;
	if (!fault(FAULT_PLACE_LATE))
		os_store(&self->where, WHERE_SYSCALL, memory_order_relaxed);
	stopping = show_slot(slot);
	if (fault(FAULT_PLACE_LATE))
		os_store(&self->where, WHERE_SYSCALL, memory_order_relaxed);
	if (stopping && !fault(FAULT_SYSCALL_KEEPS_SLOT))
		give_to_stop(slot, index);
}

/* Whoever wins the slot by compare-and-swap owns it, also if another thread entered its
 * own system call with it in between. */
void exit_syscall(void)
{
	struct thread *self = os_self();
	uint32_t index = self->syscall_slot;
	struct slot *slot = &world->slots[index];

	event(EVENT_SYSCALL_EXIT, 0);
	observe_wake(self, WHERE_SYSCALL, WAKER_ITSELF);
	os_store(&self->where, WHERE_RUNTIME, memory_order_relaxed);
	if (os_cas(&slot->state, SLOT_IN_SYSCALL, SLOT_RUNNING, memory_order_seq_cst)) {
		os_store(&slot->owner, self->id, memory_order_relaxed);
		slot_take(self, index);
		return;
	}
	become_runnable(self);
}

/* For a sleep on a note of the runtime by a thread that holds a slot, which is handed on
 * at once. The thread is not "in a system call": whoever wants it wakes its note. Ends
 * with become_runnable. */
void enter_note_sleep(void)
{
	struct thread *self = os_self();
	uint32_t slot = slot_leave(self);

	os_store(&self->where, WHERE_NOTE, memory_order_relaxed);
	slot_hand_off(slot, true);
}

int world_read(const struct os_pipe *pipe, uint8_t *byte)
{
	int result;

	enter_syscall();
	do {
		result = os_pipe_read(pipe, byte);
	} while (result == -EINTR && !fault(FAULT_DIRECTED_INTERRUPTS));
	exit_syscall();
	return result;
}
