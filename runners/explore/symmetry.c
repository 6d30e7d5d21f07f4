/* SPDX-License-Identifier: BSD-2-Clause */
#include "symmetry.h"

#include "stress/runtime.h"
#include "stress/sim/inside.h"

#include <string.h>

enum { NONE = UINT16_MAX, NEVER = UINT16_MAX, WORD = 8, HALF = 4 };

const struct arrangement symmetry_none = { { 0, 1, 2, 3 } };
_Static_assert(IDLE_MAX == 4, "each is where it was");

/* What of an idle thread's own, as numbers of the first of them. */
struct own {
	uint16_t numbers[OWN_COUNT];
	bool movable;
	bool unknown; /* it would be, but the first has not had such numbers yet */
};

/* The youngest first: the others' numbers are told by its. */
static void find_idle(struct symmetry *s)
{
	for (unsigned i = machine.s.count; i-- && s->count < IDLE_MAX;)
		if (!strcmp(program_thread_name(i), "idle"))
			s->idle[s->count++] = (struct idle_thread){ .thread = i,
				.record = (char *)sim_record_of(i) };
}

static const struct intern *values_of(
	const struct capture *c, const struct idle_thread *idle, unsigned own)
{
	return own == OWN_LOCAL ? &c->locals[idle->thread]
				: &c->parts[idle->parts[own]].values;
}

void symmetry_init(struct symmetry *s, struct capture *c)
{
	const struct small_plan *plan = &c->program->small;
	size_t length;

	*s = (struct symmetry){ .capture = c,
		.broadcasts = plan->broadcasts * plan->broadcasters };
	find_idle(s);
	if (s->count < 2 || !s->broadcasts)
		s->count = 0;
	for (unsigned i = 0; i < s->count; i++) {
		struct idle_thread *idle = &s->idle[i];

		idle->parts[OWN_RECORD] = capture_part_at(c, idle->record);
		idle->parts[OWN_KERNEL] = kernel_part(c, idle->thread);
		for (unsigned own = OWN_RECORD; own <= OWN_KERNEL; own++)
			idle->first[own] = interned(&c->parts[idle->parts[own]].values,
				c->loaded[idle->parts[own]], &length);
	}
}

/* An address of something of the one's, as that of the same of the other's. */
static bool move_address(const struct idle_thread *from, const struct idle_thread *to,
	const char *address, const char **moved)
{
	const struct range {
		const char *from, *to;
		size_t size;
	} ranges[] = {
		{ from->record, to->record, sizeof(struct thread) },
		{ (char *)&machine.s.threads[from->thread],
			(char *)&machine.s.threads[to->thread],
			sizeof machine.s.threads[0] },
		{ (char *)&machine.locals[from->thread],
			(char *)&machine.locals[to->thread], sizeof machine.locals[0] },
		{ stack_top(from->thread) - SIM_STACK_SIZE + 1,
			stack_top(to->thread) - SIM_STACK_SIZE + 1, SIM_STACK_SIZE },
	};

	for (unsigned i = 0; i < sizeof ranges / sizeof ranges[0]; i++) {
		if ((uintptr_t)address - (uintptr_t)ranges[i].from >= ranges[i].size)
			continue;
		*moved = ranges[i].to + (address - ranges[i].from);
		return true;
	}
	return false;
}

/* Halves that differed in the beginning, and are no addresses, never change: each has its own. */
static bool keep_own(const char *first, const char *other, char *bytes, size_t size)
{
	for (size_t i = 0; i < size; i += HALF) {
		if (!memcmp(first + i, other + i, HALF))
			continue;
		if (memcmp(first + i, bytes + i, HALF) != 0)
			return false;
		memcpy(bytes + i, other + i, HALF);
	}
	return true;
}

static bool move_word(
	const struct idle_thread *from, const struct idle_thread *to, char *word)
{
	const char *address;

	memcpy(&address, word, WORD);
	if (!move_address(from, to, address, &address))
		return false;
	memcpy(word, &address, WORD);
	return true;
}

static bool move_bytes(const struct idle_thread *from, const struct idle_thread *to,
	unsigned own, char *bytes, size_t length)
{
	char first[WORD];

	for (size_t at = 0; at < length; at += WORD) {
		size_t size = length - at < WORD ? length - at : WORD;

		if ((size == WORD && move_word(from, to, bytes + at)) || own == OWN_LOCAL)
			continue;
		memcpy(first, from->first[own] + at, size);
		if (size == WORD)
			move_word(from, to, first);
		if (!keep_own(first, to->first[own] + at, bytes + at, size))
			return false;
	}
	return true;
}

