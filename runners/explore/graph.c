/* SPDX-License-Identifier: BSD-2-Clause */
#include "graph.h"

#include "clock.h"
#include "edges.h"
#include "minimise.h"
#include "moves.h"
#include "opening.h"
#include "states.h"
#include "symmetry.h"
#include "words.h"
#include "stress/sim/coroutine.h"
#include "stress/sim/scrub.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum {
	BATCH = 16, /* states that are expanded side by side, to hide the memory's
				slowness */
	WANDER_STEPS = 4096,
	WANDERERS_MAX = 4096, /* doomed states that are asked what hang they lead to */
	HANGS_MAX = 8,	      /* doomed states within a bound that are found to hang */
	CONTENTION_STEPS = 200 * 1000,	    /* by chance, to find contended words */
	EXCHANGES_CHECKED = 256,	    /* of so many exchanges of idle threads one */
	ROOM = 4 * BATCH * SIM_CHOICES_MAX, /* that a batch may need in each table */
	DONE_STATE = UINT32_MAX,
};

/* What is known of a state's future. HANGS: there is none within the bound, nor in a run
 * beyond it. */
enum { NO_HOPE, HOPE, HANGS };

/* A successor that was found, but not yet looked up among the states. */
struct successor {
	uint32_t from;
	struct sim_action action;
	uint32_t leads_to; /* DONE_STATE, LEADS_TO_FAILURE, or 0: to the vector */
	uint16_t failure;
	uint64_t hash;
	struct vector vector;
	const void *kept; /* of it; maybe in the room */
	struct kept room;
	struct arrangement arrangement; /* of its idle threads */
};

struct graph {
	struct program *program;
	const struct graph_options *options;
	struct graph_result *result;
	struct sim_result end;
	struct capture capture;
	struct moves moves;
	struct states states;
	struct symmetry symmetry;
	unsigned context; /* where in a vector's numbers it is */
	struct edges edges;
	struct successor found[BATCH * SIM_CHOICES_MAX];
	uint64_t began;
};

static bool bounded(const struct graph *g)
{
	return g->options->bound != NO_BOUND;
}

/* The failure of that kind, from 0; GRAPH_FAILURES_MAX if there is no room for more. */
static uint16_t note_failure(struct graph *g, enum verdict verdict, const char *reason)
{
	struct graph_result *r = g->result;
	struct graph_failure *f;
	struct attempt one = { .verdict = verdict }, other;

	snprintf(one.reason, sizeof one.reason, "%.*s", (int)strcspn(reason, "\n"),
		reason);
	for (uint16_t i = 0; i < r->failure_count; i++) {
		other.verdict = r->failures[i].verdict;
		memcpy(other.reason, r->failures[i].reason, REASON_SIZE);
		if (same_failure_kind(&one, &other))
			return i;
	}
	if (r->failure_count == GRAPH_FAILURES_MAX)
		return GRAPH_FAILURES_MAX;
	f = &r->failures[r->failure_count];
	f->verdict = verdict;
	memcpy(f->reason, one.reason, REASON_SIZE);
	return (uint16_t)r->failure_count++;
}

static uint16_t on_failure(void *argument, bool ended, const char *reason)
{
	struct graph *g = argument;

	return note_failure(g,
		ended && g->end.end == SIM_ABORTED ? VERDICT_CRASH : VERDICT_ORACLE,
		reason);
}

/* What the choice makes of the vector's context; false: more preemptions than allowed. */
static bool next_context(struct graph *g, const struct vector *from,
	struct choice_list list, struct sim_action action, uint16_t *context)
{
	uint16_t used = from->numbers[g->context];
	unsigned last = from->numbers[g->context + 1];
	bool could_go_on = false;

	for (uint32_t i = 0; i < list.count; i++) {
		const struct choice *choice = &list.choices[i];

		could_go_on |= choice->thread == last && choice->kind == SIM_RUN &&
			       from->numbers[last] != NO_LOCAL &&
			       !local_yields(&g->capture, last, from->numbers[last]);
	}
	if (could_go_on && (action.thread != last || action.kind != SIM_RUN))
		used++;
	context[0] = used;
	context[1] = action.thread;
	return used <= g->options->bound;
}

