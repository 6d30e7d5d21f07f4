/* SPDX-License-Identifier: BSD-2-Clause */
#include "scheduler.h"

#include "clock.h"
#include "opening.h"
#include "stress/sim/coroutine.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum {
	LOOK_EVERY = 256,
	CLOCK_EVERY = 64 * 1024,	/* steps */
	UNFAIR_MAX = 4 * 1024 * 1024,	/* steps: fair ones take over */
	STALLED_AFTER = 8 * 1024,	/* steps without a move: fair steps take over */
	ALONE_AFTER = 64 * 1024,	/* the same, if only the coordinator has not */
	NEVER_AFTER = 64 * 1024,	/* fair steps in which the work was not done */
	SUSPECTED_AFTER = 48 * 1024,	/* fair steps that have moved nothing */
	COORDINATOR_AFTER = 256 * 1024, /* the same, if others have moved */
	PCT_STEPS = 4096, /* over which the changes of priority are spread */
	PCT_DEPTH_MAX = 16,
	SIGNALS = SIM_THREADS_MAX, /* the pseudo-thread */
};

const char *const scheduler_names[SCHEDULER_KINDS] = { "random", "sticky", "pct" };

struct pct {
	int64_t priority[SIM_THREADS_MAX + 1];
	int64_t lowest;
	unsigned depth;
	uint64_t changes[PCT_DEPTH_MAX];
};

struct explorer {
	struct program *program;
	int (*pick)(struct explorer *e, const struct sim_action *choices, unsigned count,
		unsigned current);
	struct random random;
	struct pct pct;
	const struct schedule *list; /* to replay */
	size_t next;
	enum tail tail;
	bool fair, is_replay, in_tail, moved_in_tail;
	struct schedule *done;
	void (*watch)(void *argument, struct sim_action action);
	void *argument;
	uint64_t steps, diverged;
	uint64_t reading, moved, coordinator_reading, coordinator_moved;
	size_t list_moved, list_coordinator_moved;
	bool coordinator_stuck;
	const char *broken; /* invariant */
	struct opening *opening;
	uint64_t steps_max, until; /* as in struct chosen */
	bool cut_short;
};

/* A time-out is as likely as one in 32 of the others, a thread that yields as one in 8.
 */
static int pick_random(
	struct explorer *e, const struct sim_action *choices, unsigned count)
{
	unsigned i = 0;

	for (unsigned tries = 0; tries < 64; tries++) {
		uint64_t drawn = random_next(&e->random);
		unsigned dice = drawn & 31;

		i = (unsigned)((drawn >> 32) * count >> 32);
		if (choices[i].kind == SIM_TIME_OUT ? !dice
						    : !choices[i].yields || dice < 4)
			break;
	}
	return (int)i;
}

static int pick_uniform(struct explorer *e, const struct sim_action *choices,
	unsigned count, unsigned current)
{
	(void)current;
	return pick_random(e, choices, count);
}

static int pick_sticky(struct explorer *e, const struct sim_action *choices,
	unsigned count, unsigned current)
{
	for (unsigned i = 0; i < count; i++)
		if (choices[i].thread == current && choices[i].kind == SIM_RUN &&
			!choices[i].yields && random_below(&e->random, 4))
			return (int)i;
	return pick_random(e, choices, count);
}

static int64_t priority_of(struct pct *pct, struct sim_action action)
{
	int64_t *priority =
		&pct->priority[action.kind == SIM_SIGNAL ? SIGNALS : action.thread];

	if (action.kind == SIM_TIME_OUT)
		return INT64_MIN;
	if (action.kind == SIM_RUN && action.yields)
		*priority = --pct->lowest;
	return *priority;
}

static int pick_pct(struct explorer *e, const struct sim_action *choices, unsigned count,
	unsigned current)
{
	int64_t highest = INT64_MIN;
	unsigned best = 0;

	for (unsigned i = 0; i + 1 < e->pct.depth; i++)
		if (e->pct.changes[i] == e->steps)
			e->pct.priority[current] = --e->pct.lowest;
	for (unsigned i = 0; i < count; i++) {
		int64_t priority = priority_of(&e->pct, choices[i]);

		if (priority > highest) {
			highest = priority;
			best = i;
		}
	}
	return (int)best;
}

