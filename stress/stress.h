/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * stress: a small native runtime with an all-threads mechanism, for storms to break.
 *
 * A world has threads, and fewer slots than threads: a thread runs user code only while
 * it holds a slot, and gives the slot up when it blocks or when the world is stopped. A
 * broadcast makes every thread of the world run one function, with no user code in
 * between. The design is that of Go 1.16 with every goroutine locked to its thread; the
 * places where it differs say why.
 *
 * There is one world in a process at a time. Unless said otherwise a function returns 0
 * or a negative errno, is called on a thread of the world that holds a slot, may block,
 * and is not async-signal-safe. "Blocks" below means that it gives its slot to another
 * thread meanwhile. Times are nanoseconds of CLOCK_MONOTONIC; OS_FOREVER as a deadline
 * means none.
 */
#ifndef HUPSTORM_STRESS_STRESS_H
#define HUPSTORM_STRESS_STRESS_H

#include "fault.h"
#include "lock.h"
#include "noise.h"
#include "os.h"

enum {
#ifdef HUPSTORM_SIMULATED
	SLOTS_MAX = 16,
	THREADS_MAX = 48,
#else
	SLOTS_MAX = 256,
	THREADS_MAX = 1024,
#endif
	SIGNALS_MAX = 64,
	THREAD_NAME_SIZE = 16,
	CHANNEL_CAPACITY_MAX = 64,
};

/*
 * The world
 */
struct world_config {
	/* Where the world lives: at least world_size() bytes, zeroed, aligned to 64, the
	 * world's until world_end. If it is shared with another process, that one can
	 * look in (inspect.h). */
	void *memory;
	size_t memory_size;
	uint32_t slots;	      /* 1 to SLOTS_MAX */
	uint32_t threads_max; /* 8 to THREADS_MAX, with the service threads */
	bool nudge; /* ask for safepoints with SIGURG too, not with the flag alone */
	bool without_sysmon; /* for worlds that are small enough to be enumerated: nothing
				but a stop takes a slot from a long system call, and
				timers wait for a poller */
	struct noise_plan noise;
	struct fault_set faults;
	/* Called on each thread of the world, services too, before it takes its first
	 * signal, with its name (the leader's is "leader"). May be NULL. */
	void (*on_thread_start)(const char *name, void *argument);
	void *on_thread_start_argument;
	/* Called on each user thread but the leader when it has returned from its entry, with
	 * all signals blocked; it must not block. May be NULL. */
	void (*on_thread_end)(const char *name, void *argument);
	void *on_thread_end_argument;
	/* Called by a thread that has said its last words, just before the process ends: it may look, and
	 * wait for others that do. With all signals blocked, maybe in a handler. May be NULL. */
	void (*before_death)(void *argument);
	void *before_death_argument;
};

/* The phases of stopping and starting, and what befalls a signal. */
enum world_phase {
	PHASE_IDLE,
	PHASE_STOPPING,
	PHASE_STOPPED,
	PHASE_BROADCASTING,
	PHASE_STARTING,
	PHASE_COUNT
};
enum signal_moment { SIGNAL_SENT, SIGNAL_HANDLED, SIGNAL_RECEIVED, SIGNAL_MOMENTS };

struct world_counters {
	os_counter stops;	   /* of the world */
	os_counter broadcasts;	   /* that reached every thread */
	os_counter fixups;	   /* broadcast functions run on other threads */
	os_counter nudges;	   /* sent towards safepoints */
	os_counter directed;	   /* signals that broadcasts sent to single threads */
	os_counter handled;	   /* times the handler ran for a wanted signal */
	os_counter coalesced;	   /* of those, how many found their bit set already */
	os_counter taken;	   /* signals that the receiver took from the queue */
	os_counter delivered;	   /* put into a channel */
	os_counter dropped;	   /* not put into a full one */
	os_counter births, deaths; /* of user threads */
	os_counter overlaps[PHASE_COUNT][SIGNAL_MOMENTS]; /* signals, in each phase */
	os_counter noise_count, noise_time;	 /* delays and yields; ns of delays */
	os_counter noise_octaves[NOISE_OCTAVES]; /* delays of each length */
};