/* Where that choice leads, which is such an action. */
static void follow(struct graph *g, const struct vector *from, uint32_t choice,
	struct sim_action action, struct successor *to)
{
	const struct move *move =
		moves_make(&g->moves, from->shared, choice, from->numbers[action.thread]);

	to->action = action;
	to->leads_to = 0;
	to->arrangement = symmetry_none;
	if (move->to_shared == LEADS_TO_DONE || move->to_shared == LEADS_TO_FAILURE) {
		to->leads_to =
			move->to_shared == LEADS_TO_DONE ? DONE_STATE : LEADS_TO_FAILURE;
		to->failure = move->to_local;
		return;
	}
	vector_copy(&to->vector, from, g->states.vector_size);
	to->vector.shared = move->to_shared;
	to->vector.numbers[action.thread] = move->to_local;
	if (move->makes_thread) {
		const struct birth *birth = move_birth(&g->moves, move);

		to->vector.numbers[birth->thread] = birth->local;
	}
}

/* Its idle threads in order; where each was. */
static enum arranged arrange(struct graph *g, struct vector *v, bool known_too,
	struct arrangement *arrangement)
{
	enum arranged arranged;
	bool is_new;

	arranged = symmetry_arrange(&g->symmetry, v, known_too, arrangement, &is_new);
	if (is_new)
		moves_settle_changed(&g->moves, v->shared);
	return arranged;
}

/* The choice of that action; UINT32_MAX if there is none. */
static uint32_t choice_of(struct choice_list list, struct sim_action action)
{
	for (uint32_t i = 0; i < list.count; i++)
		if (sim_same_action(choice_action(&list.choices[i]), action))
			return i;
	return UINT32_MAX;
}

static bool leads_to_same(struct graph *g, struct successor *one, struct successor *other)
{
	if (one->leads_to || other->leads_to)
		return one->leads_to == other->leads_to;
	for (unsigned i = 0; i < 2; i++) {
		struct successor *s = i ? other : one;
		enum arranged arranged = arrange(g, &s->vector, true, &s->arrangement);

		if (arranged == NOT_YET || arranged == EXCHANGED_SOME)
			return true;
	}
	return !memcmp(&one->vector, &other->vector, g->states.vector_size);
}

/* Whatever can be done before idle threads are exchanged can be done after, by those in their places, and leads to the
 * same. */
static void check_exchange(struct graph *g, const struct vector *before,
	const struct vector *after, const struct arrangement *arrangement)
{
	struct choice_list list = moves_choices(&g->moves, before->shared), other;
	static struct successor one, same;
	bool right;

	other = moves_choices(&g->moves, after->shared);
	right = list.count == other.count;
	for (uint32_t i = 0; right && i < other.count; i++) {
		struct sim_action action = choice_action(&other.choices[i]);
		struct sim_action before_that =
			symmetry_action(&g->symmetry, action, arrangement);
		uint32_t choice = choice_of(list, before_that);

		right = choice != UINT32_MAX;
		if (right) {
			follow(g, before, choice, before_that, &one);
			follow(g, after, i, action, &same);
			right = leads_to_same(g, &one, &same);
		}
	}
	if (right)
		return;
	fputs("hupstorm: explore: idle threads were exchanged that are not the same: a "
	      "fault of the explorer\n",
		stderr);
	abort();
}

static void exchange_idle(struct graph *g, struct successor *to)
{
	struct vector before = to->vector;

	if (arrange(g, &to->vector, false, &to->arrangement) >= EXCHANGED &&
		g->symmetry.exchanged % EXCHANGES_CHECKED == 1)
		check_exchange(g, &before, &to->vector, &to->arrangement);
}

/* Where that choice of those of a state leads; false: it is not allowed. */
static bool succeed(struct graph *g, const struct vector *from, struct choice_list list,
	uint32_t choice, struct successor *to)
{
	struct sim_action action = choice_action(&list.choices[choice]);
	uint16_t context[2];

	if (bounded(g) && !next_context(g, from, list, action, context))
		return false;
	follow(g, from, choice, action, to);
	if (to->leads_to)
		return true;
	if (g->symmetry.count)
		exchange_idle(g, to);
	if (bounded(g))
		memcpy(&to->vector.numbers[g->context], context, sizeof context);
	to->kept = state_keep(&g->states, &to->vector, &to->room);
	to->hash = state_hash(&g->states, to->kept);
	return true;
}

