/* SPDX-License-Identifier: BSD-2-Clause */
#include "words.h"

#include "program.h"
#include "stress/runtime.h"

#include <stdio.h>

struct field {
	size_t offset;
	const char *name;
	const char *values[8];
};

#define WORLD(member)  offsetof(struct world, member)
#define THREAD(member) offsetof(struct thread, member)
#define SLOT(member)   offsetof(struct slot, member)

static const struct field world_fields[] = {
	{ WORLD(phase), "phase",
		{ "idle", "stopping", "stopped", "broadcasting", "starting" } },
	{ WORLD(ending), "ending", { NULL } },
	{ WORLD(all_threads), "list of threads", { NULL } },
	{ WORLD(sched.lock.state), "scheduler lock",
		{ "free", "held", "held+sleepers" } },
	{ WORLD(sched.stopping), "stopping", { NULL } },
	{ WORLD(sched.stop_note), "stop note", { NULL } },
	{ WORLD(sched.records), "records", { NULL } },
	{ WORLD(sysmon.up), "sysmon is up", { NULL } },
	{ WORLD(sysmon.waits), "sysmon waits", { NULL } },
	{ WORLD(sysmon.note), "sysmon's note", { NULL } },
	{ WORLD(sysmon.lock.state), "sysmon's lock",
		{ "free", "held", "held+sleepers" } },
	{ WORLD(template_thread.lock.state), "template's lock",
		{ "free", "held", "held+sleepers" } },
	{ WORLD(template_thread.exists), "template exists", { NULL } },
	{ WORLD(template_thread.waits), "template waits", { NULL } },
	{ WORLD(template_thread.note), "template's note", { NULL } },
	{ WORLD(poller.exist), "pollers exist", { NULL } },
	{ WORLD(poller.claimed), "poller claimed", { NULL } },
	{ WORLD(poller.broken), "poller broken", { NULL } },
	{ WORLD(timers.lock.state), "timers' lock", { "free", "held", "held+sleepers" } },
	{ WORLD(signals.pending[0]), "signals pending", { NULL } },
	{ WORLD(signals.pending[1]), "signals pending, high", { NULL } },
	{ WORLD(signals.wanted[0]), "signals wanted", { NULL } },
	{ WORLD(signals.wanted[1]), "signals wanted, high", { NULL } },
	{ WORLD(signals.state), "signal state",
		{ "idle", "sending", "receiving", "fixup" } },
	{ WORLD(signals.delivering), "delivering", { NULL } },
	{ WORLD(signals.rounds), "receiver's rounds", { NULL } },
	{ WORLD(signals.note), "receiver's note", { NULL } },
	{ WORLD(signals.lock.state), "subscriptions' lock",
		{ "free", "held", "held+sleepers" } },
	{ WORLD(broadcast.owing), "owing", { NULL } },
};

static const struct field thread_fields[] = {
	{ THREAD(next), "next in list", { NULL } },
	{ THREAD(park), "park note", { NULL } },
	{ THREAD(status), "status", { NULL } },
	{ THREAD(next_slot), "next slot", { NULL } },
	{ THREAD(fixup.state), "fixup", { "none", "outstanding", "running" } },
	{ THREAD(fixup.lock.state), "fixup lock", { "free", "held", "held+sleepers" } },
	{ THREAD(nudged), "nudged", { NULL } },
	{ THREAD(awaits_signal), "awaits signal", { NULL } },
	{ THREAD(tid), "tid", { NULL } },
	{ THREAD(where), "place",
		{ "gone", "birth", "runtime", "user", "parked", "syscall", "note",
			"poller" } },
	{ THREAD(handler), "handlers", { NULL } },
	{ THREAD(wait.state), "wait", { NULL } },
};

static const struct field slot_fields[] = {
	{ SLOT(state), "state", { NULL } },
	{ SLOT(owner), "owner", { NULL } },
	{ SLOT(preempt), "preempt", { NULL } },
	{ SLOT(ticks), "ticks", { NULL } },
};

/* Named, but of no class: every access to them is a point. */
static const struct field more_world_fields[] = {
	{ WORLD(broadcast.births), "births under way", { NULL } },
};

static const struct field more_thread_fields[] = {
	{ THREAD(fixup.mark), "mark", { "clear", "set" } },
};