/* The bytes that a world of `threads_max` threads needs, with `extra` bytes for
 * world_allocate. */
size_t world_size(uint32_t threads_max, size_t extra);

/*
 * Start the world: the calling thread becomes its leader and holds a slot; the service
 * threads run when this returns. -EINVAL: a number out of range, or the memory too small
 * or misaligned. -EBUSY: this process has a world already. -EAGAIN, -ENOMEM, -EMFILE: the
 * system refused. Called on no world's thread. The leader's signal mask is that of all
 * threads, but for SIGURG, which is the runtime's and open. (A subject may keep one more
 * signal for itself: subject.h.)
 */
int world_start(const struct world_config *config);

/* End it. Called by the leader, when every other user thread has ended and nobody is
 * subscribed to a signal. Waits for the service threads to end. */
void world_end(void);

/* Zeroed memory that lives as long as the world, aligned to 64; NULL when `extra` is used
 * up. */
void *world_allocate(size_t size);

const struct world_counters *world_counters(void);

/*
 * Threads
 */
enum thread_kind {
	THREAD_LEADER,
	THREAD_USER,
	THREAD_SYSMON,
	THREAD_TEMPLATE,
	THREAD_POLLER,
	THREAD_RECEIVER,
};

/* Start entry(argument) as a user thread, from the calling thread or, with `by_template`,
 * from the template thread (which the first such call starts): for callers whose own
 * kernel state a newborn must not inherit. The name is cut to THREAD_NAME_SIZE - 1 bytes.
 * Returns the thread's index (not negative), -EAGAIN if the system has no thread to give
 * (once the template thread runs that is fatal there), -ENOSPC at threads_max. Does not
 * block. */
int thread_spawn(
	const char *name, void (*entry)(void *), void *argument, bool by_template);

/* Block until every user thread has ended. For the leader. */
void threads_join(void);

/* The calling thread's index; any context, a thread of a world. */
uint32_t thread_self(void);

/* Indices that have been in use: all are below. Async-signal-safe. */
uint32_t threads_ever(void);

/* The tid of the thread with that index, below threads_ever(); 0: there is none now, or
 * it takes no signals yet or any more. It may end at any moment. Async-signal-safe. */
uint32_t thread_tid(uint32_t index);

/* The steps and safepoints of all threads that have had that index, below threads_ever(),
 * up to a wrap-around. Async-signal-safe. */
uint32_t thread_moves(uint32_t index);

/* True if the thread with that index runs: it is neither parked, asleep nor in a system
 * call. Async-signal-safe. */
bool thread_is_running(uint32_t index);

/* True if it is parked; if it is in a system call. Both may be out of date at once.
 * Async-signal-safe. */
bool thread_is_parked(uint32_t index);
bool thread_is_in_syscall(uint32_t index);

/* Of what kind the thread is that has, or last had, that index, below threads_ever().
 * Async-signal-safe. */
enum thread_kind thread_kind(uint32_t index);

/* Call visit(index, tid, argument) for every thread of the world, tid 0 if it takes no
 * signals yet. The world is stopped, or the caller knows that no thread is born or ends
 * meanwhile. Async-signal-safe if visit is. */
void threads_visit(
	void (*visit)(uint32_t index, uint32_t tid, void *argument), void *argument);

/* A number of the thread's own for whoever uses the world. A newborn inherits it from the
 * caller of thread_spawn; the leader begins with 0. Any thread may read it. */
os_counter *thread_data(uint32_t index);

/* Count one step of work: what an observer outside takes as a sign of life.
 * Async-signal-safe. */
void thread_step(void);

/* Say that the thread waits for a signal to arrive, or does no longer; for the observer
 * outside. */
void thread_awaits_signal(bool waits);

/* The mask that the thread runs user code with. */
struct os_signal_set thread_mask(void);

/* To be called often by user code. Blocks if the world is being stopped or another
 * thread's turn has come. */
void safepoint(void);

/* Let the next runnable thread have the slot, if there is one. Blocks. */
void thread_yield(void);

