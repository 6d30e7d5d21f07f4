/* SPDX-License-Identifier: BSD-2-Clause */
#include "capture.h"

#include "small.h"
#include "stack.h"
#include "stranger.h"
#include "stress/runtime.h"
#include "stress/sim/inside.h"

#include <stdlib.h>
#include <string.h>

enum { CLEARED = 8 * 1024 };

static void add_part(struct capture *c, void *at, size_t size)
{
	if (c->part_count == CAPTURE_PARTS)
		abort();
	c->parts[c->part_count++] =
		(struct part){ .at = at, .size = size, .values.fixed = size };
}

/* Of a channel's values no more than its capacity is ever used. */
static void add_channel(struct capture *c, struct channel *channel)
{
	add_part(c, channel,
		offsetof(struct channel, values) +
			channel->capacity * sizeof channel->values[0]);
}

/* What was allocated in the world, but for the plan. */
static void add_small(struct capture *c, struct small_world *small)
{
	add_part(c, &small->working,
		offsetof(struct small_world, never) -
			offsetof(struct small_world, working));
	add_channel(c, &small->never);
	add_channel(c, &small->arrivals);
	add_channel(c, &small->ended);
}

static void add_world(struct capture *c)
{
	add_part(c, &world->phase,
		offsetof(struct world, counters) - offsetof(struct world, phase));
	add_part(c, &world->sched, sizeof world->sched);
	add_part(c, &world->sysmon, sizeof world->sysmon);
	add_part(c, &world->template_thread, sizeof world->template_thread);
	add_part(c, &world->poller, sizeof world->poller);
	add_part(c, &world->timers, sizeof world->timers);
	add_part(c, &world->signals, sizeof world->signals);
	add_part(c, &world->broadcast, sizeof world->broadcast);
	add_part(c, &world->trace, sizeof world->trace);
	for (uint32_t i = 0; i < world->config.slots; i++)
		add_part(c, slot_at(i), sizeof(struct slot));
	for (uint32_t i = 0; i < c->thread_count; i++)
		add_part(c, thread_at(i), offsetof(struct thread, ring));
	add_small(c, (void *)((char *)world + world_size(world->config.threads_max, 0)));
}

/* In pieces, so that a step that changes little makes little that is new. */
static void add_stranger(struct capture *c, const struct stranger *stranger)
{
	size_t size = stranger->state_size / 16 + 1, left = stranger->state_size;
	char *at = stranger->state;

	for (size_t here; left; left -= here, at += here) {
		here = left < size ? left : size;
		add_part(c, at, here);
	}
}

void capture_forget_loaded(struct capture *c)
{
	memset(c->loaded, 0xff, sizeof c->loaded);
	memset(c->loaded_group, 0xff, sizeof c->loaded_group);
	memset(c->loaded_local, 0xff, sizeof c->loaded_local);
}

void capture_init(struct capture *c, const struct program *program, unsigned unborn)
{
	size_t size = 0;

	*c = (struct capture){ .program = program,
		.thread_count = machine.s.count + unborn };
	if (c->thread_count > CAPTURE_THREADS)
		abort();
	if (program->stranger)
		add_stranger(c, program->stranger);
	else
		add_world(c);
	add_part(c, &machine.s, offsetof(struct machine_state, threads));
	for (unsigned i = 0; i < c->thread_count; i++)
		add_part(c, &machine.s.threads[i], sizeof machine.s.threads[i]);
	c->group_count = (c->part_count + PARTS_IN_GROUP - 1) / PARTS_IN_GROUP;
	for (unsigned i = 0; i < c->group_count; i++)
		c->groups[i].fixed = PARTS_IN_GROUP * sizeof c->loaded[0];
	c->shared.fixed = c->group_count * sizeof c->loaded_group[0];
	for (unsigned i = 0; i < c->part_count; i++)
		size += c->parts[i].size;
	c->copies = reallocate(NULL, size);
	for (unsigned i = c->part_count; i--; c->parts[i].copy = c->copies + size)
		size -= c->parts[i].size;
	capture_forget_loaded(c);
}

void capture_free(struct capture *c)
{
	for (unsigned i = 0; i < c->part_count; i++)
		intern_free(&c->parts[i].values);
	for (unsigned i = 0; i < c->group_count; i++)
		intern_free(&c->groups[i]);
	for (unsigned i = 0; i < c->thread_count; i++) {
		intern_free(&c->locals[i]);
		intern_free(&c->uncleaned[i].values);
		pool_free(&c->uncleaned[i].numbers);
	}
	intern_free(&c->shared);
	free(c->copies);
}

size_t capture_size(const struct capture *c)
{
	size_t size = intern_size(&c->shared);

	for (unsigned i = 0; i < c->part_count; i++)
		size += intern_size(&c->parts[i].values);
	for (unsigned i = 0; i < c->group_count; i++)
		size += intern_size(&c->groups[i]);
	for (unsigned i = 0; i < c->thread_count; i++)
		size += intern_size(&c->locals[i]) +
			intern_size(&c->uncleaned[i].values) +
			c->uncleaned[i].numbers.used;
	return size;
}