/* The first state that leads there: its number is least, so the way to it is a shortest
 * one. */
static uint32_t parent_of(struct graph *g, uint32_t state)
{
	for (uint32_t parent = 0;; parent++) {
		const uint32_t *edges = edges_of(&g->edges, parent);

		for (unsigned e = 0; e < edges_count(&g->edges, parent); e++)
			if (edges[e] == state)
				return parent;
	}
}

/* A successor that is the state. */
static const struct successor *between(struct graph *g, uint32_t from, uint32_t to)
{
	struct choice_list list =
		moves_choices(&g->moves, state_shared(&g->states, from));
	static struct successor s;
	struct vector room;
	const struct vector *vector = state_vector(&g->states, from, &room);

	for (uint32_t i = 0; i < list.count; i++)
		if (succeed(g, vector, list, i, &s) && !s.leads_to &&
			!memcmp(s.kept, state_kept(&g->states, to), g->states.size))
			return &s;
	abort();
}

/* The shortest way to a state, and one action more if there is one: of the threads that are there without any having
 * been exchanged. */
static void find_path(struct graph *g, uint32_t state, const struct sim_action *last,
	struct schedule *path)
{
	struct pool way = { 0 };
	struct arrangement now = symmetry_none, before;
	const struct successor *next;
	const uint32_t *states;

	*(uint32_t *)pool_add(&way, sizeof state) = state;
	for (; state; *(uint32_t *)pool_add(&way, sizeof state) = state)
		state = parent_of(g, state);
	states = (const uint32_t *)(const void *)way.memory;
	for (size_t i = way.used / sizeof state; --i;) {
		next = between(g, states[i], states[i - 1]);
		schedule_add(path, symmetry_action(&g->symmetry, next->action, &now));
		before = now;
		for (unsigned place = 0; place < IDLE_MAX; place++)
			now.at[place] = before.at[next->arrangement.at[place]];
	}
	if (last)
		schedule_add(path, symmetry_action(&g->symmetry, *last, &now));
	pool_free(&way);
}

static void remember_path(
	struct graph *g, uint32_t failure, uint32_t state, const struct sim_action *last)
{
	if (failure < GRAPH_FAILURES_MAX && !g->result->failures[failure].path.count)
		find_path(g, state, last, &g->result->failures[failure].path);
}

static void add_deadlock(struct graph *g, uint32_t state)
{
	char where[REASON_SIZE];

	restore_shared(&g->capture, state_shared(&g->states, state));
	program_describe(where, sizeof where);
	remember_path(g, note_failure(g, VERDICT_DEADLOCK, where), state, NULL);
}

static void add_successor(struct graph *g, const struct successor *s)
{
	if (s->leads_to == LEADS_TO_FAILURE) {
		remember_path(g, s->failure, s->from, &s->action);
		return;
	}
	g->result->done += s->leads_to == DONE_STATE;
	edges_add(&g->edges,
		s->leads_to ? s->leads_to : state_number(&g->states, s->kept, s->hash));
}

/* The choices of some states. What is needed to make them begins to be fetched. */
static void fetch_choices(
	struct graph *g, uint32_t state, uint32_t count, struct choice_list lists[BATCH])
{
	uint32_t shared[BATCH];

	for (uint32_t i = 0; i < count; i++) {
		shared[i] = state_shared(&g->states, state + i);
		moves_prefetch_listing(&g->moves, shared[i]);
		capture_prefetch(&g->capture, shared[i]);
	}
	for (uint32_t i = 0; i < count; i++) {
		lists[i] = moves_choices(&g->moves, shared[i]);
		moves_prefetch_heads(&g->moves, shared[i]);
	}
	for (uint32_t i = 0; i < count; i++)
		for (uint32_t c = 0; c < lists[i].count; c++)
			moves_prefetch(&g->moves, shared[i], c);
}

/* Put a state's successors behind those that were found; how many these are then. */
static uint32_t find_successors(
	struct graph *g, uint32_t state, struct choice_list list, uint32_t found)
{
	struct vector room;
	const struct vector *from = state_vector(&g->states, state, &room);