static void begin_pct(struct explorer *e, unsigned depth)
{
	e->pct.depth = depth < PCT_DEPTH_MAX ? depth : PCT_DEPTH_MAX;
	for (unsigned i = 0; i <= SIM_THREADS_MAX; i++)
		e->pct.priority[i] = (int64_t)random_below(&e->random, UINT32_MAX) + 1;
	for (unsigned i = 0; i < PCT_DEPTH_MAX; i++)
		e->pct.changes[i] = random_below(&e->random, PCT_STEPS);
}

/* An unfair schedule may keep anybody from anything; and from the end alone, while all others get on. */
static void take_over(struct explorer *e)
{
	e->fair = true;
	if (!e->is_replay)
		e->pick = pick_uniform;
	e->random.state = 1;
	e->moved = e->coordinator_moved = e->steps;
}

static void look(struct explorer *e)
{
	uint64_t reading = program_reading(e->program);
	uint64_t coordinator = program_coordinator_reading(e->program);

	if (coordinator != e->coordinator_reading) {
		e->coordinator_reading = coordinator;
		e->coordinator_moved = e->steps;
		e->list_coordinator_moved = e->done ? e->done->count : 0;
		e->moved_in_tail |= e->in_tail;
	}
	if (reading != e->reading) {
		e->reading = reading;
		e->moved = e->steps;
		e->list_moved = e->done ? e->done->count : 0;
		e->moved_in_tail |= e->in_tail && e->tail == TAIL_STILL;
	}
}

static int pick_listed(struct explorer *e, const struct sim_action *choices,
	unsigned count, unsigned current)
{
	(void)current;
	while (e->next < e->list->count) {
		struct sim_action wanted = e->list->actions[e->next++];

		for (unsigned i = 0; i < count; i++)
			if (sim_same_action(choices[i], wanted))
				return (int)i;
		e->diverged++;
	}
	if (e->tail == TAIL_NONE)
		return -1;
	if (!e->in_tail) {
		look(e);
		take_over(e);
		e->in_tail = true;
	}
	return pick_random(e, choices, count);
}

static bool has_no_time_left(const struct explorer *e)
{
	return (e->steps_max && e->steps >= e->steps_max) ||
	       (e->until && e->steps % CLOCK_EVERY == 0 && clock_now() >= e->until);
}

static bool is_unfair_for_too_long(
	const struct explorer *e, uint64_t still, uint64_t alone)
{
	return still > STALLED_AFTER || alone > ALONE_AFTER ||
	       (e->steps > UNFAIR_MAX && e->pick != pick_uniform);
}

/* Where nothing was written the invariant is not looked at (invariant.c): now and then it is seen whether it holds. */
static void check_unwritten(const struct explorer *e)
{
	const bool wrote = sim_wrote;
	const char *broken;

	sim_wrote = true;
	broken = program_invariant(e->program);
	sim_wrote = wrote;
	if (!broken)
		return;
	fprintf(stderr,
		"hupstorm: explore: without a word written: %s: a fault of the "
		"explorer\n",
		broken);
	abort();
}

/* False: nothing moves, and has not for long; or there is no time left. */
static bool gets_on(struct explorer *e)
{
	uint64_t still, alone;

	if (!sim_wrote)
		check_unwritten(e);
	e->cut_short = has_no_time_left(e);
	if (e->cut_short)
		return false;

	if (e->in_tail && e->tail == TAIL_NEVER)
		return e->steps - e->list->count < NEVER_AFTER;
	look(e);
	still = e->steps - e->moved;
	alone = e->steps - e->coordinator_moved;
	if (!e->fair) {
		if (!e->is_replay && is_unfair_for_too_long(e, still, alone))
			take_over(e);
		return true;
	}
	if (e->moved_in_tail)
		return false;
	e->coordinator_stuck = alone > COORDINATOR_AFTER;
	return !e->coordinator_stuck && still <= SUSPECTED_AFTER;
}

static void record(struct explorer *e, struct sim_action action)
{
	if (e->done)
		schedule_add(e->done, action);
	if (e->watch)
		e->watch(e->argument, action);
}

static int choose(
	void *context, const struct sim_action *choices, unsigned count, unsigned current)
{
	struct explorer *e = context;
	const char *broken = program_invariant(e->program);
	int index;

	if (broken) {
		e->broken = broken;
		return -1;
	}
	if (e->steps % LOOK_EVERY == 0 && !gets_on(e))
		return -1;
	index = e->pick(e, choices, count, current);
	if (index < 0)
		return -1;
	e->steps++;
	if (e->done || e->watch)
		record(e, choices[index]);
	return index;
}

