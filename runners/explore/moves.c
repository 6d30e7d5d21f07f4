/* SPDX-License-Identifier: BSD-2-Clause */
#include "moves.h"

#include "stress/sim/scrub.h"
#include "stress/sim/touch.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* Of so many steps that are known one is made all the same, and compared. */
enum { MADE_AGAIN = 1024 };

static void list_choices(struct moves *m)
{
	const struct sim_action *choices;
	unsigned count = sim_choices(&choices);
	struct listing *listing = pool_add(&m->listings, sizeof *listing);
	struct choice list[SIM_CHOICES_MAX];
	bool is_new;

	for (unsigned i = 0; i < count; i++)
		list[i] = (struct choice){ .signal = choices[i].signal,
			.kind = choices[i].kind & 3,
			.thread = choices[i].thread & 63 };
	listing->choices = intern(&m->choices, list, count * sizeof list[0], &is_new);
	if (m->one_chain)
		return;
	listing->head = (uint32_t)(m->heads.used / sizeof(uint32_t));
	pool_add(&m->heads, count * sizeof(uint32_t));
}

void moves_settle(struct moves *m, uint32_t shared)
{
	const char *broken;

	list_choices(m);
	broken = program_invariant(m->capture->program);
	if (broken)
		*(struct broken *)pool_add(&m->broken, sizeof(struct broken)) =
			(struct broken){ shared,
				m->on_failure(m->argument, false, broken) };
}

void moves_settle_changed(struct moves *m, uint32_t shared)
{
	restore_shared(m->capture, shared);
	moves_settle(m, shared);
}

/* NULL: its invariant holds. */
static const struct broken *find_broken(const struct moves *m, uint32_t shared)
{
	const struct broken *broken = (const void *)m->broken.memory;
	size_t first = 0, end = m->broken.used / sizeof *broken;

	while (first < end) {
		size_t middle = (first + end) / 2;

		if (broken[middle].shared == shared)
			return &broken[middle];
		if (broken[middle].shared < shared)
			first = middle + 1;
		else
			end = middle;
	}
	return NULL;
}

/* The move is the next to be added. */
static void add_birth(struct moves *m, unsigned thread, uint16_t local)
{
	struct birth *birth = pool_add(&m->births, sizeof *birth);

	*birth = (struct birth){ moves_count(m), (uint16_t)thread, local };
}

