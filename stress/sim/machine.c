/* SPDX-License-Identifier: BSD-2-Clause */
/* Virtual threads, and what each may do next. The scheduler runs outside their stacks. */
#include "inside.h"
#include "scrub.h"
#include "touch.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct sim_machine machine;

bool sim_wrote = true;

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

/* What a thread in each state may do: to wait is to look at a word, to look is at anything else. */
enum { LIVES = 1, GOES_ON = 2, WAITS = 4, LOOKS = 8, TIMES_OUT = 16 };

static const uint8_t standing[] = {
	[VIRTUAL_FREE] = 0,
	[VIRTUAL_READY] = LIVES | GOES_ON,
	[VIRTUAL_SLEEPS] = LIVES | TIMES_OUT,
	[VIRTUAL_LOCKS] = LIVES | WAITS,
	[VIRTUAL_AWAITS] = LIVES | WAITS | TIMES_OUT,
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

/* Of one that waits. */
os_inline bool word_has_come(const struct virtual_thread *t)
{
	return !value_of(t->word) == (t->state == VIRTUAL_LOCKS);
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
	put_bit(&s->waits, bit, may & WAITS);
	put_bit(&s->looks, bit, may & LOOKS);
	put_bit(&s->signalled, bit, t->pending);
	put_bit(&s->times_out, bit, (may & TIMES_OUT) && t->deadline != UINT64_MAX);
	put_bit(&s->yields, bit, machine.locals[i].yields);
}

/* It has come from one point to the next, and no signal has come or gone: the most frequent step by far. */
os_inline bool stands_as_before(unsigned i)
{
	const struct virtual_thread *t = &machine.s.threads[i];
	const struct sim_standing *s = &machine.standing;

	return t->state == VIRTUAL_READY && (s->goes_on >> i & 1) &&
	       !t->pending == !(s->signalled >> i & 1);
}

/* Look again at what may have changed in the last step. */
os_inline void look_again(void)
{
	struct sim_standing *s = &machine.standing;
	uint64_t changed, look, woken;

	if (!stands_as_before(machine.current))
		s->stale |= UINT64_C(1) << machine.current;
	else
		put_bit(&s->yields, UINT64_C(1) << machine.current,
			running_local()->yields);
	changed = s->stale;
	for (; s->stale; s->stale &= s->stale - 1)
		restand((unsigned)__builtin_ctzll(s->stale));
	look = sim_wrote ? s->waits : s->waits & changed;
	woken = s->woken & s->waits & ~look;
	for (; look; look &= look - 1) {
		unsigned i = (unsigned)__builtin_ctzll(look);

		woken |= (uint64_t)word_has_come(&machine.s.threads[i]) << i;
	}
	s->woken = woken;
}

os_inline uint64_t who_can_run(void)
{
	const struct sim_standing *s = &machine.standing;
	uint64_t can = s->goes_on | s->woken;

	for (uint64_t left = s->looks; left; left &= left - 1) {
		unsigned i = (unsigned)__builtin_ctzll(left);

		can |= (uint64_t)news_have_come(&machine.s.threads[i]) << i;
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

/* In one store: what is written in pieces and read as a whole at once has to wait for the pieces. */
os_inline void put_action(struct sim_action *at, struct sim_action action)
{
	const uint8_t bytes[] = { action.thread, action.kind, action.signal,
		action.yields };
	uint32_t word = 0;

	for (unsigned i = 0; i < sizeof bytes; i++)
		word |= (uint32_t)bytes[i]
			<< 8 * (__BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__ ? i : 3 - i);
	memcpy(at, &word, sizeof word);
}
_Static_assert(sizeof(struct sim_action) == sizeof(uint32_t), "an action is a word");

os_inline struct sim_action *add_choice(struct sim_action *end, unsigned thread,
	enum sim_action_kind kind, unsigned signal)
{
	put_action(end, (struct sim_action){ (uint8_t)thread, (uint8_t)kind,
				(uint8_t)signal, machine.locals[thread].yields });
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

/* A list of choices, one after the other for each of the threads that have any. */
os_inline unsigned write_choices(struct sim_offers offers, int first_to_time_out)
{
	struct sim_action *end = machine.choices;

	for (uint64_t left = offers.run | offers.signal | offers.time_out; left;
		left &= left - 1) {
		unsigned i = (unsigned)__builtin_ctzll(left);

		if (offers.run >> i & 1)
			end = add_choice(end, i, SIM_RUN, 0);
		if (offers.signal >> i & 1)
			end = add_signals(end, i);
		if (offers.time_out >> i & 1)
			end = add_choice(end, i, SIM_TIME_OUT, 0);
	}
	if (first_to_time_out >= 0)
		end = add_choice(end, (unsigned)first_to_time_out, SIM_TIME_OUT, 0);
	return (unsigned)(end - machine.choices);
}

/* The list that is there is that of these offers: most steps offer what the last one did. Which signals there are, and
 * which deadline is the first, is not told by the threads alone. */
os_inline bool is_listed(struct sim_offers offers)
{
	const struct sim_offers *listed = &machine.standing.listed;

	return !((offers.run ^ listed->run) | (offers.time_out ^ listed->time_out) |
		       (offers.yields ^ listed->yields) | offers.signal |
		       listed->signal) &&
	       machine.config.abstract_time;
}

/* In few instructions: it is asked for at each step. */
os_inline unsigned list_choices(void)
{
	struct sim_standing *s = &machine.standing;
	const unsigned exclusive = machine.s.exclusive;
	uint64_t among = (UINT64_C(1) << machine.s.count) - 1;
	struct sim_offers offers;
	int first = -1;

	look_again();
	if (exclusive)
		among = UINT64_C(1) << (exclusive - 1);
	offers = (struct sim_offers){
		.run = who_can_run() & among,
		.signal = (machine.s.pending ? among : s->signalled) & among,
		.time_out = s->times_out & among,
		.yields = s->yields,
	};
	if (is_listed(offers))
		return s->count;
	s->listed = offers;
	if (!machine.config.abstract_time) {
		first = first_to_time_out(offers.time_out);
		offers.time_out = 0;
	}
	s->count = write_choices(offers, first);
	return s->count;
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
	sim_wrote = true;
}

SIM_UNSCRUBBED unsigned sim_choices(const struct sim_action **choices)
{
	all_changed();
	*choices = machine.choices;
	return list_choices();
}

os_inline void forget_writes(void)
{
#ifdef HUPSTORM_SWIFT
	sim_wrote = false;
#endif
}

os_inline void begin_step(struct sim_action action)
{
	machine.steps++;
	machine.action = action;
	machine.made = UINT32_MAX;
	machine.current = action.thread;
	forget_writes();
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

/* Of so many steps, at one it is looked whether the choices are those that they would be if nothing were known. What
 * is known is left as it was, right or wrong. */
enum { CHECKED = 512 };

static SIM_UNSCRUBBED __attribute__((noinline)) void check_choices(unsigned count)
{
	static struct sim_action listed[SIM_CHOICES_MAX];
	const struct sim_standing known = machine.standing;
	const bool wrote = sim_wrote;
	const struct sim_action *choices;

	memcpy(listed, machine.choices, count * sizeof listed[0]);
	if (sim_choices(&choices) == count &&
		!memcmp(listed, choices, count * sizeof listed[0])) {
		machine.standing = known;
		sim_wrote = wrote;
		return;
	}
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
	return (UINT64_C(1) << SIM_OP_UNLOCK | UINT64_C(1) << SIM_OP_MASK) >> operation &
	       1;
}
_Static_assert(SIM_OP_COUNT <= 64, "a bit for each operation");

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
	running_local()->committed =
		!(is_left_mover(operation) & (machine.s.exclusive != 0));
	machine.s.exclusive = 0;
}

/* Where words are of classes. */
static SIM_UNSCRUBBED __attribute__((noinline)) bool is_point_of_class(
	enum sim_operation operation, const void *word, bool relaxed)
{
	int class = machine.config.class_of(word);
	bool is_point = class < 0 || (machine.config.points >> class & 1);

	if (is_held(operation, word))
		return true;
	if (class >= 0 && machine.s.open)
		note_access(operation, word, class);
	if (is_point && relaxed)
		running_local()->committed = true;
	return is_point && !relaxed;
}

SIM_UNSCRUBBED bool sim_is_point(
	enum sim_operation operation, const void *word, bool relaxed)
{
	if (!machine.on)
		return false;
	relaxed &= machine.config.coarse;
	if (!machine.config.class_of)
		return !relaxed;
	return is_point_of_class(operation, word, relaxed);
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