void capture_clear_statistics(void)
{
	if (!world)
		return;
	memset(&world->counters, 0, sizeof world->counters);
	memset(&world->observed, 0, sizeof world->observed);
	for (uint32_t i = 0; i < world->sched.records.value; i++)
		memset(&thread_at(i)->observed, 0, sizeof thread_at(i)->observed);
}

static void set_word(os_word *word, uint32_t value)
{
	atomic_store_explicit(&word->value, value, memory_order_relaxed);
}

/*
 * sysmon compares the counts of a slot with those it saw last and asks for nothing but
 * whether they differ; it does so within one step at the coarse level. Of the handlers
 * that a thread has entered and left only the last bit matters, and nobody looks at it
 * but an observer. The rounds of the receiver matter to those who unsubscribe, and in a
 * small world nobody does. The last poll's time is that of the poller's clock, and what
 * is due is decided by deadlines. The number of a broadcast is for the trace.
 */
static void normalise(void)
{
	if (!world)
		return;
	world->broadcast.number = 0;
	small_normalise();
	set_word(&world->signals.rounds, 0);
	os_counter_set(&world->poller.last_polled, 0);
	for (uint32_t i = 0; i < world->config.slots; i++) {
		struct slot *slot = slot_at(i);
		struct slot_seen *seen = &world->sysmon.seen[i];

		set_word(&slot->ticks, slot->ticks.value != seen->ticks);
		set_word(&slot->calls, slot->calls.value != seen->calls);
		*seen = (struct slot_seen){ 0 };
		/* Nobody will look at it before it is 0 again: a slot without an owner is assigned first, and a stopped one
		 * is assigned or started (slot_assign, world_restart). */
		if (slot->owner.value == NO_THREAD || slot->state.value == SLOT_STOPPED)
			set_word(&slot->preempt, 0);
	}
	for (uint32_t i = 0; i < world->sched.records.value; i++) {
		struct thread *thread = thread_at(i);

		os_counter_set(&thread->steps, 0);
		os_counter_set(&thread->safepoints, 0);
		if (!(thread->handler.value & 1))
			set_word(&thread->handler, 0);
	}
}

/* Another of the thing's numbers, if it has one more. */
static uint16_t number_of(
	struct capture *c, struct intern *table, const void *bytes, size_t length)
{
	bool is_new;
	uint32_t number = intern(table, bytes, length, &is_new);

	if (number >= UINT16_MAX || machine.s.count > c->thread_count ||
		(world && world->sched.records.value > c->thread_count)) {
		c->full = true;
		return 0;
	}
	return (uint16_t)number;
}

static unsigned group_end(const struct capture *c, unsigned group)
{
	unsigned end = (group + 1) * PARTS_IN_GROUP;

	return end < c->part_count ? end : c->part_count;
}

static void capture_group(struct capture *c, unsigned group)
{
	unsigned first = group * PARTS_IN_GROUP, end = group_end(c, group);
	uint32_t count;
	bool changed = false, is_new;

	for (unsigned i = first; i < end; i++) {
		struct part *part = &c->parts[i];

		if (c->loaded[i] != UINT16_MAX &&
			!memcmp(part->at, part->copy, part->size))
			continue;
		memcpy(part->copy, part->at, part->size);
		count = part->values.count;
		c->loaded[i] = number_of(c, &part->values, part->at, part->size);
		c->varied += count == 1 && part->values.count == 2;
		changed = true;
	}
	if (changed)
		c->loaded_group[group] = intern(&c->groups[group], &c->loaded[first],
			c->groups[group].fixed, &is_new);
}

uint32_t capture_shared(struct capture *c, bool *is_new)
{
	normalise();
	for (unsigned i = 0; i < c->group_count; i++)
		capture_group(c, i);
	return intern(&c->shared, c->loaded_group, c->shared.fixed, is_new);
}

static void restore_group(struct capture *c, unsigned group, uint32_t number)
{
	unsigned first = group * PARTS_IN_GROUP, end = group_end(c, group);
	size_t length;
	const uint16_t *tuple = interned(&c->groups[group], number, &length);
	const void *value;

	for (unsigned i = first; i < end; i++) {
		struct part *part = &c->parts[i];

		if (c->loaded[i] == tuple[i - first])
			continue;
		value = interned(&part->values, tuple[i - first], &length);
		memcpy(part->at, value, part->size);
		memcpy(part->copy, value, part->size);
		c->loaded[i] = tuple[i - first];
	}
	c->loaded_group[group] = number;
}

void restore_shared(struct capture *c, uint32_t shared)
{
	size_t length;
	const uint32_t *tuple = interned(&c->shared, shared, &length);

	for (unsigned i = 0; i < c->group_count; i++)
		if (c->loaded_group[i] != tuple[i])
			restore_group(c, i, tuple[i]);
}

