/* SPDX-License-Identifier: BSD-2-Clause */
#include "schedule.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { ACTIONS_MAX = 100 * 1000 * 1000 };

static void make_room(struct schedule *schedule, size_t count)
{
	size_t room = schedule->room ? schedule->room : 4096;

	while (room < count)
		room *= 2;
	if (room == schedule->room)
		return;
	schedule->actions = realloc(schedule->actions, room * sizeof *schedule->actions);
	if (!schedule->actions)
		abort();
	schedule->room = room;
}

void schedule_add(struct schedule *schedule, struct sim_action action)
{
	if (schedule->count == schedule->room)
		make_room(schedule, schedule->count + 1);
	schedule->actions[schedule->count++] = action;
}

void schedule_copy(struct schedule *to, const struct schedule *from)
{
	make_room(to, from->count);
	if (from->count)
		memcpy(to->actions, from->actions, from->count * sizeof *to->actions);
	to->count = from->count;
}

void schedule_free(struct schedule *schedule)
{
	free(schedule->actions);
	*schedule = (struct schedule){ 0 };
}

size_t schedule_switches(const struct schedule *schedule)
{
	size_t switches = 0;

	for (size_t i = 1; i < schedule->count; i++)
		switches +=
			schedule->actions[i].thread != schedule->actions[i - 1].thread;
	return switches;
}

/* How many actions from the i-th on are plain runs of the same thread. */
static size_t run_length(const struct schedule *schedule, size_t i)
{
	size_t end = i;

	while (end < schedule->count && schedule->actions[end].kind == SIM_RUN &&
		schedule->actions[end].thread == schedule->actions[i].thread)
		end++;
	return end - i;
}

char *schedule_print(const struct schedule *schedule)
{
	char *text = NULL;
	size_t size;
	FILE *out = open_memstream(&text, &size);

	if (!out)
		return NULL;
	for (size_t i = 0; i < schedule->count;) {
		struct sim_action action = schedule->actions[i];
		size_t length = run_length(schedule, i);

		fprintf(out, "%s%u", i ? "," : "", action.thread);
		if (action.kind == SIM_RUN)
			fprintf(out, ".%zu", length);
		else if (action.kind == SIM_SIGNAL)
			fprintf(out, "!%u", action.signal);
		else
			fputc('~', out);
		i += length ? length : 1;
	}
	if (fclose(out)) {
		free(text);
		return NULL;
	}
	return text;
}

static bool number(
	const char **text, unsigned long least, unsigned long most, unsigned long *value)
{
	char *end;

	if (**text < '0' || **text > '9')
		return false;
	*value = strtoul(*text, &end, 10);
	if (*value < least || *value > most)
		return false;
	*text = end;
	return true;
}

/* One item; the action is to be repeated `count` times. */
static bool parse_item(const char **text, struct sim_action *action, unsigned long *count)
{
	unsigned long thread, signal;

	if (!number(text, 0, SIM_THREADS_MAX - 1, &thread))
		return false;
	*action = (struct sim_action){ .thread = (uint8_t)thread };
	*count = 1;
	switch (*(*text)++) {
	case '.':
		return number(text, 1, ACTIONS_MAX, count);
	case '!':
		action->kind = SIM_SIGNAL;
		if (!number(text, 1, 64, &signal))
			return false;
		action->signal = (uint8_t)signal;
		return true;
	case '~':
		action->kind = SIM_TIME_OUT;
		return true;
	default:
		(*text)--;
		return false;
	}
}

int schedule_parse(struct schedule *schedule, const char *text, const char **where)
{
	struct sim_action action;
	unsigned long count;

	for (*where = text; **where && **where != '/';) {
		if (!parse_item(where, &action, &count) ||
			schedule->count + count > ACTIONS_MAX)
			return -EINVAL;
		while (count--)
			schedule_add(schedule, action);
		if (**where == ',')
			++*where;
		else if (**where && **where != '/')
			return -EINVAL;
	}
	return 0;
}
