/* SPDX-License-Identifier: BSD-2-Clause */
/* Virtual threads, and what each may do next. The scheduler runs outside their stacks. */
#include "inside.h"
#include "scrub.h"
#include "touch.h"

#include <stdlib.h>
#include <string.h>

struct sim_machine machine;

static char *stacks;

char *stack_top(unsigned thread)
{
	return stacks + (size_t)(thread + 1) * SIM_STACK_SIZE;
}

void sim_end_now(enum sim_end end)
{
	machine.on = false;
	machine.result->end = end;
	machine.result->steps = machine.steps;
}

_Noreturn void machine_end(enum sim_end end)
{
	sim_end_now(end);
	coroutine_switch(&running_local()->coroutine, &machine.outside);
	abort();
}

_Noreturn void sim_done(void)
{
	machine_end(SIM_DONE);
}

/* Signals that a handler may begin for now. */
os_inline uint64_t deliverable(const struct virtual_thread *t)
{
	return (t->pending | machine.s.pending) & ~t->mask;
}

os_inline uint32_t value_of(const os_word *word)
{
	return atomic_load_explicit(&word->value, memory_order_relaxed);
}

/* What a thread in each state may do. */
enum { LIVES = 1, GOES_ON = 2, WAITS_FOR_WORD = 4, WAITS_FOR_NEWS = 8, TIMES_OUT = 16 };

static const uint8_t standing[] = {
	[VIRTUAL_FREE] = 0,
	[VIRTUAL_READY] = LIVES | GOES_ON,
	[VIRTUAL_SLEEPS] = LIVES | TIMES_OUT,
	[VIRTUAL_LOCKS] = LIVES | WAITS_FOR_WORD,
	[VIRTUAL_AWAITS] = LIVES | WAITS_FOR_WORD | TIMES_OUT,
	[VIRTUAL_POLLS] = LIVES | WAITS_FOR_NEWS | TIMES_OUT,
	[VIRTUAL_READS] = LIVES | WAITS_FOR_NEWS,
	[VIRTUAL_JOINS] = LIVES | WAITS_FOR_NEWS,
	[VIRTUAL_GATED] = LIVES | WAITS_FOR_NEWS,
	[VIRTUAL_ENDED] = 0,
};

static __attribute__((noinline)) bool news_have_come(const struct virtual_thread *t)
{
	switch (t->state) {
	case VIRTUAL_POLLS:
		return machine.s.event[t->poller];
	case VIRTUAL_READS:
		return pipe_has_news(t->pipe);
	case VIRTUAL_JOINS:
		return machine.s.threads[t->joined].state == VIRTUAL_ENDED;
	default:
		return machine.s.open;
	}
}

os_inline bool can_run(const struct virtual_thread *t, unsigned may)
{
	if (may & GOES_ON)
		return true;
	if (may & WAITS_FOR_WORD)
		return !value_of(t->word) == (t->state == VIRTUAL_LOCKS);
	return (may & WAITS_FOR_NEWS) && news_have_come(t);
}

/* An action is written as the word that it is: it will be read as one. */
os_inline struct sim_action *add_choice(struct sim_action *end, unsigned thread,
	enum sim_action_kind kind, unsigned signal)
{
	struct sim_action action = { (uint8_t)thread, (uint8_t)kind, (uint8_t)signal,
		machine.locals[thread].yields };

	*end = action;
	return end + 1;
}

/* In few instructions: it is asked for at each step. */
os_inline unsigned list_choices(void)
{
	const uint64_t pending = machine.s.pending;
	const bool abstract = machine.config.abstract_time;
	const unsigned exclusive = machine.s.exclusive;
	const unsigned end = exclusive ? exclusive : machine.s.count;
	struct sim_action *next = machine.choices;
	uint64_t earliest = UINT64_MAX, signals;
	unsigned timed = 0;

	for (unsigned i = exclusive ? exclusive - 1 : 0; i < end; i++) {
		const struct virtual_thread *t = &machine.s.threads[i];
		const unsigned may = standing[t->state];

		if (!may)
			continue;
		if (can_run(t, may))
			next = add_choice(next, i, SIM_RUN, 0);
		for (signals = (t->pending | pending) & ~t->mask; signals;
			signals &= signals - 1)
			next = add_choice(next, i, SIM_SIGNAL,
				(unsigned)__builtin_ctzll(signals) + 1);
		if (!(may & TIMES_OUT) || t->deadline == UINT64_MAX)
			continue;
		if (abstract) {
			next = add_choice(next, i, SIM_TIME_OUT, 0);
		} else if (t->deadline < earliest) {
			earliest = t->deadline;
			timed = i;
		}
	}
	if (earliest != UINT64_MAX)
		next = add_choice(next, timed, SIM_TIME_OUT, 0);
	return (unsigned)(next - machine.choices);
}