void capture_view(const struct capture *c, uint32_t shared, struct shared_view *view)
{
	size_t length;
	const uint32_t *numbers = interned(&c->shared, shared, &length);

	for (unsigned i = 0; i < c->group_count; i++) {
		view->numbers[i] = numbers[i];
		view->groups[i] = interned(&c->groups[i], numbers[i], &length);
	}
}

unsigned capture_changes(const struct capture *c, const struct shared_view *view,
	struct part_change changes[CAPTURE_PARTS])
{
	unsigned count = 0;

	for (unsigned i = 0; i < c->part_count; i++)
		if (c->loaded[i] != view_value(view, i))
			changes[count++] =
				(struct part_change){ (uint16_t)i, c->loaded[i] };
	return count;
}

uint32_t capture_changed(struct capture *c, const struct shared_view *view,
	const struct part_change *changes, unsigned count, bool *is_new)
{
	uint32_t numbers[CAPTURE_GROUPS];
	uint16_t values[PARTS_IN_GROUP];

	memcpy(numbers, view->numbers, sizeof numbers);
	for (unsigned i = 0; i < count;) {
		unsigned group = changes[i].part / PARTS_IN_GROUP;

		memcpy(values, view->groups[group], sizeof values);
		for (; i < count && changes[i].part / PARTS_IN_GROUP == group; i++)
			values[changes[i].part % PARTS_IN_GROUP] = changes[i].value;
		numbers[group] =
			intern(&c->groups[group], values, c->groups[group].fixed, is_new);
	}
	return intern(&c->shared, numbers, c->shared.fixed, is_new);
}

unsigned capture_part_at(const struct capture *c, const void *at)
{
	unsigned part = 0;

	while (c->parts[part].at != at)
		part++;
	return part;
}

void capture_parts_of(
	const struct capture *c, const void *at, size_t size, struct part_set *set)
{
	*set = (struct part_set){ 0 };
	for (unsigned i = 0; i < c->part_count; i++) {
		const struct part *part = &c->parts[i];

		if ((const char *)at < part->at + part->size &&
			part->at < (const char *)at + size)
			set->bits[i / 64] |= UINT64_C(1) << i % 64;
	}
}

/* The number of the local without what nobody will read of it. In `bytes` that is gone
 * when the local as it is has not been seen before. */
static uint16_t clean_number(
	struct capture *c, unsigned thread, char *bytes, size_t length)
{
	struct uncleaned *u = &c->uncleaned[thread];
	bool is_new;
	uint32_t number = intern(&u->values, bytes, length, &is_new);
	uint16_t *cleaned;

	if (!is_new)
		return ((uint16_t *)(void *)u->numbers.memory)[number];
	stack_clean(bytes + sizeof(struct virtual_local),
		length - sizeof(struct virtual_local));
	cleaned = pool_add(&u->numbers, sizeof *cleaned);
	*cleaned = number_of(c, &c->locals[thread], bytes, length);
	return *cleaned;
}

/* The stack pointer is in the local, so the length of the stack is too. */
uint16_t capture_local(struct capture *c, unsigned thread)
{
	static char bytes[LOCAL_MAX];
	const struct virtual_local *local = &machine.locals[thread];
	const char *pointer = coroutine_stack(&local->coroutine);
	size_t depth = (size_t)(stack_top(thread) - pointer);

	if (thread >= machine.s.count ||
		machine.s.threads[thread].state == VIRTUAL_FREE ||
		machine.s.threads[thread].state == VIRTUAL_ENDED)
		return c->loaded_local[thread] = NO_LOCAL;
	if (!pointer || depth > LOCAL_MAX - sizeof *local)
		abort();
	memcpy(bytes, local, sizeof *local);
	memcpy(bytes + sizeof *local, pointer, depth);
	/* What is in memory is not cleaned. */
	c->loaded_local[thread] = NO_LOCAL;
	return clean_number(c, thread, bytes, sizeof *local + depth);
}

void restore_local(struct capture *c, unsigned thread, uint16_t number)
{
	struct virtual_local *local = &machine.locals[thread];
	size_t length, depth;
	const char *bytes;

	if (c->loaded_local[thread] != number) {
		bytes = interned(&c->locals[thread], number, &length);
		depth = length - sizeof *local;
		memcpy(local, bytes, sizeof *local);
		memcpy(stack_top(thread) - depth, bytes + sizeof *local, depth);
	}
	/* It is about to change. */
	c->loaded_local[thread] = NO_LOCAL;
}

void capture_clear_below(unsigned thread)
{
	char *pointer = coroutine_stack(&machine.locals[thread].coroutine);
	size_t room = (size_t)(pointer - (stack_top(thread) - SIM_STACK_SIZE));

	if (room > CLEARED)
		room = CLEARED;
	memset(pointer - room, 0, room);
}

bool local_yields(const struct capture *c, unsigned thread, uint16_t number)
{
	size_t length;
	const struct virtual_local *local = interned(&c->locals[thread], number, &length);

	return local->yields;
}
