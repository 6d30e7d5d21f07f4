/* SPDX-License-Identifier: BSD-2-Clause */
#include "table.h"

#include "recipe.h"
#include "words.h"

#include <stdlib.h>
#include <string.h>

enum { ROWS_MAX = 120, TEXT = 64, COLUMN_MAX = 52 };

struct table {
	size_t skip; /* actions before the first row */
	size_t seen, count;
	unsigned columns[SIM_THREADS_MAX], widths[SIM_THREADS_MAX], column_count;
	bool in_handler[SIM_THREADS_MAX];
	struct row {
		unsigned column;
		char text[TEXT];
	} rows[ROWS_MAX];
	char names[SIM_THREADS_MAX][TEXT];
};

static void widen(struct table *t, unsigned column, const char *text)
{
	unsigned width = (unsigned)strlen(text);

	if (width > COLUMN_MAX)
		width = COLUMN_MAX;
	if (t->widths[column] < width)
		t->widths[column] = width;
}

static unsigned column_of(struct table *t, unsigned thread)
{
	unsigned column = 0;

	while (column < t->column_count && t->columns[column] != thread)
		column++;
	if (column == t->column_count)
		t->columns[t->column_count++] = thread;
	snprintf(t->names[column], TEXT, "%u %s", thread, program_thread_name(thread));
	widen(t, column, t->names[column]);
	return column;
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
	widen(t, row->column, row->text);
}

static void print_row(FILE *out, const struct table *t, const char *number,
	unsigned column, const char *text)
{
	fprintf(out, "%6s", number);
	for (unsigned c = 0; c < column; c++)
		fprintf(out, " | %*s", (int)t->widths[c], "");
	fprintf(out, " | %.*s\n", (int)t->widths[column], text);
}

static void print_table(FILE *out, const struct table *t)
{
	char number[24];

	if (t->skip)
		fprintf(out, "(%zu actions before)\n", t->skip);
	fprintf(out, "%6s", "");
	for (unsigned c = 0; c < t->column_count; c++)
		fprintf(out, " | %-*s", (int)t->widths[c], t->names[c]);
	fputc('\n', out);
	for (size_t i = 0; i < t->count; i++) {
		snprintf(number, sizeof number, "%zu", t->skip + i + 1);
		print_row(out, t, number, t->rows[i].column, t->rows[i].text);
	}
}

void table_print(FILE *out, struct program *program, const struct schedule *list)
{
	struct table *t = calloc(1, sizeof *t);
	struct attempt attempt;

	if (!t)
		abort();
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
