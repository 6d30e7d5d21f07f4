/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Threads: their birth, their list, their end.
 *
 * The list of all threads changes only in the hands of a thread that holds a slot (or
 * before and after everything, in world_start and world_end), so it stands still while
 * the world is stopped. It grows at the head, under the scheduler lock, with a release
 * store that pairs with the acquire loads of those who walk it without the lock: they
 * never miss a thread that existed when they began. A thread is on it before it runs, and
 * leaves it before it gives up its last slot.
 *
 * A record on the list whose tid is 0 is of a thread that has not opened its signal mask
 * yet. It will park before it runs user code, so a fixup posted to it is run in time.
 */
#include "runtime.h"

#include <string.h>

struct thread *thread_first(void)
{
	uint32_t id = os_load(&world->all_threads, memory_order_acquire);

	return id == NO_THREAD ? NULL : thread_at(id);
}

struct thread *thread_after(const struct thread *thread)
{
	uint32_t id = os_load(&thread->next, memory_order_acquire);

	return id == NO_THREAD ? NULL : thread_at(id);
}

static void list_push(struct thread *thread)
{
	uint32_t head = os_load(&world->all_threads, memory_order_relaxed);

	os_store(&thread->next, head, memory_order_relaxed);
	os_store(&world->all_threads, thread->id, memory_order_release);
}

static void list_remove(const struct thread *thread)
{
	os_word *link = &world->all_threads;

	while (os_load(link, memory_order_relaxed) != thread->id)
		link = &thread_at(os_load(link, memory_order_relaxed))->next;
	os_store(
		link, os_load(&thread->next, memory_order_relaxed), memory_order_release);
}

static struct thread *pop_record(void)
{
	struct sched *sched = &world->sched;
	uint32_t id = sched->dead_threads;

	if (id != NO_THREAD) {
		sched->dead_threads = thread_at(id)->next_runnable;
		return thread_at(id);
	}
	id = os_load(&sched->records, memory_order_relaxed);
	if (id == world->config.threads_max)
		return NULL;
	thread_at(id)->id = id;
	os_store(&sched->records, id + 1, memory_order_release);
	return thread_at(id);
}

static void reset_record(struct thread *thread)
{
	memset(thread, 0, offsetof(struct thread, id));
	os_counter_set(&thread->noise.since, 0);
	os_counter_set(&thread->noise.spent, 0);
	thread->slot = thread->syscall_slot = NO_SLOT;
	thread->next_runnable = NO_THREAD;
	os_store(&thread->next_slot, NO_SLOT, memory_order_relaxed);
	os_store(&thread->where, WHERE_BIRTH, memory_order_relaxed);
}

static struct thread *new_record(enum thread_kind kind, const char *name)
{
	struct thread *thread;

	lock_acquire(&world->sched.lock);
	thread = pop_record();
	lock_release(&world->sched.lock);
	if (!thread)
		return NULL;
	/* The last thread to use it is past everything that may block, and about to be
	 * gone. */
	if (!fault(FAULT_RECORD_REUSED_EARLY))
		os_thread_join(&thread->os);
	reset_record(thread);
	thread->kind = kind;
	os_counter_set(&thread->kind_seen, kind);
	strncpy(thread->name, name, THREAD_NAME_SIZE - 1);
	thread->parks = kind != THREAD_SYSMON && kind != THREAD_TEMPLATE;
	os_counter_set(&thread->data, os_counted(&os_self()->data));
	return thread;
}

static void publish(struct thread *thread)
{
	struct sched *sched = &world->sched;

	lock_acquire(&sched->lock);
	list_push(thread);
	if (thread->kind == THREAD_USER)
		sched->user_threads++;
	lock_release(&sched->lock);
}

/* Take a record off the list; the scheduler lock is held. True if the last user thread
 * has gone. */
static bool withdraw(struct thread *thread)
{
	struct sched *sched = &world->sched;

	list_remove(thread);
	if (!fault(FAULT_DIRECTED_STALE_TID))
		os_store(&thread->tid, 0, memory_order_relaxed);
	os_store(&thread->where, WHERE_GONE, memory_order_relaxed);
	thread->next_runnable = sched->dead_threads;
	sched->dead_threads = thread->id;
	return thread->kind == THREAD_USER && --sched->user_threads == 0;
}