/* They are in the order of their moves. */
const struct birth *move_birth(const struct moves *m, const struct move *move)
{
	const struct birth *births = (const void *)m->births.memory;
	uint32_t number = (uint32_t)(move - moves_first(m));
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

static uint32_t end_of(struct moves *m, struct step *step)
{
	capture_forget_loaded(m->capture);
	if (m->end->end == SIM_DONE)
		return step->leads_to = LEADS_TO_DONE;
	step->to_local = m->on_failure(m->argument, true, m->end->words);
	return step->leads_to = LEADS_TO_FAILURE;
}

/* Make it on the machine; where that leads to. */
static uint32_t execute(
	struct moves *m, uint32_t shared, struct step_start start, struct step *step)
{
	struct capture *c = m->capture;
	unsigned made;
	uint32_t to_shared;
	bool is_new, goes_on;

	restore_shared(c, shared);
	restore_local(c, start.action.thread, start.local);
	capture_clear_below(start.action.thread);
	capture_clear_statistics();
	m->executed++;
	m->end->words[0] = '\0';
	sim_touches.count = 0;
	sim_touches.all = true;
	sim_touches.on = true;
	sim_scrub = 1;
	goes_on = sim_step(start.action);
	sim_scrub = 0;
	sim_touches.on = false;
	*step = (struct step){ 0 };
	if (!goes_on)
		return end_of(m, step);
	made = sim_made();
	if (made < c->thread_count) {
		step->makes_thread = true;
		step->made = (uint16_t)made;
		step->made_local = capture_local(c, made);
	}
	step->to_local = capture_local(c, start.action.thread);
	to_shared = capture_shared(c, &is_new);
	if (is_new)
		moves_settle(m, to_shared);
	return to_shared;
}

/* Those that were not seen are listed. */
static unsigned list_new(const struct part_set *here, struct part_set *seen,
	uint8_t parts[CAPTURE_PARTS], unsigned count)
{
	for (unsigned word = 0; word < sizeof here->bits / sizeof here->bits[0]; word++) {
		uint64_t left = here->bits[word] & ~seen->bits[word];

		seen->bits[word] |= left;
		for (; left; left &= left - 1)
			parts[count++] =
				(uint8_t)(64 * word + (unsigned)__builtin_ctzll(left));
	}
	return count;
}

/* The parts that the last step looked at, each once; their number. It begins with what the machine looks at itself.
 * What has been the same in all states so far tells nothing apart. */
static unsigned list_touched(
	const struct moves *m, unsigned thread, uint8_t parts[CAPTURE_PARTS])
{
	const struct capture *c = m->capture;
	struct part_set seen = { 0 }, here;
	unsigned count = 0;

	parts[count++] = (uint8_t)common_part(c);
	parts[count++] = (uint8_t)kernel_part(c, thread);
	for (unsigned i = 0; i < count; i++)
		seen.bits[parts[i] / 64] |= UINT64_C(1) << parts[i] % 64;
	for (unsigned part = 0; part < c->part_count; part++)
		if (part_is_constant(c, part))
			seen.bits[part / 64] |= UINT64_C(1) << part % 64;
	for (unsigned i = 0; i < sim_touches.count; i++) {
		capture_parts_of(
			c, sim_touches.list[i].at, sim_touches.list[i].size, &here);
		count = list_new(&here, &seen, parts, count);
	}
	return count;
}

static _Noreturn void die_of(const char *what)
{
	fprintf(stderr, "hupstorm: explore: a step %s: a fault of the explorer\n", what);
	abort();
}

/* All that has changed was looked at: nothing was written behind the tracer's back. */
static void check_changes(const struct part_change *changes, unsigned change_count,
	const uint8_t *parts, unsigned part_count)
{
	for (unsigned i = 0; i < change_count; i++) {
		unsigned part = 0;

		while (part < part_count && parts[part] != changes[i].part)
			part++;
		if (part == part_count)
			die_of("has changed what it was not seen to write");
	}
}

/* Once a part has a second value, steps that looked at it were not kept for its first alone. */
static void forget_if_varied(struct moves *m)
{
	if (m->varied == m->capture->varied)
		return;
	m->varied = m->capture->varied;
	steps_free(&m->steps);
}

/* Keep what the step that has just been made did. */
static void keep(struct moves *m, const struct shared_view *view, struct step_start start,
	struct step *step)
{
	uint8_t parts[CAPTURE_PARTS];
	struct part_change changes[CAPTURE_PARTS];
	unsigned count;

	forget_if_varied(m);
	if (!sim_is_traced || !sim_touches.all || m->capture->full)
		return;
	count = list_touched(m, start.action.thread, parts);
	if (!step->leads_to) {
		step->change_count = (uint16_t)capture_changes(m->capture, view, changes);
		check_changes(changes, step->change_count, parts, count);
	}
	steps_add(&m->steps, start, view, parts, count, step, changes);
}

/* Where a step that is known leads to from here. */
static uint32_t follow(
	struct moves *m, const struct shared_view *view, const struct step *step)
{
	uint32_t shared;
	bool is_new;

	if (step->leads_to)
		return step->leads_to;
	shared = capture_changed(m->capture, view, step_changes(&m->steps, step),
		step->change_count, &is_new);
	if (is_new)
		moves_settle_changed(m, shared);
	return shared;
}

static void make_again(struct moves *m, uint32_t shared, struct step_start start,
	const struct step *known, uint32_t to_shared)
{
	struct step step;

	if (execute(m, shared, start, &step) != to_shared ||
		step.to_local != known->to_local ||
		step.makes_thread != known->makes_thread || step.made != known->made ||
		step.made_local != known->made_local)
		die_of("has done something else than before, after the same");
}

/* By what is known of it, or on the machine. */
static uint32_t make(
	struct moves *m, uint32_t shared, struct step_start start, struct step *step)
{
	const struct step *known;
	struct shared_view view;
	uint32_t to_shared;

	capture_view(m->capture, shared, &view);
	known = steps_find(&m->steps, start, &view);
	if (!known) {
		to_shared = execute(m, shared, start, step);
		keep(m, &view, start, step);
		return to_shared;
	}
	*step = *known;
	to_shared = follow(m, &view, step);
	if (m->followed++ % MADE_AGAIN == 0)
		make_again(m, shared, start, step, to_shared);
	return to_shared;
}

static void find_end(
	struct moves *m, uint32_t shared, struct sim_action action, struct move *move)
{
	const struct broken *broken;
	struct step step;

	move->to_shared =
		make(m, shared, (struct step_start){ action, move->local }, &step) &
		INTERN_MAX;
	move->to_local = step.to_local;
	if (step.leads_to)
		return;
	broken = m->broken.used ? find_broken(m, move->to_shared) : NULL;
	if (broken) {
		move->to_shared = LEADS_TO_FAILURE;
		move->to_local = broken->failure;
		return;
	}
	if (!step.makes_thread)
		return;
	move->makes_thread = true;
	add_birth(m, step.made, step.made_local);
}

const struct move *moves_add(
	struct moves *m, uint32_t shared, uint32_t choice, uint16_t local)
{
	struct sim_action action =
		choice_action(&moves_choices(m, shared).choices[choice]);
	struct move move = {
		.local = local, .choice_low = choice & 31, .choice_high = choice >> 5 & 7
	};
	struct move *to;
	uint32_t *head;

	find_end(m, shared, action, &move);
	to = pool_add(&m->moves, sizeof *to);
	head = moves_head(m, shared, choice);
	move.next = *head & MOVES_MAX;
	*to = move;
	*head = moves_count(m);
	return to;
}

size_t moves_size(const struct moves *m)
{
	return intern_size(&m->choices) + m->listings.used + m->heads.used +
	       m->moves.used + m->births.used + m->broken.used + steps_size(&m->steps);
}

void moves_free(struct moves *m)
{
	intern_free(&m->choices);
	pool_free(&m->listings);
	pool_free(&m->heads);
	pool_free(&m->moves);
	pool_free(&m->births);
	pool_free(&m->broken);
	steps_free(&m->steps);
}
