/* SPDX-License-Identifier: BSD-2-Clause */
/* Virtual threads, and the choice of the next action. */
#include "inside.h"

#include <stdlib.h>
#include <string.h>

enum { STACK_SIZE = 64 * 1024 };

struct machine machine;

static char *stacks;

struct virtual_thread *running(void)
{
	return &machine.threads[machine.current];
}

_Noreturn void machine_end(enum sim_end end)
{
	struct coroutine nowhere;

	machine.on = false;
	machine.result->end = end;
	machine.result->steps = machine.steps;
	coroutine_switch(&nowhere, &machine.outside);
	abort();
}

/* Signals that a handler may begin for now. */
static uint64_t deliverable(const struct virtual_thread *t)
{
	return (t->pending | machine.pending) & ~t->mask;
}

static bool can_run(const struct virtual_thread *t)
{
	switch (t->state) {
	case VIRTUAL_READY:
		return true;
	case VIRTUAL_POLLS:
		return machine.event;
	case VIRTUAL_READS:
		return pipe_has_news(t->pipe);
	case VIRTUAL_JOINS:
		return machine.threads[t->joined].state == VIRTUAL_ENDED;
	default:
		return false;
	}
}

/* UINT64_MAX: it does not sleep, or for ever. */
static uint64_t wakes_at(const struct virtual_thread *t)
{
	bool sleeps = t->state == VIRTUAL_SLEEPS || t->state == VIRTUAL_POLLS;

	return sleeps ? t->deadline : UINT64_MAX;
}

static void add_choice(unsigned thread, enum sim_action_kind kind, unsigned signal)
{
	machine.choices[machine.choice_count++] = (struct sim_action){ (uint8_t)thread,
		(uint8_t)kind, (uint8_t)signal, machine.threads[thread].yields };
}

static void collect(void)
{
	uint64_t earliest = UINT64_MAX, signals;
	unsigned timed = 0;

	machine.choice_count = 0;
	for (unsigned i = 0; i < machine.count; i++) {
		struct virtual_thread *t = &machine.threads[i];

		if (t->state == VIRTUAL_FREE || t->state == VIRTUAL_ENDED)
			continue;
		if (can_run(t))
			add_choice(i, SIM_RUN, 0);
		for (signals = deliverable(t); signals; signals &= signals - 1)
			add_choice(i, SIM_SIGNAL, (unsigned)__builtin_ctzll(signals) + 1);
		if (wakes_at(t) < earliest) {
			earliest = wakes_at(t);
			timed = i;
		}
	}
	if (earliest != UINT64_MAX)
		add_choice(timed, SIM_TIME_OUT, 0);
}

/* Let the scheduler choose, and go where it says; back when this thread is chosen. */
static void take_turns(void)
{
	struct virtual_thread *before = running(), *next;
	struct sim_action action;
	int index;

	collect();
	if (!machine.choice_count)
		machine_end(SIM_DEADLOCK);
	/* The scheduler may look at the world; that is no part of the program. */
	machine.on = false;
	index = machine.scheduler->choose(machine.scheduler->context, machine.choices,
		machine.choice_count, machine.current);
	if (index < 0)
		machine_end(SIM_CUT);
	machine.on = true;
	action = machine.choices[index];
	machine.steps++;
	machine.current = action.thread;
	next = running();
	next->action = action;
	if (next != before)
		coroutine_switch(&before->coroutine, &next->coroutine);
}

/* A handler runs with every signal blocked, on top of whatever its thread was doing. */
static void run_handler(struct virtual_thread *t, int signal)
{
	uint64_t mask = t->mask, bit = UINT64_C(1) << (signal - 1);
	enum virtual_state state = t->state;

	if (t->pending & bit)
		t->pending &= ~bit;
	else
		machine.pending &= ~bit;
	t->mask = SIM_ALL_SIGNALS;
	t->state = VIRTUAL_READY;
	machine.handler[signal](signal);
	at_point(SIM_OP_HANDLER_RETURN, NULL, 0, 0);
	t->mask = mask;
	t->state = state;
}

bool await_turn(bool *interrupted)
{
	struct virtual_thread *t = running();

	take_turns();
	*interrupted = t->action.kind == SIM_SIGNAL;
	if (*interrupted)
		run_handler(t, t->action.signal);
	return t->action.kind == SIM_TIME_OUT;
}

/* Handlers may come, one after the other, before the thread does what it is about to. */
void at_point(
	enum sim_operation operation, const void *word, uint32_t value, uint32_t expected)
{
	struct virtual_thread *t = running();
	const struct sim_point_view here = { operation, word, value, expected, false };
	bool interrupted;

	do {
		t->view = here;
		t->state = VIRTUAL_READY;
		await_turn(&interrupted);
	} while (interrupted);
	t->yields = false;
}

void os_point(
	enum sim_operation operation, const void *word, uint32_t value, uint32_t expected)
{
	if (machine.on)
		at_point(operation, word, value, expected);
}

static void begin(void)
{
	struct virtual_thread *t = running();
	bool interrupted;

	/* The action that began it is its first turn; signals are blocked. */
	t->entry(t->argument);
	if (t == &machine.threads[0])
		machine_end(SIM_DONE);
	t->state = VIRTUAL_ENDED;
	await_turn(&interrupted);
	abort();
}

/* A record is used again once its thread has been joined. */
int make_thread(void (*entry)(void *), void *argument, uint64_t mask)
{
	unsigned index = 0;
	struct virtual_thread *t;

	while (index < machine.count && machine.threads[index].state != VIRTUAL_FREE)
		index++;
	if (index == SIM_THREADS_MAX)
		return -1;
	if (index == machine.count)
		machine.count++;
	t = &machine.threads[index];
	*t = (struct virtual_thread){
		.state = VIRTUAL_READY,
		.entry = entry,
		.argument = argument,
		.mask = mask,
		.deadline = UINT64_MAX,
		.attribute = machine.on && running()->attribute,
		.tid = ++machine.tids,
	};
	coroutine_prepare(
		&t->coroutine, stacks + (size_t)index * STACK_SIZE, STACK_SIZE, begin);
	return (int)index;
}

void sim_run(void (*program)(void *argument), void *argument,
	const struct sim_scheduler *scheduler, struct sim_result *result)
{
	if (!stacks)
		stacks = aligned_alloc(4096, (size_t)SIM_THREADS_MAX * STACK_SIZE);
	if (!stacks)
		abort();
	memset(&machine, 0, sizeof machine);
	*result = (struct sim_result){ .end = SIM_DONE };
	machine.result = result;
	machine.scheduler = scheduler;
	machine.now = 1000000000;
	machine.tids = 1000;
	make_thread(program, argument, 0);
	machine.on = true;
	coroutine_switch(&machine.outside, &machine.threads[0].coroutine);
}

struct sim_point_view sim_point_of(unsigned thread)
{
	const struct virtual_thread *t = &machine.threads[thread];
	struct sim_point_view view = t->view;

	view.sleeps = t->state != VIRTUAL_READY;
	return view;
}

struct thread *sim_record_of(unsigned thread)
{
	return machine.threads[thread].self;
}