/* Alternate stack, then mask, then tid: whoever sees the tid may send signals. */
static void enter(struct thread *self)
{
	struct world_config *config = &world->config;
	uint32_t tid;
	int error = os_thread_enter(&self->os, self, &tid);

	if (error)
		die("thread %u: cannot set up its signal stack (error %d)", self->id,
			-error);
	if (fault(FAULT_NO_SIGNAL_STACK))
		os_signal_stack_off();
	if (config->on_thread_start)
		config->on_thread_start(self->name, config->on_thread_start_argument);
	errno = 0;
	os_signals_set(self->mask);
	os_store(&self->tid, tid, memory_order_release);
	event(EVENT_THREAD_BORN, 0);
}

/*
 * The end of a user thread. Signals are blocked first, then it leaves the list, and only
 * then its slot: no broadcast can have it on its list and wait for a thread that does not
 * listen any more (golang/go#42494).
 */
static void end_user_thread(struct thread *self)
{
	const struct world_config *config = &world->config;
	struct sched *sched = &world->sched;
	struct thread *next, *joiner = NULL;
	uint32_t slot;

	os_count(&world->counters.deaths, 1);
	event(EVENT_THREAD_GONE, 0);
	if (config->on_thread_end)
		config->on_thread_end(self->name, config->on_thread_end_argument);
	slot = slot_leave(self);
	if (fault(FAULT_EXIT_LEAVES_LIST_LATE))
		slot_hand_off(slot, true);
	lock_acquire(&sched->lock);
	if (withdraw(self) && sched->joiner != NO_THREAD) {
		joiner = thread_at(sched->joiner);
		sched->joiner = NO_THREAD;
	}
	next = fault(FAULT_EXIT_LEAVES_LIST_LATE) ? NULL : slot_pass_on(slot, true);
	lock_release(&sched->lock);
	if (next)
		park_wake(next);
	if (joiner)
		ready(joiner);
}

static void thread_main(void *argument)
{
	struct thread *self = argument;

	enter(self);
	noise(NOISE_BORN);
	if (self->kind == THREAD_USER)
		become_runnable(self);
	self->entry(self->argument);
	os_signals_block_all();
	if (self->kind == THREAD_USER)
		end_user_thread(self);
	noise(NOISE_DEATH);
	os_thread_leave(&self->os);
}

/* Called by the thread's parent or by the template thread. */
int thread_start(struct thread *thread)
{
	return os_thread_create(&thread->os, thread_main, thread);
}

/* The system refused to start it. */
static void abandon(struct thread *thread)
{
	lock_acquire(&world->sched.lock);
	withdraw(thread);
	lock_release(&world->sched.lock);
}

static int spawn(
	const char *name, void (*entry)(void *), void *argument, bool by_template)
{
	struct thread *self = os_self();
	struct thread *thread;
	int error = 0;

	thread = new_record(THREAD_USER, name);
	if (!thread)
		return -ENOSPC;
	thread->entry = entry;
	thread->argument = argument;
	thread->mask = self->mask;
	publish(thread);
	noise(NOISE_BIRTH);
	if (by_template)
		template_request(thread);
	else
		error = thread_start(thread);
	if (error) {
		abandon(thread);
		return error;
	}
	os_count(&world->counters.births, 1);
	return (int)thread->id;
}

int thread_spawn(
	const char *name, void (*entry)(void *), void *argument, bool by_template)
{
	int result = by_template ? template_ensure() : 0;

	if (result)
		return result;
	birth_begin();
	result = spawn(name, entry, argument, by_template);
	birth_end();
	return result;
}

static int start_service(enum thread_kind kind, const char *name, void (*entry)(void *))
{
	struct thread *thread = new_record(kind, name);
	int error;

	if (!thread)
		return -ENOSPC;
	thread->entry = entry;
	thread->mask = thread_at(0)->mask;
	if (fault(FAULT_DIRECTED_BLOCKED) && kind == THREAD_RECEIVER)
		thread->mask.bits |= own_signals();
	publish(thread);
	error = thread_start(thread);
	if (error)
		abandon(thread);
	return error;
}