static void take_words(const struct sim_result *result, char *reason)
{
	size_t length = strcspn(result->words, "\n");

	snprintf(reason, REASON_SIZE, "%.*s", (int)length, result->words);
}

static void judge(
	const struct explorer *e, const struct sim_result *result, struct attempt *a)
{
	char where[REASON_SIZE / 2];

	*a = (struct attempt){ .end = result->end,
		.steps = result->steps,
		.diverged = e->diverged,
		.moved = e->list_moved,
		.verdict = VERDICT_PASS };
	program_describe(where, sizeof where);
	switch (result->end) {
	case SIM_DONE:
		break;
	case SIM_ABORTED:
		a->verdict = VERDICT_CRASH;
		take_words(result, a->reason);
		break;
	case SIM_EXITED:
		a->verdict = VERDICT_ORACLE;
		take_words(result, a->reason);
		break;
	case SIM_UNOPENED:
		a->verdict = VERDICT_LIVELOCK;
		take_words(result, a->reason);
		break;
	case SIM_DEADLOCK:
		a->verdict = VERDICT_DEADLOCK;
		snprintf(a->reason, REASON_SIZE, "nobody can do anything; %s", where);
		break;
	case SIM_CUT:
		if (e->broken) {
			a->verdict = VERDICT_ORACLE;
			snprintf(a->reason, REASON_SIZE, "%s", e->broken);
			break;
		}
		if (e->cut_short || (e->is_replay && (!e->in_tail || e->moved_in_tail))) {
			a->verdict = VERDICT_MISSING;
			break;
		}
		a->never = e->tail == TAIL_NEVER;
		a->verdict = VERDICT_LIVELOCK;
		a->alone = e->coordinator_stuck;
		if (a->alone)
			a->moved = e->list_coordinator_moved;
		snprintf(a->reason, REASON_SIZE, "suspected: %s; %s",
			a->never	       ? "the work is not done, in fair steps"
			: e->coordinator_stuck ? "only the coordinator does not get on"
					       : "nobody gets on any more, in fair steps",
			where);
		break;
	}
}

static void run(struct explorer *e, struct attempt *attempt)
{
	const struct sim_scheduler scheduler = { choose, e };
	struct sim_result result;

	if (e->done)
		e->done->count = 0;
	if (!e->opening) {
		program_forget(e->program);
		sim_run(program_run, e->program, &e->program->machine, &scheduler,
			&result);
	} else if (opening_set_up(e->opening, e->program, &result)) {
		sim_go_on(&scheduler);
	}
	judge(e, &result, attempt);
}

void explore_once(struct program *program, struct opening *opening,
	const struct chosen *chosen, struct schedule *schedule, struct attempt *attempt)
{
	struct explorer e = { .program = program,
		.done = schedule,
		.steps_max = chosen->steps,
		.until = chosen->until,
		.opening = COROUTINE_SHOWS_STACK && program->is_small ? opening : NULL };

	e.random.state = chosen->seed;
	switch (chosen->kind) {
	case SCHEDULER_STICKY:
		e.pick = pick_sticky;
		break;
	case SCHEDULER_PCT:
		e.pick = pick_pct;
		begin_pct(&e, chosen->depth);
		break;
	default:
		e.pick = pick_uniform;
		break;
	}
	run(&e, attempt);
}

void replay(struct program *program, const struct schedule *list, enum tail tail,
	struct schedule *done, void (*watch)(void *argument, struct sim_action action),
	void *argument, struct attempt *attempt)
{
	struct explorer e = { .program = program,
		.pick = pick_listed,
		.list = list,
		.tail = tail,
		.is_replay = true,
		.done = done,
		.watch = watch,
		.argument = argument };

	run(&e, attempt);
}

bool hangs_from_here(struct program *program)
{
	const struct schedule none = { 0 };
	struct explorer e = { .program = program,
		.pick = pick_listed,
		.list = &none,
		.tail = TAIL_NEVER,
		.is_replay = true };
	const struct sim_scheduler scheduler = { choose, &e };
	struct sim_result result;

	sim_resume(&result);
	sim_go_on(&scheduler);
	return result.end != SIM_DONE;
}
