/* SPDX-License-Identifier: BSD-2-Clause */
/* What the files of the simulated machine share. */
#ifndef HUPSTORM_STRESS_SIM_INSIDE_H
#define HUPSTORM_STRESS_SIM_INSIDE_H

#include "coroutine.h"
#include "machine.h"
#include "stress/os.h"

enum { SIM_PIPES_MAX = 16, SIM_POLLERS_MAX = 16 };

enum virtual_state {
	VIRTUAL_FREE,
	VIRTUAL_READY,	/* at a point */
	VIRTUAL_SLEEPS, /* on a futex */
	VIRTUAL_LOCKS,	/* until the word is 0 */
	VIRTUAL_AWAITS, /* until the word is not 0 */
	VIRTUAL_POLLS,
	VIRTUAL_READS,
	VIRTUAL_JOINS,
	VIRTUAL_GATED, /* until the machine is open */
	VIRTUAL_ENDED,
};

/* What the kernel knows of a thread, and others may change. */
struct virtual_thread {
	enum virtual_state state;
	unsigned
		asleep_rank; /* among the sleepers on a word, the first to sleep is lowest */
	uint64_t mask, pending;
	uint64_t deadline;   /* of its sleep; with abstract time, from now */
	const os_word *word; /* that it waits for */
	unsigned joined;
	int pipe, poller;
	bool attribute;
	uint32_t tid;
	struct thread *self;
	void (*entry)(void *);
	void *argument;
};

/* What is its own, beside the stack. */
struct virtual_local {
	struct coroutine coroutine;
	struct sim_point_view view;
	bool in_handler;
	uint64_t clock; /* with abstract time: how far it is ahead of the machine's */
	bool yields;
	bool committed; /* it has done what others may see since it last took a lock */
};

struct sim_pipe {
	bool open;
	uint32_t bytes;
};

/* All that one step leaves to the next, but for the locals and stacks. */
struct machine_state {
	unsigned count;
	uint32_t tids;
	uint64_t now;
	uint64_t pending; /* for the process */
	uint8_t pollers;  /* ever opened */
	bool event[SIM_POLLERS_MAX];
	bool open;	   /* the gate */
	uint8_t exclusive; /* the thread that goes on before all others, + 1; 0: none */
	uint8_t disposition[OS_SIGNALS + 1];
	void (*handler)(int signal);
	struct sim_pipe pipes[SIM_PIPES_MAX];
	struct virtual_thread threads[SIM_THREADS_MAX];
};

/* What can be done next, a bit for each thread; and who of them yields. */
struct sim_offers {
	uint64_t run, signal, time_out, yields;
};

/*
 * What is known of the threads' records, a bit for each thread. While a scheduler is at work (sim_go_on) a step changes few
 * of them: those of whom it does something to, which are stale until the next choices are listed (whoever changes another
 * thread's record says so by thread_changed), and its own, of which it is seen then whether it has changed. Without a scheduler all are looked at each time.
 */
struct sim_standing {
	uint64_t stale;
	uint64_t goes_on, waits, looks, signalled, times_out;
	uint64_t yields;
	uint64_t woken; /* of those that wait, by the last look at the words */
	struct sim_offers
		listed; /* what machine.choices are with abstract time, so many */
	unsigned count;
};

struct sim_machine {
	bool on;
	struct sim_config config;
	unsigned current;
	struct sim_action action; /* that is being done */
	const void *held;	  /* a word; until it is open */
	enum sim_operation held_operation;
	unsigned made;			       /* the thread that it has made */
	const struct sim_scheduler *scheduler; /* while it is at work */
	struct coroutine outside;
	struct sim_result *result;
	uint64_t steps;
	struct sim_standing standing;
	struct machine_state s;
	struct virtual_local locals[SIM_THREADS_MAX];
	struct sim_action choices[SIM_CHOICES_MAX];
};

extern struct sim_machine machine;

enum { SIM_STACK_SIZE = 64 * 1024 };

/* The highest address of the thread's stack. */
char *stack_top(unsigned thread);

static inline __attribute__((always_inline)) struct virtual_thread *running(void)
{
	return &machine.s.threads[machine.current];
}

static inline __attribute__((always_inline)) struct virtual_local *running_local(void)
{
	return &machine.locals[machine.current];
}

/* The word, without a point. */
os_inline uint32_t value_of(const os_word *word)
{
	return atomic_load_explicit(&word->value, memory_order_relaxed);
}

/* The calling thread accesses a word of that class, at a point or not. */
void note_access(enum sim_operation operation, const void *word, int class);

/* Nobody is to do that to the word yet (sim_hold). */
os_inline bool is_held(enum sim_operation operation, const void *word)
{
	return machine.held && machine.held == word &&
	       machine.held_operation == operation && !machine.s.open;
}

_Noreturn void machine_end(enum sim_end end);

/* The record of a thread that does not run was changed. */
void thread_changed(unsigned thread);

/* The calling thread is about to do that: anything may happen before it. */
void at_point(enum sim_operation operation, const void *word, uint32_t value,
	uint32_t expected);

/* The calling thread has said in its state what it waits for. */
enum turn { TURN_RUN, TURN_TIMED_OUT, TURN_INTERRUPTED };
enum turn await_turn(void);

/* The same, as a point of that kind: handlers may run, and the wait goes on. */
enum turn await_at(enum virtual_state state, enum sim_operation operation,
	const os_word *word, uint32_t value, uint64_t deadline);

/* The index of a new thread that is ready, -1 if there are too many. */
int make_thread(void (*entry)(void *), void *argument, uint64_t mask);

/* A deadline as virtual_thread.deadline has it. */
uint64_t sim_deadline(uint64_t deadline);

/* The calling thread timed out at a deadline of that form. */
void sim_time_has_come(uint64_t deadline);

bool pipe_has_news(int pipe);

#endif