static const struct field *field_at(
	const struct field *fields, size_t count, size_t offset)
{
	for (size_t i = 0; i < count; i++)
		if (fields[i].offset == offset)
			return &fields[i];
	return NULL;
}

#define FIELD_AT(fields, offset)                                                         \
	field_at(fields, sizeof(fields) / sizeof((fields)[0]), offset)

/* The name of the word, and its field if it is a known one. */
static const struct field *name_word(const void *word, char *text, size_t size)
{
	size_t offset = (size_t)((const char *)word - (const char *)world), index;
	const struct field *field = NULL;

	snprintf(text, size, "%s", program_word_name(word));
	if (!world || offset >= world->config.memory_size)
		return NULL;
	if (offset >= WORLD(threads)) {
		offset -= WORLD(threads);
		index = offset / sizeof(struct thread);
		if (index >= world->config.threads_max)
			return NULL;
		offset %= sizeof(struct thread);
		field = FIELD_AT(thread_fields, offset);
		if (!field)
			field = FIELD_AT(more_thread_fields, offset);
		snprintf(text, size, "%s's %s",
			*thread_at((uint32_t)index)->name
				? thread_at((uint32_t)index)->name
				: "newborn",
			field ? field->name : "record");
	} else if (offset >= WORLD(slots)) {
		offset -= WORLD(slots);
		field = FIELD_AT(slot_fields, offset % sizeof(struct slot));
		snprintf(text, size, "slot %zu's %s", offset / sizeof(struct slot),
			field ? field->name : "record");
	} else {
		field = FIELD_AT(world_fields, offset);
		if (!field)
			field = FIELD_AT(more_world_fields, offset);
		snprintf(text, size, "%s", field ? field->name : "a word of the world");
	}
	return field;
}

enum {
	WORLD_FIELDS = sizeof world_fields / sizeof world_fields[0],
	THREAD_FIELDS = sizeof thread_fields / sizeof thread_fields[0],
	SLOT_FIELDS = sizeof slot_fields / sizeof slot_fields[0],
	WORDS_MAX = 4096,
};

_Static_assert(WORLD_FIELDS + THREAD_FIELDS + SLOT_FIELDS <= 64, "too many classes");

/* Of each word at that offset in the world's header, a thread and a slot: class + 1. */
static struct {
	bool ready;
	uint8_t of_world[WORDS_MAX], of_thread[WORDS_MAX], of_slot[WORDS_MAX];
} classes;

static void make_classes(void)
{
	for (unsigned i = 0; i < WORLD_FIELDS; i++)
		classes.of_world[world_fields[i].offset / 4] = (uint8_t)(i + 1);
	for (unsigned i = 0; i < THREAD_FIELDS; i++)
		classes.of_thread[thread_fields[i].offset / 4] =
			(uint8_t)(WORLD_FIELDS + i + 1);
	for (unsigned i = 0; i < SLOT_FIELDS; i++)
		classes.of_slot[slot_fields[i].offset / 4] =
			(uint8_t)(WORLD_FIELDS + THREAD_FIELDS + i + 1);
	classes.ready = true;
}

int word_class(const void *word)
{
	size_t offset = (size_t)((const char *)word - (const char *)world);

	if (!classes.ready)
		make_classes();
	if (!world || offset >= WORLD(threads[world->config.threads_max]))
		return -1;
	if (offset >= WORLD(threads)) {
		offset = (offset - WORLD(threads)) % sizeof(struct thread);
		return offset < 4 * WORDS_MAX ? classes.of_thread[offset / 4] - 1 : -1;
	}
	if (offset >= WORLD(slots))
		return classes.of_slot[(offset - WORLD(slots)) % sizeof(struct slot) /
				       4] -
		       1;
	return offset < 4 * WORDS_MAX ? classes.of_world[offset / 4] - 1 : -1;
}

struct value_text {
	char text[32];
};

static struct value_text value_name(const struct field *field, uint32_t value)
{
	struct value_text out;

	if (field && value < 8 && field->values[value])
		snprintf(out.text, sizeof out.text, "%s", field->values[value]);
	else if (value == UINT32_MAX)
		snprintf(out.text, sizeof out.text, "nobody");
	else
		snprintf(out.text, sizeof out.text, value > 9999 ? "%#x" : "%u", value);
	return out;
}