int thread_start_service(enum thread_kind kind, const char *name, void (*entry)(void *))
{
	int error;

	birth_begin();
	error = start_service(kind, name, entry);
	birth_end();
	return error;
}

static uint64_t bit_of(int signal)
{
	return UINT64_C(1) << (signal - 1);
}

/* The thread that starts the world has a mask, a stack and a kernel thread already, but
 * no lock to take before it is somebody: its record is made by hand. */
int thread_adopt_leader(void)
{
	struct thread *leader = thread_at(0);
	struct os_signal_set mask = os_signals_block_all();
	uint32_t tid;
	int error;

	os_store(&world->sched.records, 1, memory_order_relaxed);
	reset_record(leader);
	leader->kind = THREAD_LEADER;
	strncpy(leader->name, "leader", THREAD_NAME_SIZE - 1);
	leader->parks = true;
	leader->mask.bits = mask.bits & ~own_signals();
	if (fault(FAULT_NUDGE_BLOCKED))
		leader->mask.bits |= own_signals();
	if (fault(FAULT_SIGNALS_BLOCKED))
		leader->mask.bits |= bit_of(OS_SIGNAL_HANGUP);
	world->mask_before = mask;
	list_push(leader);
	error = os_thread_enter(&leader->os, leader, &tid);
	if (error) {
		os_signals_set(mask);
		return error;
	}
	if (world->config.on_thread_start)
		world->config.on_thread_start(
			leader->name, world->config.on_thread_start_argument);
	errno = 0;
	os_store(&leader->tid, tid, memory_order_release);
	os_signals_set(leader->mask);
	return 0;
}

void threads_join(void)
{
	struct thread *self = os_self();
	struct sched *sched = &world->sched;
	bool left;

	lock_acquire(&sched->lock);
	left = sched->user_threads;
	if (left) {
		os_store(&self->status, THREAD_WAITING, memory_order_relaxed);
		sched->joiner = self->id;
	}
	lock_release(&sched->lock);
	if (left)
		wait_for_ready(self);
}

/* Wait for every thread but the leader to be gone from the kernel. */
void threads_reap(void)
{
	for (uint32_t id = 1; id < threads_ever(); id++)
		os_thread_join(&thread_at(id)->os);
}

uint32_t threads_ever(void)
{
	return os_load(&world->sched.records, memory_order_acquire);
}

/* Acquire pairs with the release in enter: a thread that is told of a tid may count on
 * what was set up before. */
uint32_t thread_tid(uint32_t index)
{
	return os_load(&thread_at(index)->tid, memory_order_acquire);
}

uint32_t thread_moves(uint32_t index)
{
	const struct thread *thread = thread_at(index);

	return (uint32_t)(os_counted(&thread->steps) + os_counted(&thread->safepoints));
}

static uint32_t where_of(uint32_t index)
{
	return os_load(&thread_at(index)->where, memory_order_relaxed);
}

bool thread_is_running(uint32_t index)
{
	uint32_t where = where_of(index);

	return where == WHERE_USER || where == WHERE_RUNTIME;
}

bool thread_is_parked(uint32_t index)
{
	return where_of(index) == WHERE_PARKED;
}

bool thread_is_in_syscall(uint32_t index)
{
	return where_of(index) == WHERE_SYSCALL;
}

enum thread_kind thread_kind(uint32_t index)
{
	return (enum thread_kind)os_counted(&thread_at(index)->kind_seen);
}

uint32_t thread_self(void)
{
	return os_self()->id;
}

void threads_visit(
	void (*visit)(uint32_t index, uint32_t tid, void *argument), void *argument)
{
	for_each_thread (t)
		visit(t->id, os_load(&t->tid, memory_order_acquire), argument);
}

os_counter *thread_data(uint32_t index)
{
	return &thread_at(index)->data;
}

void thread_step(void)
{
	os_count_own(&os_self()->steps, 1);
}

void thread_awaits_signal(bool waits)
{
	os_store(&os_self()->awaits_signal, waits, memory_order_relaxed);
}

struct os_signal_set thread_mask(void)
{
	return os_self()->mask;
}
