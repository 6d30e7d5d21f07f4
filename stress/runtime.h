/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The inside of the runtime: the world, its threads and slots, and what its files offer
 * each other.
 *
 * Everything that threads share lives in one block of memory, struct world, which the
 * caller of world_start provides. Threads and slots are named by index. stress.h is what
 * the rest of hupstorm sees.
 */
#ifndef HUPSTORM_STRESS_RUNTIME_H
#define HUPSTORM_STRESS_RUNTIME_H

#include "die.h"
#include "event.h"
#include "fault.h"
#include "lock.h"
#include "inspect.h"
#include "note.h"
#include "observe.h"
#include "os.h"
#include "random.h"
#include "stress.h"

enum { NO_THREAD = UINT32_MAX, NO_SLOT = UINT32_MAX, CACHE_LINE = 64 };

/*
 * Slots
 *
 * A slot is the right to run user code. Idle slots are on a stack; a slot on its way to a
 * thread (in the thread's next_slot) counts as running, so that a stop waits for it.
 */
enum slot_state { SLOT_IDLE, SLOT_RUNNING, SLOT_IN_SYSCALL, SLOT_STOPPED };

struct slot {
	os_word state;
	os_word owner;	 /* thread id that holds it or is being handed it; NO_THREAD */
	os_word preempt; /* the owner is asked to come to a safepoint */
	os_word ticks;	 /* how often it was assigned: sysmon tells a long runner by it */
	os_word calls;	 /* system calls entered with it, and a long call by that */
	uint32_t next_idle;
} __attribute__((aligned(CACHE_LINE)));

/*
 * Threads
 */
enum thread_status { THREAD_WAITING, THREAD_RUNNABLE, THREAD_RUNNING };

/* A function that a thread owes to a broadcast. */
enum fixup_state { FIXUP_NONE, FIXUP_OUTSTANDING, FIXUP_RUNNING };

struct fixup {
	os_word state;
	struct lock lock; /* only with the fault fixup-locked */
	bool directed;	  /* a directed signal was sent for it */
	os_word mark;	  /* of a directed broadcast: 1 until its handler has run it */
	bool left_out;	  /* only with a fault that skips threads */
	int result;
	uintptr_t leftover; /* nothing that the function defines: directed-undefined */
};

/* What a waiting thread waits for. A waker claims the wait before it makes the thread
 * ready, so that of a sender, a closer and a timer just one does. */
enum wait_outcome {
	WAIT_NONE,
	WAIT_PENDING,
	WAIT_SATISFIED,
	WAIT_TIMED_OUT,
	WAIT_CLOSED,
	WAIT_OUTCOME_BITS = 3,
	WAIT_OUTCOME = (1 << WAIT_OUTCOME_BITS) - 1
};

struct wait {
	os_word state; /* number of the wait << WAIT_OUTCOME_BITS | outcome */
	uint32_t value;
	uint32_t next; /* in the channel's queue */
};

/* What the thread has drawn and been held up (noise.c). Its own, and its handlers'. */
struct noise_state {
	os_counter state, since, spent;
};

struct timer {
	uint64_t deadline;
	uint32_t wait;	/* the state of the wait that it ends */
	uint32_t place; /* in the heap, from 1; 0: not in it */
};

struct thread {
	enum thread_kind kind;
	char name[THREAD_NAME_SIZE];
	bool parks;   /* sleeps on its park note, so that a fixup wake reaches it there */
	os_word next; /* in the list of all threads */

	struct note park;
	os_word status;
	os_word next_slot; /* the slot that it is being handed */
	uint32_t slot;	   /* the slot that it holds; its own business */
	uint32_t syscall_slot;
	uint32_t locks_held;
	bool stopped_world;
	uint32_t next_runnable;

	struct fixup fixup;
	os_word nudged;	 /* a nudge is on its way to it */
	os_counter data; /* of whoever uses the world */
	os_word awaits_signal;

	struct timer timer;
	struct os_signal_set mask; /* the mask that it runs user code with */
	void (*entry)(void *);
	void *argument;

	/* What outlives a thread and goes on in the next that uses its record. */
	uint32_t id;
	os_counter kind_seen; /* `kind`, for those who look without a lock */
	os_word tid;	      /* 0 until it can take signals, and again when it ends */
	os_word where;	      /* enum thread_where */
	os_word handler;      /* handlers entered plus handlers left: odd while in one */
	os_counter steps;
	os_counter safepoints;
	struct wait wait; /* a timer may still hold the number of an old one */
	struct os_thread os;
	struct event_ring ring;
	struct thread_observed observed;
	struct noise_state noise;
} __attribute__((aligned(CACHE_LINE)));