/* It knows of the last broadcast, and has nothing that others would know it by. */
static bool may_move(const struct symmetry *s, const char *bytes)
{
	const struct thread *t = (const struct thread *)(const void *)bytes;
	uint64_t runs = os_counted(&t->data) + (t->fixup.state.value != FIXUP_NONE);

	return runs >= s->broadcasts && t->slot == NO_SLOT &&
	       t->syscall_slot == NO_SLOT && t->next_slot.value == NO_SLOT &&
	       !t->locks_held && t->next_runnable == NO_THREAD &&
	       t->status.value == THREAD_WAITING;
}

static struct translated *translation(struct pool *pool, uint16_t number)
{
	size_t wanted = (number + 1U) * sizeof(struct translated);

	if (pool->used < wanted)
		pool_add(pool, wanted - pool->used);
	return (struct translated *)(void *)pool->memory + number;
}

/* The other's number for the same, NONE if it has none yet. */
static uint16_t translate(struct symmetry *s, const struct idle_thread *from,
	const struct idle_thread *to, unsigned own, struct pool *pool, uint16_t number)
{
	_Alignas(16) static char bytes[LOCAL_MAX];
	const struct intern *there = values_of(s->capture, to, own);
	struct translated *t = translation(pool, number);
	const void *value;
	size_t length;

	if (from == to)
		return number;
	if (t->tried &&
		(t->number != NONE || t->tried == NEVER || t->tried == there->count + 1))
		return t->number;
	value = interned(values_of(s->capture, from, own), number, &length);
	t->number = NONE;
	t->tried = NEVER;
	if (length > sizeof bytes)
		return NONE;
	memcpy(bytes, value, length);
	if (!move_bytes(from, to, own, bytes, length))
		return NONE;
	t->tried = (uint16_t)(there->count + 1);
	if (!intern_find(there, bytes, length, &t->number))
		t->number = NONE;
	return t->number;
}

static uint16_t number_of(const struct symmetry *s, const struct shared_view *view,
	const struct vector *v, unsigned place, unsigned own)
{
	const struct idle_thread *idle = &s->idle[place];

	return own == OWN_LOCAL ? v->numbers[idle->thread]
				: view_value(view, idle->parts[own]);
}

static bool may_move_now(struct symmetry *s, const struct shared_view *view,
	const struct vector *v, unsigned place)
{
	const struct idle_thread *idle = &s->idle[place];
	size_t length;

	return v->numbers[idle->thread] != NO_LOCAL &&
	       may_move(s, interned(values_of(s->capture, idle, OWN_RECORD),
				   number_of(s, view, v, place, OWN_RECORD), &length));
}

static struct own own_of(struct symmetry *s, const struct shared_view *view,
	const struct vector *v, unsigned place)
{
	struct idle_thread *idle = &s->idle[place];
	struct own own = { .movable = may_move_now(s, view, v, place) };

	for (unsigned i = 0; own.movable && i < OWN_COUNT; i++) {
		own.numbers[i] = translate(s, idle, &s->idle[0], i, &idle->to_first[i],
			number_of(s, view, v, place, i));
		own.unknown |= own.numbers[i] == NONE;
	}
	own.movable &= !own.unknown;
	return own;
}

/* Bits of the idle threads whose records the local has an address in. */
static uint8_t known_by(struct symmetry *s, unsigned thread, uint16_t local)
{
	struct pool *pool = &s->known[thread];
	size_t wanted = local + 1U, length;
	const char *bytes, *address;
	uint8_t set = 0;

	if (pool->used < wanted)
		pool_add(pool, wanted - pool->used);
	if (pool->memory[local])
		return (uint8_t)(pool->memory[local] - 1);
	bytes = interned(&s->capture->locals[thread], local, &length);
	for (size_t at = 0; at + WORD <= length; at += WORD) {
		memcpy(&address, bytes + at, WORD);
		for (unsigned i = 0; i < s->count; i++) {
			uintptr_t offset =
				(uintptr_t)address - (uintptr_t)s->idle[i].record;

			set |= (uint8_t)((offset < sizeof(struct thread)) << i);
		}
	}
	pool->memory[local] = (char)(set + 1);
	return set;
}

static bool is_one_of_them(const struct symmetry *s, unsigned thread)
{
	for (unsigned i = 0; i < s->count; i++)
		if (s->idle[i].thread == thread)
			return true;
	return false;
}

static uint8_t known_by_others(struct symmetry *s, const struct vector *v)
{
	uint8_t set = 0;

	for (unsigned thread = 0; thread < s->capture->thread_count; thread++)
		if (v->numbers[thread] != NO_LOCAL && !is_one_of_them(s, thread))
			set |= known_by(s, thread, v->numbers[thread]);
	return set;
}

