/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Looking into a world from outside, while it runs, hangs, or after its process has died.
 *
 * The memory of a world may be shared with another process of the same program
 * (config.memory). What is read there may be out of date or between two states; nothing
 * in it is trusted to be in range.
 */
#ifndef HUPSTORM_STRESS_INSPECT_H
#define HUPSTORM_STRESS_INSPECT_H

#include "stress.h"

/* Where a thread is, as far as others have to know. */
enum thread_where {
	WHERE_GONE,	/* or not born */
	WHERE_BIRTH,	/* on the list, but not running yet */
	WHERE_RUNTIME,	/* in finite code of the runtime, without a slot */
	WHERE_USER,	/* holds a slot */
	WHERE_PARKED,	/* in park */
	WHERE_SYSCALL,	/* between enter_syscall and exit_syscall */
	WHERE_NOTE,	/* the receiver, sleeping */
	WHERE_POLLER,	/* in the poller */
	WHERE_SYSMON,	/* sysmon, sleeping */
	WHERE_TEMPLATE, /* the template thread, sleeping */
	WHERE_COUNT
};

/* What ended a thread's sleep. */
enum thread_waker {
	WAKER_UNKNOWN,
	WAKER_POST,   /* a post to its note, or the break of its poller */
	WAKER_SIGNAL, /* a handler ran */
	WAKER_ITSELF, /* its own timeout, a timer, or its system call has come back */
	WAKER_COUNT
};

struct event_ring;

struct thread_view {
	uint32_t index;
	uint32_t tid; /* 0: not running yet */
	enum thread_kind kind;
	char name[THREAD_NAME_SIZE];
	enum thread_where where;
	bool owes;  /* the function of a broadcast: a fixup, or marked */
	bool waits; /* for somebody to make it ready, which nobody has done yet */
	bool in_handler;
	bool awaits_signal;
	uint32_t handlers; /* changes when a handler is entered or left */
	uint64_t steps, safepoints;
	uint32_t slot;	      /* that it holds; NO_SLOT: none */
	uint32_t park;	      /* events of its park note */
	uint32_t fixup, mark; /* what it owes: enum fixup_state; the directed signal's */
	uint32_t locks;	      /* that it holds */
	uint64_t mask;	      /* that it runs user code with */
};

/* How broadcasts went. A tick is a wait of 100 us of the coordinator that ran out. */
struct broadcast_view {
	uint64_t quick,
		legal;	  /* of at most 10 ticks; of at most 120, sysmon's short nap */
	uint64_t slow;	  /* of at most 1000 */
	uint64_t stalled; /* of more */
	uint64_t ticks;	  /* of the slowest, and the thread that ran its function last */
	uint32_t last;
	enum thread_where slept_at;
	enum thread_waker woken_by;
};

struct world_view {
	bool running; /* world_start has returned, world_end has not begun */
	enum world_phase phase;
	uint32_t stop_wait;	  /* slots that a stop under way still waits for */
	uint32_t broadcast;	  /* number of the last broadcast */
	uint64_t signals_pending; /* in the queue: bit (number - 1) */
	uint64_t signals_wanted;
	bool receiver_asleep; /* the queue's state is `receiving` and nobody has woken the
				 receiver */
	struct broadcast_view broadcasts;
	uint32_t thread_count;
	struct thread_view threads[THREADS_MAX];
};

/* Read the world in `memory`. -EINVAL: there is none, or it does not fit in `size`. Never
 * blocks; any process. */
int world_inspect(const void *memory, size_t size, struct world_view *view);

/* The counters of the world in `memory`; NULL under the same conditions. */
const struct world_counters *world_inspect_counters(const void *memory, size_t size);

/* The ring of events of the thread with this index; NULL: there is none. */
const struct event_ring *world_inspect_events(
	const void *memory, size_t size, uint32_t index);

/*
 * What the word at this address is to the world: "the scheduler's lock", "the park note of thread
 * 3". False: nothing that is known. *owner is the index of the thread that holds it, THREADS_MAX
 * for nobody, or for what has no owner.
 */
enum { WORD_NAME_SIZE = 64 };
bool world_inspect_word(const void *memory, size_t size, const void *address,
	char name[WORD_NAME_SIZE], uint32_t *owner);

const char *world_phase_name(enum world_phase phase);
const char *thread_where_name(enum thread_where where);
const char *thread_waker_name(enum thread_waker waker);

#endif