static struct value_text note_events(uint32_t events)
{
	static const char *const names[] = { "nothing", "wake", "fixup", "wake+fixup" };
	struct value_text out;

	snprintf(out.text, sizeof out.text, "%s", names[events & 3]);
	return out;
}

static void describe_access(
	const struct sim_point_view *view, uint32_t now, char *text, size_t size)
{
	static const char *const signs[SIM_OP_COUNT] = { [SIM_OP_ADD] = "+=",
		[SIM_OP_SUB] = "-=",
		[SIM_OP_OR] = "|=",
		[SIM_OP_AND] = "&=" };
	char name[64];
	const struct field *field = name_word(view->word, name, sizeof name);
	struct value_text held = value_name(field, now);
	struct value_text value = value_name(field, view->value);

	switch (view->operation) {
	case SIM_OP_LOAD:
		snprintf(text, size, "%s is %s", name, held.text);
		break;
	case SIM_OP_STORE:
		snprintf(text, size, "%s := %s", name, value.text);
		break;
	case SIM_OP_EXCHANGE:
		snprintf(text, size, "%s: %s -> %s", name, held.text, value.text);
		break;
	case SIM_OP_CAS:
		snprintf(text, size, "%s: %s -> %s%s", name,
			value_name(field, view->expected).text, value.text,
			now == view->expected ? "" : ", fails");
		break;
	case SIM_OP_FUTEX_WAIT:
		snprintf(text, size, "sleep on %s", name);
		break;
	case SIM_OP_FUTEX_WAKE:
		snprintf(text, size, "wake %s", name);
		break;
	case SIM_OP_LOCK:
		snprintf(text, size, "takes %s", name);
		break;
	case SIM_OP_UNLOCK:
		snprintf(text, size, "gives back %s", name);
		break;
	case SIM_OP_NOTE_SLEEP:
		snprintf(text, size, "sleeps on %s", name);
		break;
	case SIM_OP_NOTE_POST:
		snprintf(text, size, "posts %s to %s, was %s",
			note_events(view->value).text, name, note_events(now).text);
		break;
	case SIM_OP_NOTE_TAKE:
		snprintf(text, size, "takes %s from %s", note_events(now).text, name);
		break;
	case SIM_OP_BUMP:
		snprintf(text, size, "%s %+d, was %s", name, (int)view->value, held.text);
		break;
	default:
		snprintf(text, size, "%s %s %u, was %s", name, signs[view->operation],
			view->value, held.text);
		break;
	}
}

static struct value_text word_name(const void *word)
{
	struct value_text out;

	name_word(word, out.text, sizeof out.text);
	return out;
}

void step_describe(struct sim_action action, char *text, size_t size)
{
	static const char *const others[SIM_OP_COUNT] = { [SIM_OP_START] = "begins",
		[SIM_OP_YIELD] = "yields",
		[SIM_OP_KILL_PROCESS] = "signal to the process",
		[SIM_OP_KILL_THREAD] = "signal to a thread",
		[SIM_OP_CREATE] = "makes a thread",
		[SIM_OP_JOIN] = "joins a thread",
		[SIM_OP_POLL] = "polls",
		[SIM_OP_SLEEP] = "sleeps",
		[SIM_OP_PIPE] = "pipe",
		[SIM_OP_ATTRIBUTE] = "attribute",
		[SIM_OP_HANDLER_RETURN] = "<< handler left" };
	struct sim_point_view view = sim_point_of(action.thread);
	const os_word *word = view.word;

	if (action.kind == SIM_SIGNAL)
		snprintf(text, size, ">> handler entered, signal %u", action.signal);
	else if (action.kind == SIM_TIME_OUT)
		snprintf(text, size, "its sleep times out");
	else if (view.sleeps && word)
		snprintf(text, size, "wakes from %s", word_name(word).text);
	else if (view.sleeps)
		snprintf(text, size, "wakes");
	else if (word)
		describe_access(&view,
			atomic_load_explicit(&word->value, memory_order_relaxed), text,
			size);
	else if (view.operation == SIM_OP_MASK)
		snprintf(text, size, view.value ? "blocks signals" : "opens its mask");
	else if (view.operation == SIM_OP_POST)
		snprintf(
			text, size, view.value ? "breaks the poller" : "takes the break");
	else
		snprintf(text, size, "%s", others[view.operation]);
}
