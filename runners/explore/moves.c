/* SPDX-License-Identifier: BSD-2-Clause */
#include "moves.h"

#include "stress/sim/machine.h"
#include "stress/sim/scrub.h"

static struct move *move_at(const struct moves *m, uint32_t number)
{
	return (struct move *)(void *)m->moves.memory + number;
}

void moves_list(struct moves *m)
{
	const struct sim_action *choices;
	unsigned count = sim_choices(&choices);
	uint32_t *from = pool_add(&m->lists, sizeof *from);

	*from = (uint32_t)(m->choices.used / sizeof(struct choice));
	for (unsigned i = 0; i < count; i++) {
		struct choice *choice = pool_add(&m->choices, sizeof *choice);

		*choice = (struct choice){ .thread = choices[i].thread,
			.kind = choices[i].kind,
			.signal = choices[i].signal };
	}
}

static void fail(struct moves *m, struct move *move, bool ended, const char *reason)
{
	move->to_shared = LEADS_TO_FAILURE;
	move->to_local = m->on_failure(m->argument, ended, reason);
	capture_forget_loaded(m->capture);
}

/* The move is the next to be added. */
static void add_birth(struct moves *m, unsigned thread, uint16_t local)
{
	struct birth *birth = pool_add(&m->births, sizeof *birth);

	*birth = (struct birth){ (uint32_t)(m->moves.used / sizeof(struct move)),
		(uint16_t)thread, local };
}

/* They are in the order of their moves. */
const struct birth *move_birth(const struct moves *m, const struct move *move)
{
	const struct birth *births = (const void *)m->births.memory;
	uint32_t number = (uint32_t)(move - move_at(m, 0));
	size_t first = 0, end = m->births.used / sizeof *births;

	while (end - first > 1) {
		size_t middle = (first + end) / 2;

		if (births[middle].move <= number)
			first = middle;
		else
			end = middle;
	}
	return &births[first];
}

static void execute(
	struct moves *m, uint32_t shared, struct sim_action action, struct move *move)
{
	struct capture *c = m->capture;
	const char *broken;
	unsigned made;
	bool is_new, goes_on;

	restore_shared(c, shared);
	restore_local(c, action.thread, move->local);
	m->executed++;
	m->end->words[0] = '\0';
	sim_scrub = 1;
	goes_on = sim_step(action);
	sim_scrub = 0;
	if (!goes_on) {
		if (m->end->end != SIM_DONE) {
			fail(m, move, true, m->end->words);
			return;
		}
		move->to_shared = LEADS_TO_DONE;
		capture_forget_loaded(c);
		return;
	}
	broken = program_invariant(m->capture->program);
	if (broken) {
		fail(m, move, false, broken);
		return;
	}
	made = sim_made();
	if (made < c->thread_count) {
		move->makes_thread = true;
		add_birth(m, made, capture_local(c, made));
	}
	move->to_local = capture_local(c, action.thread);
	move->to_shared = capture_shared(c, &is_new);
	if (is_new)
		moves_list(m);
}

const struct move *moves_make(
	struct moves *m, uint32_t shared, uint32_t choice, uint16_t local)
{
	struct choice *at = moves_choice(m, choice);
	struct move move = { .local = local }, *to;

	for (uint32_t number = at->first; number; number = move_at(m, number - 1)->next)
		if (move_at(m, number - 1)->local == local)
			return move_at(m, number - 1);
	execute(m, shared, choice_action(at), &move);
	to = pool_add(&m->moves, sizeof *to);
	move.next = at->first & INT32_MAX;
	*to = move;
	at->first = (uint32_t)(m->moves.used / sizeof *to);
	return to;
}

size_t moves_size(const struct moves *m)
{
	return m->choices.used + m->lists.used + m->moves.used + m->births.used;
}

void moves_free(struct moves *m)
{
	pool_free(&m->choices);
	pool_free(&m->lists);
	pool_free(&m->moves);
	pool_free(&m->births);
}