/* Around a system call that may sleep. In between the thread must not touch the world,
 * and may be interrupted (EINTR) by a broadcast. exit_syscall blocks until there is a
 * slot. */
void enter_syscall(void);
void exit_syscall(void);

/* Read a byte as user code does: the slot is free for others meanwhile, and interruptions
 * are nobody's business. 1, 0 at the end of the pipe, or a negative errno other than
 * -EINTR. Blocks. */
int world_read(const struct os_pipe *pipe, uint8_t *byte);

/*
 * Stop and start the world
 *
 * world_stop returns when no other thread runs user code; it blocks while others have the
 * right to stop. -EDEADLK: the caller has stopped the world already. world_restart ends
 * that; only by who stopped.
 */
int world_stop(void);
void world_restart(void);

/*
 * The broadcast
 *
 * function(argument, true) runs on the caller. If it returns 0, function(argument, false)
 * runs once on every other thread of the world, services too, with all signals blocked,
 * before any user code runs again. On a thread that is blocked in a system call it runs
 * in a signal handler: it must be async-signal-safe.
 *
 * Returns 0; what the first call returned if that is not 0 (then no other thread ran it);
 * -EDEADLK if the caller has stopped the world; -EPROTO if some thread's result was not
 * 0: *dissenter (may be NULL) is then its index, and the threads of the process differ.
 * Blocks; broadcasts and stops are served in order.
 */
int broadcast(
	int (*function)(void *argument, bool first), void *argument, uint32_t *dissenter);

/*
 * Channels: bounded queues of numbers
 */
struct channel {
	struct lock lock;
	bool closed, leaving;
	uint32_t capacity, count, first;
	uint32_t waiters, last_waiter;
	uint64_t wanted; /* the signals it is subscribed to */
	struct channel *next;
	uint32_t values[CHANNEL_CAPACITY_MAX];
};

/* `capacity` from 1 to CHANNEL_CAPACITY_MAX. The channel stays where it is while in use.
 */
void channel_init(struct channel *channel, uint32_t capacity);

/* Never blocks. -EAGAIN: full, the value is dropped. -ESHUTDOWN: closed. */
int channel_try_send(struct channel *channel, uint32_t value);

/* Blocks until there is a value, the deadline (-ETIMEDOUT) or the channel is closed and
 * empty (-ESHUTDOWN). The first call with a deadline starts the threads that wait for
 * timers: -EAGAIN, -ENOSPC if that fails. */
int channel_receive(struct channel *channel, uint64_t deadline, uint32_t *value);

/* Every receiver, now and later, gets what is left and then -ESHUTDOWN. Never blocks. */
void channel_close(struct channel *channel);

/*
 * Signals
 *
 * A signal that is wanted goes from its handler over a queue to the receiver thread and
 * from there into every channel that is subscribed to it; a full channel drops it.
 * Signals that arrive while one of the same number is still queued coalesce with it.
 */

/* `signal` from 1 to SIGNALS_MAX; -EINVAL otherwise, if it cannot be caught, or if the
 * subject keeps it for itself. Never blocks. */
int signal_subscribe(struct channel *channel, int signal);

/* End all subscriptions of the channel. Signals that nobody wants any more get back the
 * disposition that they had before. When it returns nothing more comes into the channel.
 * Blocks until handlers under way are done. */
void signal_unsubscribe(struct channel *channel);

/* Count a signal that was sent or received by whoever uses the world, in the phase that the
 * world is in. Async-signal-safe. */
void signal_note(enum signal_moment moment);

/*
 * The trace: who did what between start and stop, each of which stops and starts the
 * world
 */

/* -EBUSY: a trace is running already. -EDEADLK: the caller has stopped the world. */
int trace_start(void);

/* End the trace and write it to `buffer` (format: trace.h). *size receives its length.
 * -ENOSPC: the buffer was too small (trace_size of the world's threads_max is always
 * enough); the trace is ended all the same. -EINVAL: none is running. */
int trace_stop(void *buffer, size_t capacity, size_t *size);

/* The most bytes that a trace of a world of `threads_max` threads can have. Any context.
 */
size_t trace_size(uint32_t threads_max);

#endif
