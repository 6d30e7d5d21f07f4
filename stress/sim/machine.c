/* SPDX-License-Identifier: BSD-2-Clause */
/* Virtual threads, and what each may do next. The scheduler runs outside their stacks. */
#include "inside.h"
#include "scrub.h"
#include "touch.h"

#include <stdio.h>
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

/* What a thread in each state may do. */
enum { LIVES = 1, GOES_ON = 2, LOOKS = 4, TIMES_OUT = 8 };

static const uint8_t standing[] = {
	[VIRTUAL_FREE] = 0,
	[VIRTUAL_READY] = LIVES | GOES_ON,
	[VIRTUAL_SLEEPS] = LIVES | TIMES_OUT,
	[VIRTUAL_LOCKS] = LIVES | LOOKS,
	[VIRTUAL_AWAITS] = LIVES | LOOKS | TIMES_OUT,
	[VIRTUAL_POLLS] = LIVES | LOOKS | TIMES_OUT,
	[VIRTUAL_READS] = LIVES | LOOKS,
	[VIRTUAL_JOINS] = LIVES | LOOKS,
	[VIRTUAL_GATED] = LIVES | LOOKS,
	[VIRTUAL_ENDED] = 0,
};

/* Of one that looks: what it looks for is there. */
static bool news_have_come(const struct virtual_thread *t)
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

os_inline bool can_run(const struct virtual_thread *t)
{
	if (t->state == VIRTUAL_AWAITS || t->state == VIRTUAL_LOCKS)
		return !value_of(t->word) == (t->state == VIRTUAL_LOCKS);
	return news_have_come(t);
}

os_inline void put_bit(uint64_t *bits, uint64_t bit, bool is_on)
{
	*bits = (*bits & ~bit) | (-(uint64_t)is_on & bit);
}

/* Look at the thread's record again. */
os_inline void restand(unsigned i)
{
	const struct virtual_thread *t = &machine.s.threads[i];
	const unsigned may = standing[t->state];
	const uint64_t bit = UINT64_C(1) << i;
	struct sim_standing *s = &machine.standing;

	put_bit(&s->goes_on, bit, may & GOES_ON);
	put_bit(&s->looks, bit, may & LOOKS);
	put_bit(&s->signalled, bit, t->pending);
	put_bit(&s->times_out, bit, (may & TIMES_OUT) && t->deadline != UINT64_MAX);
}

/* Of these threads, those that can run. */
os_inline uint64_t who_can_run(uint64_t among)
{
	const struct sim_standing *s = &machine.standing;
	uint64_t can = s->goes_on & among;

	for (uint64_t left = s->looks & among; left; left &= left - 1) {
		unsigned i = (unsigned)__builtin_ctzll(left);

		can |= (uint64_t)can_run(&machine.s.threads[i]) << i;
	}
	return can;
}

/* Of these threads, the one with the earliest deadline; -1: none has one. */
static int first_to_time_out(uint64_t among)
{
	uint64_t earliest = UINT64_MAX;
	int first = -1;

	for (; among; among &= among - 1) {
		int i = __builtin_ctzll(among);

		if (machine.s.threads[i].deadline < earliest) {
			earliest = machine.s.threads[i].deadline;
			first = i;
		}
	}
	return first;
}

os_inline struct sim_action *add_choice(struct sim_action *end, unsigned thread,
	enum sim_action_kind kind, unsigned signal)
{
	*end = (struct sim_action){ (uint8_t)thread, (uint8_t)kind, (uint8_t)signal,
		machine.locals[thread].yields };
	return end + 1;
}

os_inline struct sim_action *add_signals(struct sim_action *end, unsigned i)
{
	const struct virtual_thread *t = &machine.s.threads[i];
	uint64_t signals = standing[t->state] & LIVES ? deliverable(t) : 0;

	for (; signals; signals &= signals - 1)
		end = add_choice(
			end, i, SIM_SIGNAL, (unsigned)__builtin_ctzll(signals) + 1);
	return end;
}

/* In few instructions: it is asked for at each step. */
os_inline unsigned list_choices(void)
{
	struct sim_standing *s = &machine.standing;
	const unsigned exclusive = machine.s.exclusive;
	struct sim_action *end = machine.choices;
	uint64_t among = (UINT64_C(1) << machine.s.count) - 1, run, signal, time_out;
	int first = -1;

	for (; s->stale; s->stale &= s->stale - 1)
		restand((unsigned)__builtin_ctzll(s->stale));
	if (exclusive)
		among = UINT64_C(1) << (exclusive - 1);
	run = who_can_run(among);
	signal = (machine.s.pending ? among : s->signalled) & among;
	time_out = s->times_out & among;
	if (!machine.config.abstract_time) {
		first = first_to_time_out(time_out);
		time_out = 0;
	}
	for (uint64_t left = run | signal | time_out; left; left &= left - 1) {
		unsigned i = (unsigned)__builtin_ctzll(left);

		if (run >> i & 1)
			end = add_choice(end, i, SIM_RUN, 0);
		if (signal >> i & 1)
			end = add_signals(end, i);
		if (time_out >> i & 1)
			end = add_choice(end, i, SIM_TIME_OUT, 0);
	}
	if (first >= 0)
		end = add_choice(end, (unsigned)first, SIM_TIME_OUT, 0);
	return (unsigned)(end - machine.choices);
}

void thread_changed(unsigned thread)
{
	machine.standing.stale |= UINT64_C(1) << thread;
}

/* Whatever was known of the threads is not. */
os_inline void all_changed(void)
{
	machine.standing =
		(struct sim_standing){ .stale = (UINT64_C(1) << machine.s.count) - 1 };
}

SIM_UNSCRUBBED unsigned sim_choices(const struct sim_action **choices)
{
	all_changed();
	*choices = machine.choices;
	return list_choices();
}

os_inline void begin_step(struct sim_action action)
{
	machine.steps++;
	machine.action = action;
	machine.made = UINT32_MAX;
	machine.current = action.thread;
	machine.standing.stale |= UINT64_C(1) << action.thread;
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

/* Of so many steps, at one it is looked whether the choices are those that they would be if nothing were known. */
enum { CHECKED = 512 };

static SIM_UNSCRUBBED __attribute__((noinline)) void check_choices(unsigned count)
{
	static struct sim_action listed[SIM_CHOICES_MAX];
	const struct sim_action *choices;

	memcpy(listed, machine.choices, count * sizeof listed[0]);
	if (sim_choices(&choices) == count &&
		!memcmp(listed, choices, count * sizeof listed[0]))
		return;
	fputs("hupstorm: explore: a thread's record has changed and nobody said so: a "
	      "fault of the explorer\n",
		stderr);
	abort();
}

/* The scheduler's next action is begun; false: the machine has ended. */
static SIM_UNSCRUBBED __attribute__((noinline)) bool begin_next(void)
{
	const struct sim_scheduler *scheduler = machine.scheduler;
	const struct sim_action *choices = machine.choices;
	unsigned count = list_choices();
	int index;

	if (machine.steps % CHECKED == 0)
		check_choices(count);
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
	thread_changed(index);
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
	all_changed();
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