/* A queue of threads, linked by next_runnable. */
struct thread_queue {
	uint32_t head, tail;
};

/* A semaphore that parks, released by handing it to the first waiter (golang/go#40459).
 */
struct semaphore {
	bool held;
	struct thread_queue waiters;
};

/*
 * The world
 */
struct sched {
	struct lock lock;
	uint32_t idle_slots; /* stack */
	uint32_t idle_count;
	struct thread_queue runnable;
	struct thread_queue idle_pollers;
	struct semaphore stop_right;
	os_word stopping; /* written under the lock, read without it too */
	uint32_t stop_wait;
	struct note stop_note;
	uint32_t
		dead_threads; /* stack of records to use again, linked by next_runnable */
	os_word records;      /* ever used */
	uint32_t user_threads; /* spawned and not ended */
	uint32_t joiner;       /* the thread that waits for user_threads to be 0 */
};

enum sysmon_wait { SYSMON_AWAKE, SYSMON_NAPS, SYSMON_SLEEPS };

/* What sysmon saw of a slot last. */
struct slot_seen {
	uint32_t ticks, calls;
	uint64_t since;
};

struct sysmon {
	os_word up;
	os_word waits; /* enum sysmon_wait */
	struct note note;
	struct lock lock; /* sysmon works on slots and timers; the tracer keeps it out */
	struct slot_seen seen[SLOTS_MAX];
};

enum template_state { TEMPLATE_ABSENT, TEMPLATE_STARTING, TEMPLATE_EXISTS };

struct template_thread {
	struct lock lock;
	os_word exists; /* enum template_state */
	os_word waits;	/* set under the lock */
	struct note note;
	struct thread_queue to_start;
};

struct poller {
	struct os_poller os;
	os_word exist;	 /* the poller threads */
	os_word claimed; /* a thread is in, or goes into, the poller */
	os_word broken;	 /* a break is on its way */
	os_counter last_polled;
};

struct timers {
	struct lock lock;
	uint32_t count;
	os_counter next; /* the earliest deadline, OS_FOREVER for none */
	uint32_t heap[THREADS_MAX + 1];
};

enum signal_state { SIGNAL_IDLE, SIGNAL_SENDING, SIGNAL_RECEIVING, SIGNAL_FIXUP };

struct signal_queue {
	os_word pending[2]; /* bit (number - 1) */
	os_word wanted[2];
	os_word state;
	os_word delivering; /* handlers between "wanted?" and "queued" */
	os_word rounds;	    /* of the receiver */
	struct note note;
	struct lock lock; /* the subscriptions */
	struct channel *subscriptions;
	enum os_disposition before[SIGNALS_MAX + 1];
};

struct broadcast {
	int (*function)(void *argument, bool first);
	void *argument;
	void *argument_before; /* only with the fault argument-stale */
	uint32_t number;
	os_word owing;	/* threads that have not run it yet */
	int signal;	/* that brings it to them, reserved for that; 0: none does */
	os_word births; /* under way, and BIRTHS_FORBIDDEN (directed.c) */
};

struct trace {
	bool on;
	uint32_t from[THREADS_MAX]; /* for each thread, the events before the trace */
	uint64_t since;
	uint32_t first_stop;
};

struct world {
	struct world_config config;
	size_t memory_used;
	bool noisy;	  /* config.noise asks for delays or yields */
	os_counter phase; /* enum world_phase; for observers */
	os_word ending;
	os_word dying;			  /* with the fault death-locks, a lock */
	struct os_signal_set mask_before; /* of the leader, before the world */
	os_word all_threads;		  /* head of the list */
	struct world_counters counters;
	struct sched sched;
	struct sysmon sysmon;
	struct template_thread template_thread;
	struct poller poller;
	struct timers timers;
	struct signal_queue signals;
	struct broadcast broadcast;
	struct trace trace;
	struct observed observed;
	struct slot slots[SLOTS_MAX];
	struct thread threads[];
};

extern struct world *world;

os_inline bool fault(enum fault fault)
{
	return __builtin_expect(world->config.faults.on[fault], 0);
}