SIM_UNSCRUBBED unsigned sim_choices(const struct sim_action **choices)
{
	*choices = machine.choices;
	return list_choices();
}

os_inline void begin_step(struct sim_action action)
{
	machine.steps++;
	machine.action = action;
	machine.made = UINT32_MAX;
	machine.current = action.thread;
	machine.on = true;
}

SIM_UNSCRUBBED bool sim_step(struct sim_action action)
{
	begin_step(action);
	coroutine_switch(&machine.outside, &running_local()->coroutine);
	if (!machine.on)
		return false;
	/* Whoever looks at the world between two steps is no part of the program. */
	machine.on = false;
	return true;
}

/* A handler runs with every signal blocked, on top of whatever its thread was doing. A
 * sleep on a futex, or in the poller, ends with it, and a read does if the signal's
 * disposition says so; other waits go on. True if it ended a sleep. */
static __attribute__((noinline)) bool run_handler(int signal)
{
	struct virtual_thread *t = running();
	const struct sim_point_view view = running_local()->view;
	uint64_t mask = t->mask, deadline = t->deadline;
	uint64_t bit = UINT64_C(1) << (signal - 1);
	enum virtual_state state = t->state;
	const os_word *word = t->word;
	bool sleeps = state == VIRTUAL_SLEEPS || state == VIRTUAL_POLLS ||
		      (state == VIRTUAL_READS && machine.s.disposition[signal] ==
							 OS_SIGNAL_HANDLE_UNRESTARTED);

	if (t->pending & bit)
		t->pending &= ~bit;
	else
		machine.s.pending &= ~bit;
	t->mask = SIM_ALL_SIGNALS;
	t->asleep_rank = 0;
	machine.s.exclusive = 0;
	running_local()->committed = true;
	running_local()->in_handler = true;
	machine.s.handler(signal);
	if (!machine.config.abstract_time)
		at_point(SIM_OP_HANDLER_RETURN, NULL, 0, 0);
	running_local()->in_handler = false;
	t = running();
	t->mask = mask;
	t->state = sleeps ? VIRTUAL_READY : state;
	t->word = word;
	t->deadline = deadline;
	running_local()->view = view;
	return sleeps;
}

/* Who has accessed each word, and who did nothing but bump it: bit 2 * thread, plus 1 in
 * a handler. */
enum { ACCESSED_WORDS = 4096 };

static struct {
	uint64_t classes;
	struct accessed_word {
		const void *word;
		uint64_t by[2], bumped_by[2];
		bool written;
	} words[ACCESSED_WORDS];
} contention;

static bool is_contended(const struct accessed_word *at)
{
	bool bumped = at->bumped_by[0] | at->bumped_by[1];
	bool accessed = at->by[0] | at->by[1];
	int who = __builtin_popcountll(at->by[0] | at->bumped_by[0]) +
		  __builtin_popcountll(at->by[1] | at->bumped_by[1]);

	return who > 1 && (at->written || (bumped && accessed));
}

static void note_access(enum sim_operation operation, const void *word, int class)
{
	unsigned who = 2 * machine.current + running_local()->in_handler;
	uintptr_t slot = (uintptr_t)word / sizeof(os_word) * 2654435761U;
	struct accessed_word *at;

	do {
		at = &contention.words[slot++ % ACCESSED_WORDS];
	} while (at->word && at->word != word);
	at->word = word;
	if (operation == SIM_OP_BUMP)
		at->bumped_by[who / 64] |= UINT64_C(1) << who % 64;
	else
		at->by[who / 64] |= UINT64_C(1) << who % 64;
	at->written |= operation != SIM_OP_LOAD && operation != SIM_OP_BUMP;
	if (is_contended(at))
		contention.classes |= UINT64_C(1) << class;
}

/* The scheduler's next action is begun; false: the machine has ended. */
static SIM_UNSCRUBBED __attribute__((noinline)) bool begin_next(void)
{
	const struct sim_scheduler *scheduler = machine.scheduler;
	const struct sim_action *choices = machine.choices;
	unsigned count = list_choices();
	int index;

	if (!count) {
		sim_end_now(SIM_DEADLOCK);
		return false;
	}
	index = scheduler->choose(scheduler->context, choices, count, machine.current);
	if (index < 0) {
		sim_end_now(SIM_CUT);
		return false;
	}
	begin_step(choices[index]);
	return true;
}