	for (uint32_t c = 0; c < list.count; c++) {
		struct successor *s = &g->found[found];

		if (!succeed(g, from, list, c, s))
			continue;
		s->from = state;
		found++;
		if (!s->leads_to)
			state_prefetch(&g->states, s->hash);
	}
	return found;
}

/* Expand some states, from `state` on. Returns the first that was not. */
static uint32_t expand(struct graph *g, uint32_t state)
{
	struct choice_list lists[BATCH];
	uint32_t count = g->states.count - state, found = 0, next = 0;

	count = count < BATCH ? count : BATCH;
	fetch_choices(g, state, count, lists);
	for (uint32_t i = 0; i < count; i++)
		found = find_successors(g, state + i, lists[i], found);
	g->result->transitions += found;
	for (uint32_t i = 0; i < found; i++)
		if (!g->found[i].leads_to)
			state_prefetch_kept(&g->states, g->found[i].hash);
	for (uint32_t i = 0; i < count; i++) {
		edges_begin(&g->edges);
		for (; next < found && g->found[next].from == state + i; next++)
			add_successor(g, &g->found[next]);
		if (!lists[i].count)
			add_deadlock(g, state + i);
	}
	return state + count;
}

static bool has_found_it(const struct graph *g)
{
	if (!g->options->every_kind)
		return g->result->failure_count;
	for (unsigned i = 0; i < g->result->failure_count; i++)
		if (g->result->failures[i].verdict == g->options->wanted)
			return true;
	return false;
}

/* In each table for as much as a batch may add. */
static bool has_room(const struct graph *g)
{
	return g->states.count < STATES_MAX - ROOM &&
	       g->states.combinations.count < INTERN_MAX - ROOM &&
	       g->capture.shared.count < SHARED_MAX - ROOM &&
	       moves_count(&g->moves) < MOVES_MAX - ROOM;
}

static bool may_go_on(const struct graph *g)
{
	if (sim_contended() & ~g->program->machine.points)
		return false;
	if (has_found_it(g))
		return false;
	return !g->capture.full && has_room(g) && g->states.count < g->options->states &&
	       clock_now() - g->began < g->options->budget;
}

static bool leads_to_hope(struct graph *g, const uint8_t *hope, uint32_t state)
{
	const uint32_t *edges = edges_of(&g->edges, state);

	for (unsigned e = 0; e < edges_count(&g->edges, state); e++)
		if (edges[e] == DONE_STATE || hope[edges[e]] == HOPE)
			return true;
	return false;
}

static void spread_hope(struct graph *g, uint8_t *hope, uint32_t expanded)
{
	bool more = true;

	while (more) {
		more = false;
		for (uint32_t i = expanded; i-- > 0;) {
			if (hope[i] || !leads_to_hope(g, hope, i))
				continue;
			hope[i] = HOPE;
			more = true;
		}
	}
}

/* The states from which the work can be done, or something that was not looked at can be
 * reached: from the last backwards, until nothing is added. A state that only leads to
 * failures is none of them, and not doomed in its own right. */
static uint8_t *find_hope(struct graph *g, uint32_t expanded)
{
	uint8_t *hope = reallocate(NULL, g->states.count + 1);

	memset(hope, NO_HOPE, g->states.count);
	memset(hope + expanded, HOPE, g->states.count - expanded);
	spread_hope(g, hope, expanded);
	return hope;
}

/* Where one comes to from there by chance, and stays. */
static uint32_t wander(struct graph *g, uint32_t state)
{
	struct random random = { .state = state };
	unsigned count;
	const uint32_t *edges;

	for (unsigned step = 0; step < WANDER_STEPS; step++) {
		count = edges_count(&g->edges, state);
		edges = edges_of(&g->edges, state);
		if (!count)
			break;
		state = edges[random_below(&random, count)];
	}
	return state;
}

/* A hang is told apart by where everybody is in the end. */
static void add_livelock(struct graph *g, uint32_t state)
{
	char where[REASON_SIZE], reason[REASON_SIZE + 128];

	restore_shared(&g->capture, state_shared(&g->states, wander(g, state)));
	program_describe(where, sizeof where);
	snprintf(reason, sizeof reason, "%s; %s",
		bounded(g) ? "suspected: from here the work is not done within the bound"
			   : "certified: from here the work cannot be done any more",
		where);
	remember_path(g, note_failure(g, VERDICT_LIVELOCK, reason), state, NULL);
}