static bool is_before(const struct own *one, const struct own *other)
{
	for (unsigned i = 0; i < OWN_COUNT; i++)
		if (one->numbers[i] != other->numbers[i])
			return one->numbers[i] < other->numbers[i];
	return false;
}

static void sort(const struct own *own, unsigned count, uint8_t *at)
{
	for (unsigned i = 0; i < count; i++) {
		unsigned moved = at[i], hole = i;

		if (!own[i].movable)
			continue;
		for (unsigned j = i; j-- > 0;) {
			if (!own[j].movable)
				continue;
			if (!is_before(&own[moved], &own[at[j]]))
				break;
			at[hole] = at[j];
			hole = j;
		}
		at[hole] = (uint8_t)moved;
	}
}

/* Which value a part gets, in the order of parts. */
static unsigned insert(
	struct part_change *changes, unsigned count, unsigned part, uint16_t value)
{
	unsigned i = count;

	for (; i && changes[i - 1].part > part; i--)
		changes[i] = changes[i - 1];
	changes[i] = (struct part_change){ (uint16_t)part, value };
	return count + 1;
}

/* False: one of them has no such value yet. */
static bool put(struct symmetry *s, const struct shared_view *view, struct vector *v,
	const struct own *own, const struct arrangement *a, bool *is_new)
{
	struct part_change changes[2 * IDLE_MAX];
	uint16_t locals[IDLE_MAX];
	unsigned count = 0;

	for (unsigned place = 0; place < s->count; place++) {
		struct idle_thread *idle = &s->idle[place];

		locals[place] = v->numbers[idle->thread];
		for (unsigned i = 0; a->at[place] != place && i < OWN_COUNT; i++) {
			uint16_t number = translate(s, &s->idle[0], idle, i,
				&idle->from_first[i], own[a->at[place]].numbers[i]);

			if (number == NONE)
				return false;
			if (i == OWN_LOCAL)
				locals[place] = number;
			else if (number != number_of(s, view, v, place, i))
				count = insert(changes, count, idle->parts[i], number);
		}
	}
	for (unsigned place = 0; place < s->count; place++)
		v->numbers[s->idle[place].thread] = locals[place];
	v->shared = capture_changed(s->capture, view, changes, count, is_new);
	return true;
}

enum arranged symmetry_arrange(struct symmetry *s, struct vector *v, bool known_too,
	struct arrangement *a, bool *is_new)
{
	struct own own[IDLE_MAX];
	struct shared_view view;
	bool sorted = true, unknown = false;
	uint8_t known = known_too ? 0 : known_by_others(s, v);

	capture_view(s->capture, v->shared, &view);
	for (unsigned place = 0; place < s->count; place++) {
		own[place] = own_of(s, &view, v, place);
		own[place].movable &= !(known >> place & 1);
		unknown |= own[place].unknown;
		a->at[place] = (uint8_t)place;
	}
	sort(own, s->count, a->at);
	for (unsigned place = 0; place < s->count; place++)
		sorted &= a->at[place] == place;
	*is_new = false;
	if (!sorted && put(s, &view, v, own, a, is_new)) {
		s->exchanged++;
		return unknown ? EXCHANGED_SOME : EXCHANGED;
	}
	*a = symmetry_none;
	return unknown || !sorted ? NOT_YET : IN_ORDER;
}

struct sim_action symmetry_action(
	const struct symmetry *s, struct sim_action action, const struct arrangement *a)
{
	for (unsigned place = 0; place < s->count; place++)
		if (s->idle[place].thread == action.thread) {
			action.thread = (uint8_t)s->idle[a->at[place]].thread;
			break;
		}
	return action;
}

size_t symmetry_size(const struct symmetry *s)
{
	size_t size = 0;

	for (unsigned i = 0; i < s->count; i++)
		for (unsigned own = 0; own < OWN_COUNT; own++)
			size += s->idle[i].to_first[own].used +
				s->idle[i].from_first[own].used;
	for (unsigned i = 0; i < CAPTURE_THREADS; i++)
		size += s->known[i].used;
	return size;
}

void symmetry_free(struct symmetry *s)
{
	for (unsigned i = 0; i < s->count; i++)
		for (unsigned own = 0; own < OWN_COUNT; own++) {
			pool_free(&s->idle[i].to_first[own]);
			pool_free(&s->idle[i].from_first[own]);
		}
	for (unsigned i = 0; i < CAPTURE_THREADS; i++)
		pool_free(&s->known[i]);
}
