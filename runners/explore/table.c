/* SPDX-License-Identifier: BSD-2-Clause */
#include "table.h"

#include "recipe.h"
#include "runners/columns.h"
#include "words.h"

#include <stdlib.h>
#include <string.h>

enum { ROWS_MAX = 120, TEXT = COLUMN_TEXT };

struct table {
	size_t skip; /* actions before the first row */
	size_t seen, count;
	struct columns columns;
	bool in_handler[SIM_THREADS_MAX];
	struct row {
		unsigned column;
		char text[TEXT];
	} rows[ROWS_MAX];
};

static unsigned column_of(struct table *t, unsigned thread)
{
	char name[TEXT];

	snprintf(name, sizeof name, "%u %s", thread, program_thread_name(thread));
	return columns_find(&t->columns, thread, name);
}

static void watch(void *argument, struct sim_action action)
{
	struct table *t = argument;
	bool in_handler = sim_point_of(action.thread).in_handler;
	bool has_left = t->in_handler[action.thread] && !in_handler;
	char text[TEXT];
	struct row *row;

	t->in_handler[action.thread] = in_handler;
	if (t->seen++ < t->skip || t->count == ROWS_MAX)
		return;
	row = &t->rows[t->count++];
	row->column = column_of(t, action.thread);
	step_describe(action, text, sizeof text);
	snprintf(row->text, TEXT, "%s%.*s",
		in_handler ? "| "
		: has_left ? "<< "
			   : "",
		TEXT - 4, text);
	columns_widen(&t->columns, row->column, row->text);
}

static void print_table(FILE *out, const struct table *t)
{
	char number[24];

	if (t->skip)
		fprintf(out, "(%zu actions before)\n", t->skip);
	columns_print_head(out, &t->columns);
	for (size_t i = 0; i < t->count; i++) {
		snprintf(number, sizeof number, "%zu", t->skip + i + 1);
		columns_print_row(
			out, &t->columns, number, t->rows[i].column, t->rows[i].text);
	}
}

void table_print(FILE *out, struct program *program, const struct schedule *list)
{
	struct table *t = calloc(1, sizeof *t);
	struct attempt attempt;

	if (!t)
		abort();
	t->columns.label_width = 6;
	t->skip = list->count > ROWS_MAX ? list->count - ROWS_MAX : 0;
	replay(program, list, TAIL_NONE, NULL, watch, t, &attempt);
	print_table(out, t);
	free(t);
}

void table_print_end(FILE *out, struct program *program, const struct schedule *list,
	const struct attempt *failure)
{
	char *recipe = recipe_print(program, list, failure);

	fprintf(out, "\n%s: %s\nagain: hupstorm replay '%s'\n",
		verdict_name(failure->verdict), failure->reason, recipe);
	free(recipe);
}