static void restore_state(struct graph *g, uint32_t state)
{
	struct vector room;
	const struct vector *v = state_vector(&g->states, state, &room);

	capture_forget_loaded(&g->capture);
	restore_shared(&g->capture, v->shared);
	for (unsigned i = 0; i < g->capture.thread_count; i++)
		if (v->numbers[i] != NO_LOCAL)
			restore_local(&g->capture, i, v->numbers[i]);
}

/* Within a bound a state may have no hope because no preemptions are left: so see whether
 * the work is done from there in fair steps, from the last state backwards, for where one
 * leads to hope there is hope. */
static void find_hope_beyond(struct graph *g, uint8_t *hope, uint32_t expanded)
{
	unsigned wanted = HANGS_MAX;

	for (uint32_t i = expanded; i-- > 0 && wanted;) {
		if (hope[i] || !edges_count(&g->edges, i))
			continue;
		hope[i] = leads_to_hope(g, hope, i) ? HOPE : NO_HOPE;
		if (hope[i])
			continue;
		restore_state(g, i);
		hope[i] = hangs_from_here(g->program) ? HANGS : HOPE;
		wanted -= hope[i] == HANGS;
	}
	capture_forget_loaded(&g->capture);
}

/* Doomed: no hope, and not because of a failure that is told by itself. Within a bound
 * that is only a suspicion, which a replay confirms or not. */
static void find_doomed(struct graph *g, uint32_t expanded)
{
	uint8_t *hope = find_hope(g, expanded);
	unsigned wanted = g->options->every_kind || bounded(g) ? WANDERERS_MAX : 1;
	uint8_t doomed = bounded(g) ? HANGS : NO_HOPE;

	if (bounded(g))
		find_hope_beyond(g, hope, expanded);
	for (uint32_t i = 0; i < expanded; i++) {
		if (hope[i] != doomed || !edges_count(&g->edges, i))
			continue;
		g->result->doomed += !bounded(g);
		if (!wanted)
			continue;
		wanted--;
		add_livelock(g, i);
	}
	free(hope);
}

/* Of others' mechanisms it is not known what tells idle threads apart; and what ran last tells them apart. */
static bool may_exchange(const struct graph *g)
{
	return !bounded(g) && !*g->program->cell.faults && !g->program->stranger &&
	       !strcmp(g->program->cell.subject, "cooperative");
}

static bool open_machine(struct graph *g)
{
	struct vector first = { 0 };
	struct kept room;
	const void *kept;
	bool is_new, opened;

	sim_scrub = 1;
	sim_begin(program_run, g->program, &g->program->machine, &g->end);
	opened = sim_opening();
	sim_scrub = 0;
	if (!opened)
		return false;
	capture_init(&g->capture, g->program, g->program->small.newborn);
	g->moves = (struct moves){ .capture = &g->capture,
		.on_failure = on_failure,
		.argument = g,
		.one_chain = bounded(g),
		.end = &g->end };
	g->context = g->capture.thread_count;
	states_init(&g->states, g->context, bounded(g));
	first.shared = capture_shared(&g->capture, &is_new);
	moves_settle(&g->moves, first.shared);
	if (may_exchange(g))
		symmetry_init(&g->symmetry, &g->capture);
	for (unsigned i = 0; i < g->capture.thread_count; i++)
		first.numbers[i] = capture_local(&g->capture, i);
	kept = state_keep(&g->states, &first, &room);
	state_number(&g->states, kept, state_hash(&g->states, kept));
	return true;
}

static void measure(struct graph *g)
{
	g->result->states = g->states.count;
	g->result->executed = g->moves.executed;
	g->result->seconds = (double)(clock_now() - g->began) / (double)OS_SECOND;
	g->result->bytes = states_size(&g->states) + moves_size(&g->moves) +
			   capture_size(&g->capture) + symmetry_size(&g->symmetry) +
			   edges_size(&g->edges);
}

static void free_graph(struct graph *g)
{
	symmetry_free(&g->symmetry);
	capture_free(&g->capture);
	moves_free(&g->moves);
	states_free(&g->states);
	edges_free(&g->edges);
	free(g);
}