/* Until an action is to be done on the calling thread. Where a scheduler is at work it is asked here, and who is next goes on at
 * once: to go outside and in again for each step would take twice the switches. */
os_inline void hand_over(void)
{
	struct virtual_local *self = running_local();
	struct coroutine *next = &machine.outside;

	if (machine.scheduler) {
		machine.on = false;
		if (begin_next())
			next = &running_local()->coroutine;
	}
	if (next != &self->coroutine)
		coroutine_switch(&self->coroutine, next);
}

enum turn await_turn(void)
{
	bool interrupted = false;

	for (;;) {
		hand_over();
		if (machine.action.kind == SIM_TIME_OUT)
			return TURN_TIMED_OUT;
		if (machine.action.kind == SIM_RUN)
			return interrupted ? TURN_INTERRUPTED : TURN_RUN;
		if (run_handler(machine.action.signal))
			interrupted = true;
	}
}

enum turn await_at(enum virtual_state state, enum sim_operation operation,
	const os_word *word, uint32_t value, uint64_t deadline)
{
	struct virtual_thread *t = running();
	enum turn turn;

	running_local()->view =
		(struct sim_point_view){ operation, word, value, 0, false, false };
	t->word = word;
	t->deadline = deadline;
	t->state = state;
	turn = await_turn();
	t = running();
	t->state = VIRTUAL_READY;
	t->word = NULL;
	t->deadline = UINT64_MAX;
	running_local()->yields = false;
	running_local()->committed = operation != SIM_OP_LOCK;
	return turn;
}

/* What commutes with whatever others do next, whenever it is possible at all: to give
 * back a lock, and to block signals. */
os_inline bool is_left_mover(enum sim_operation operation)
{
	return operation == SIM_OP_UNLOCK || operation == SIM_OP_MASK;
}

/* True if nobody need come between the calling thread's last step and this. */
os_inline bool goes_on(enum sim_operation operation)
{
	const struct virtual_thread *t = running();

	if (!machine.config.class_of || !is_left_mover(operation))
		return false;
	if (t->mask == SIM_ALL_SIGNALS)
		return true;
	if (running_local()->committed)
		return false;
	if (deliverable(t))
		machine.s.exclusive = (uint8_t)(machine.current + 1);
	return !machine.s.exclusive;
}

void at_point(
	enum sim_operation operation, const void *word, uint32_t value, uint32_t expected)
{
	if (goes_on(operation))
		return;
	running_local()->view =
		(struct sim_point_view){ operation, word, value, expected, false, false };
	running()->state = VIRTUAL_READY;
	await_turn();
	running_local()->yields = false;
	running_local()->committed = !is_left_mover(operation) || !machine.s.exclusive;
	machine.s.exclusive = 0;
}

os_inline bool is_held(enum sim_operation operation, const void *word)
{
	return machine.held && machine.held == word &&
	       machine.held_operation == operation && !machine.s.open;
}

SIM_UNSCRUBBED bool sim_is_point(
	enum sim_operation operation, const void *word, bool relaxed)
{
	int class;
	bool is_point;

	if (!machine.on)
		return false;
	relaxed &= machine.config.coarse;
	if (!machine.config.class_of)
		return !relaxed;
	class = machine.config.class_of(word);
	is_point = class < 0 || (machine.config.points >> class & 1);
	if (is_held(operation, word))
		return true;
	if (class >= 0 && machine.s.open)
		note_access(operation, word, class);
	if (is_point && relaxed)
		running_local()->committed = true;
	return is_point && !relaxed;
}

void sim_point(
	enum sim_operation operation, const void *word, uint32_t value, uint32_t expected)
{
	at_point(operation, word, value, expected);
}

SIM_UNSCRUBBED bool sim_compare_exchange(
	os_word *word, uint32_t expected, uint32_t desired)
{
	sim_touch(word, sizeof *word);
	return atomic_compare_exchange_strong_explicit(&word->value, &expected, desired,
		memory_order_relaxed, memory_order_relaxed);
}

static void begin(void)
{
	/* The action that began it is its first turn; signals are blocked. */
	running()->entry(running()->argument);
	if (machine.current == 0)
		machine_end(SIM_DONE);
	running()->state = VIRTUAL_ENDED;
	await_turn();
	abort();
}

