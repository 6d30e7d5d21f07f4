/* SPDX-License-Identifier: BSD-2-Clause */
/* What the files of the simulated machine share. */
#ifndef HUPSTORM_STRESS_SIM_INSIDE_H
#define HUPSTORM_STRESS_SIM_INSIDE_H

#include "coroutine.h"
#include "machine.h"
#include "stress/os.h"

enum { SIM_PIPES_MAX = 16 };

enum virtual_state {
	VIRTUAL_FREE,
	VIRTUAL_READY,	/* at a point */
	VIRTUAL_SLEEPS, /* on a futex */
	VIRTUAL_POLLS,
	VIRTUAL_READS,
	VIRTUAL_JOINS,
	VIRTUAL_ENDED,
};

struct virtual_thread {
	enum virtual_state state;
	struct coroutine coroutine;
	struct sim_action action; /* that brought it here */
	struct sim_point_view view;
	uint64_t mask, pending;
	uint64_t deadline;     /* of its sleep */
	uint64_t asleep_since; /* orders the sleepers on a word */
	const os_word *word;   /* that it sleeps on */
	unsigned joined;
	int pipe;
	bool yields;
	bool attribute;
	uint32_t tid;
	struct thread *self;
	void (*entry)(void *);
	void *argument;
};

struct sim_pipe {
	bool open;
	uint32_t bytes;
};

struct machine {
	bool on;
	unsigned current, count;
	struct virtual_thread threads[SIM_THREADS_MAX];
	struct coroutine outside;
	const struct sim_scheduler *scheduler;
	struct sim_result *result;
	uint64_t steps, now, sleeps;
	uint32_t tids;
	uint64_t pending; /* for the process */
	enum os_disposition disposition[OS_SIGNALS + 1];
	void (*handler[OS_SIGNALS + 1])(int signal);
	bool event; /* of the poller */
	struct sim_pipe pipes[SIM_PIPES_MAX];
	unsigned choice_count;
	struct sim_action choices[SIM_CHOICES_MAX];
};

extern struct machine machine;

struct virtual_thread *running(void);
_Noreturn void machine_end(enum sim_end end);

/* The calling thread is about to do that: anything may happen before it. */
void at_point(enum sim_operation operation, const void *word, uint32_t value,
	uint32_t expected);

/* The calling thread has said in its state what it waits for. True: it timed out; or a
 * handler ran meanwhile, as `interrupted` says. */
bool await_turn(bool *interrupted);

/* The index of a new thread that is ready, -1 if there are too many. */
int make_thread(void (*entry)(void *), void *argument, uint64_t mask);

bool pipe_has_news(int pipe);

#endif