static int explore_with(struct program *program, const struct graph_options *options,
	struct graph_result *result)
{
	struct graph *g = reallocate(NULL, sizeof *g);
	uint32_t state = 0;
	int error = 0;

	memset(g, 0, sizeof *g);
	g->program = program;
	g->options = options;
	g->result = result;
	g->began = clock_now();
	*result = (struct graph_result){ 0 };
	if (open_machine(g)) {
		while (state < g->states.count && may_go_on(g))
			state = expand(g, state);
		edges_end(&g->edges);
		result->complete = state == g->states.count && !g->capture.full;
		if (!g->capture.full)
			find_doomed(g, state);
		measure(g);
	} else {
		note_failure(g, VERDICT_CRASH, g->end.words);
		error = -EINVAL;
	}
	free_graph(g);
	return error;
}

/* A path to a doomed state shows that it hangs only after fair steps. */
static bool fails_again(struct program *program, struct graph_failure *f)
{
	enum tail tail = f->verdict == VERDICT_LIVELOCK ? TAIL_NEVER : TAIL_NONE;

	replay(program, &f->path, tail, NULL, NULL, NULL, &f->again);
	return !f->again.diverged && verdict_is_red(f->again.verdict);
}

/* Whoever is doomed stays so: cut the path where it first is. */
static void cut_path(struct program *program, struct graph_failure *f)
{
	size_t doomed = f->path.count, hopeful = 0;

	while (doomed - hopeful > 1) {
		f->path.count = hopeful + (doomed - hopeful) / 2;
		if (fails_again(program, f))
			doomed = f->path.count;
		else
			hopeful = f->path.count;
	}
	f->path.count = doomed;
	fails_again(program, f);
}

/* Drop the suspicions that a replay does not confirm. */
static int confirm(
	struct program *program, struct graph_result *r, const struct graph_options *o)
{
	unsigned kept = 0;
	struct graph_failure swap;

	for (unsigned i = 0; i < r->failure_count; i++) {
		bool again = fails_again(program, &r->failures[i]);
		bool suspected = o->bound != NO_BOUND &&
				 r->failures[i].verdict == VERDICT_LIVELOCK;

		if (!again && !suspected) {
			swap = r->failures[0];
			r->failures[0] = r->failures[i];
			r->failures[i] = swap;
			return -EIO;
		}
		if (!again) {
			schedule_free(&r->failures[i].path);
			continue;
		}
		if (suspected)
			cut_path(program, &r->failures[i]);
		swap = r->failures[i];
		r->failures[i].path = (struct schedule){ 0 };
		r->failures[kept++] = swap;
	}
	r->failure_count = kept;
	return 0;
}

/* What some schedules by chance show to be contended, so that the graph need not begin
 * again for each. */
static void find_contention(struct program *program)
{
	struct opening opening = { 0 };
	struct schedule list = { 0 };
	struct attempt attempt;
	uint64_t steps = 0;

	program->machine.points = UINT64_MAX;
	for (uint64_t seed = 1; steps < CONTENTION_STEPS; seed++) {
		const struct chosen chosen = { .kind = SCHEDULER_RANDOM, .seed = seed };

		explore_once(program, &opening, &chosen, &list, &attempt);
		steps += attempt.steps + 1;
	}
	opening_free(&opening);
	schedule_free(&list);
	program->machine.points = sim_contended();
}

/* Add the classes of words that prove to be contended until none is missing. With faults
 * begin with none, for the fewer points there are the shorter is the way to a failure. */
int graph_explore(struct program *program, const struct graph_options *options,
	struct graph_result *result)
{
	int error;

	*result = (struct graph_result){ 0 };
	if (!COROUTINE_SHOWS_STACK)
		return -ENOTSUP;
	program->machine.class_of = word_class;
	program->machine.points = 0;
	sim_forget_contention();
	if (!*program->cell.faults)
		find_contention(program);
	for (;;) {
		error = explore_with(program, options, result);
		if (!(sim_contended() & ~program->machine.points))
			return error ? error : confirm(program, result, options);
		program->machine.points |= sim_contended();
		graph_result_free(result);
	}
}

void graph_result_free(struct graph_result *result)
{
	for (unsigned i = 0; i < result->failure_count; i++)
		schedule_free(&result->failures[i].path);
}