/* A record is used again once its thread has been joined. */
int make_thread(void (*entry)(void *), void *argument, uint64_t mask)
{
	unsigned index = 0;

	while (index < machine.s.count && machine.s.threads[index].state != VIRTUAL_FREE)
		index++;
	sim_touch(machine.s.threads, (index + 1) * sizeof machine.s.threads[0]);
	if (index == SIM_THREADS_MAX)
		return -1;
	if (index == machine.s.count)
		machine.s.count++;
	memset(&machine.s.threads[index], 0, sizeof machine.s.threads[index]);
	machine.s.threads[index] = (struct virtual_thread){
		.state = VIRTUAL_READY,
		.entry = entry,
		.argument = argument,
		.mask = mask,
		.deadline = UINT64_MAX,
		.attribute = machine.on && running()->attribute,
		.tid = ++machine.s.tids,
	};
	memset(&machine.locals[index], 0, sizeof machine.locals[index]);
	coroutine_prepare(&machine.locals[index].coroutine,
		stack_top(index) - SIM_STACK_SIZE, SIM_STACK_SIZE, begin);
	machine.made = index;
	return (int)index;
}

void sim_begin(void (*program)(void *argument), void *argument,
	const struct sim_config *config, struct sim_result *result)
{
	if (!stacks)
		stacks = aligned_alloc(4096, (size_t)SIM_THREADS_MAX * SIM_STACK_SIZE);
	if (!stacks)
		abort();
	memset(&machine, 0, sizeof machine);
	*result = (struct sim_result){ .end = SIM_DONE };
	machine.result = result;
	machine.config = *config;
	machine.s.now = 1000 * OS_SECOND;
	machine.s.tids = 1000;
	make_thread(program, argument, 0);
}

static bool any_gated(void)
{
	for (unsigned i = 0; i < machine.s.count; i++)
		if (machine.s.threads[i].state == VIRTUAL_GATED)
			return true;
	return false;
}

/* The youngest that can run; if nobody can and nobody is at the gate, the youngest that
 * may time out. */
static bool opening_choice(struct sim_action *action)
{
	const struct sim_action *choices;
	const struct sim_point_view *view;
	unsigned count = sim_choices(&choices);

	for (unsigned i = count; i--;) {
		*action = choices[i];
		view = &machine.locals[action->thread].view;
		if (action->kind == SIM_RUN && !is_held(view->operation, view->word))
			return true;
	}
	for (unsigned i = count; i-- && !any_gated();) {
		*action = choices[i];
		if (action->kind == SIM_TIME_OUT)
			return true;
	}
	return false;
}

bool sim_opening(void)
{
	struct sim_action action;

	while (opening_choice(&action))
		if (!sim_step(action))
			return false;
	machine.s.open = true;
	for (unsigned i = 0; i < machine.s.count; i++)
		if (machine.s.threads[i].state == VIRTUAL_GATED &&
			!sim_step((struct sim_action){ .thread = (uint8_t)i }))
			return false;
	machine.steps = 0;
	machine.current = 0;
	return true;
}

void sim_hold(enum sim_operation operation, const void *word)
{
	machine.held_operation = operation;
	machine.held = word;
}

void sim_gate(void)
{
	await_at(VIRTUAL_GATED, SIM_OP_GATE, NULL, 0, UINT64_MAX);
}

SIM_UNSCRUBBED void sim_go_on(const struct sim_scheduler *scheduler)
{
	machine.scheduler = scheduler;
	if (begin_next())
		coroutine_switch(&machine.outside, &running_local()->coroutine);
	machine.scheduler = NULL;
}

void sim_run(void (*program)(void *argument), void *argument,
	const struct sim_config *config, const struct sim_scheduler *scheduler,
	struct sim_result *result)
{
	sim_begin(program, argument, config, result);
	if (!config->abstract_time || sim_opening())
		sim_go_on(scheduler);
}

void sim_resume(struct sim_result *result)
{
	*result = (struct sim_result){ .end = SIM_DONE };
	machine.result = result;
	machine.steps = 0;
	machine.current = 0;
	machine.on = false;
}

unsigned sim_made(void)
{
	return machine.made;
}

uint64_t sim_contended(void)
{
	return contention.classes;
}

void sim_forget_contention(void)
{
	memset(&contention, 0, sizeof contention);
}

struct sim_point_view sim_point_of(unsigned thread)
{
	const struct virtual_thread *t = &machine.s.threads[thread];
	struct sim_point_view view = machine.locals[thread].view;

	view.sleeps = t->state == VIRTUAL_SLEEPS || t->state == VIRTUAL_POLLS ||
		      t->state == VIRTUAL_READS || t->state == VIRTUAL_JOINS;
	view.in_handler = machine.locals[thread].in_handler;
	return view;
}

struct thread *sim_record_of(unsigned thread)
{
	return machine.s.threads[thread].self;
}