/* A point at which the calling thread may be held up (noise.h). Any context. */
os_inline void noise(enum noise_point point)
{
	if (__builtin_expect(world->noisy, 0))
		noise_at(point);
}

os_inline struct thread *thread_at(uint32_t id)
{
	return &world->threads[id];
}

os_inline struct slot *slot_at(uint32_t slot)
{
	return &world->slots[slot];
}

/* The runtime's own signals, which no thread blocks but for finite stretches. */
os_inline uint64_t own_signals(void)
{
	uint64_t nudge = UINT64_C(1) << (OS_SIGNAL_NUDGE - 1);
	int signal = world->broadcast.signal;

	return signal ? nudge | UINT64_C(1) << (signal - 1) : nudge;
}

/* One of the slot's counts, by the thread that holds it. */
os_inline void slot_count(os_word *count)
{
	os_store(count, os_load(count, memory_order_relaxed) + 1, memory_order_relaxed);
}

/* world.c */
int world_start_with(const struct world_config *config, int broadcast_signal,
	enum os_disposition how_handled);

/* thread.c */
#define for_each_thread(t) for (struct thread *t = thread_first(); t; t = thread_after(t))
struct thread *thread_first(void);
struct thread *thread_after(const struct thread *thread);
int thread_start(struct thread *thread);
int thread_start_service(enum thread_kind kind, const char *name, void (*entry)(void *));
int thread_adopt_leader(void);
void threads_reap(void);

/* queue.c */
void queue_init(struct thread_queue *queue);
void queue_push(struct thread_queue *queue, struct thread *thread);
struct thread *queue_pop(struct thread_queue *queue);
struct thread *queue_pop_last(struct thread_queue *queue);
uint32_t queue_length(const struct thread_queue *queue);
bool queue_empty(const struct thread_queue *queue);

/* slot.c; those marked with a plus are called under the scheduler lock */
void slot_take(struct thread *self, uint32_t slot);
uint32_t slot_leave(struct thread *self);
void slot_assign(uint32_t slot, struct thread *thread);		     /* + */
void slot_push_idle(uint32_t slot);				     /* + */
bool slot_pop_idle(uint32_t *slot);				     /* + */
void slot_stop(uint32_t slot);					     /* + */
struct thread *slot_pass_on(uint32_t slot, bool poller_may_have_it); /* + */
bool slot_take_idle(struct thread *self);			     /* + */
void slots_check(void);						     /* + */
void slot_hand_off(uint32_t slot, bool poller_may_have_it);
bool slot_try_idle(struct thread *self);

/* ready.c */
void ready(struct thread *thread);
void become_runnable(struct thread *self);
void wait_for_ready(struct thread *self);

/* park.c */
void park(struct thread *self);
void park_with_slot(struct thread *self);
void park_wake(struct thread *thread);
void park_wake_for_fixup(struct thread *thread);
void slot_take_next(struct thread *self);

/* stop.c */
void slot_ask(struct slot *slot);

/* syscall.c */
void enter_note_sleep(void);

/* sysmon.c */
void sysmon_main(void *unused);
void sysmon_wake(enum sysmon_wait least);

/* template.c */
void template_main(void *unused);
int template_ensure(void);
void template_request(struct thread *newborn);
void template_await_idle(void);
void template_wake(void);

/* poller.c */
void poller_main(void *unused);
int poller_ensure(void);
void poller_break(void);
void poller_call(void);
void poller_kick(void);
struct thread *poller_pop_wanted(void); /* + */
void poller_end(void);

/* timer.c */
void timer_arm(struct thread *self, uint32_t wait, uint64_t deadline);
void timer_disarm(struct thread *self);
void timer_expire_due(void);
uint64_t timer_next(void);

/* channel.c */
bool wait_claim(struct thread *thread, uint32_t wait, enum wait_outcome outcome);

/* signal.c */
void signal_handler(int signal);

/* sigqueue.c */
bool signal_send(int signal);
void signal_wake_receiver_for_fixup(void);
void signal_receiver_main(void *unused);
void signal_end_receiver(void);

/* broadcast.c; the last two are for the coordinator, when the list stands still */
bool fixup_run(struct thread *self);
uint32_t broadcast_others(const struct thread *self);
int broadcast_result(const struct thread *self, uint32_t *dissenter);

/* directed.c; the first two do nothing where there is no broadcast signal */
void birth_begin(void);
void birth_end(void);
void directed_run(struct thread *self);

#endif
