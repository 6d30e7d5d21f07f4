/* SPDX-License-Identifier: BSD-2-Clause */
#include "matrix.h"

#include "paint.h"
#include "score.h"
#include "tally.h"

#include <string.h>

enum {
	COLUMNS_MAX = 32,
	LABEL_WIDTH = 26,
	TEXT_WIDTH = 80,
	LEAST_WIDTH = 10,
	MOST_WIDTH = 18
};

struct writer {
	FILE *out;
	const struct run *run;
	const struct matrix_style *style;
	const char *columns[COLUMNS_MAX]; /* a placement of each family */
	size_t column_count;
	size_t first, end; /* those that are beside each other now */
	int column_width;
};

static const char *short_name(enum verdict verdict)
{
	switch (verdict) {
	case VERDICT_DEADLOCK:
		return "dead";
	case VERDICT_LIVELOCK:
		return "live";
	case VERDICT_LOST_SIGNAL:
		return "lost";
	case VERDICT_SKIPPED:
		return "skip";
	default:
		return verdict_name(verdict);
	}
}

const char *matrix_mark(bool unexpected, bool unicode)
{
	if (unicode)
		return unexpected ? "\u2717" : "\u25cf";
	return unexpected ? "!" : "*";
}

static bool is_first_of_case(const struct run *run, size_t i)
{
	if (is_of_score(&run->cells[i]))
		return false;
	for (size_t k = 0; k < i; k++)
		if (!strcmp(run->cells[k].case_name, run->cells[i].case_name) &&
			!is_of_score(&run->cells[k]))
			return false;
	return true;
}

static void find_columns(struct writer *w)
{
	for (size_t i = 0; i < w->run->count; i++) {
		const char *placement = w->run->cells[i].placement;
		size_t c = 0;

		if (is_of_score(&w->run->cells[i]))
			continue;
		while (c < w->column_count && !same_family(w->columns[c], placement))
			c++;
		if (c == w->column_count && c < COLUMNS_MAX)
			w->columns[w->column_count++] = placement;
	}
}

/* So many columns go beside each other, all equally wide. */
static size_t choose_width(struct writer *w)
{
	size_t width = w->style->width ? w->style->width : TEXT_WIDTH;
	size_t room =
		width > LABEL_WIDTH + LEAST_WIDTH ? width - LABEL_WIDTH : LEAST_WIDTH;
	size_t beside = room / LEAST_WIDTH;

	if (beside > w->column_count)
		beside = w->column_count;
	w->column_width = beside ? (int)(room / beside) : LEAST_WIDTH;
	if (w->column_width > MOST_WIDTH)
		w->column_width = MOST_WIDTH;
	return beside;
}

static const char *color_of(const struct tally *tally)
{
	if (tally->of_standing[STANDING_UNEXPECTED])
		return PAINT_BOLD_RED;
	if (red_cells(tally))
		return PAINT_RED;
	if (tally->of[VERDICT_PASS] == tally->cells)
		return PAINT_GREEN;
	return tally->of[VERDICT_MISSING] + tally->of[VERDICT_SKIPPED] == tally->cells
		       ? PAINT_DIM
		       : PAINT_YELLOW;
}

/* "12 pass", "2 crash 1 live"; more than two kinds are summed up. */
static void describe(const struct tally *tally, char *text, size_t size)
{
	size_t kinds = 0, red = red_cells(tally), used = 0;

	*text = '\0';
	for (enum verdict v = 0; v < VERDICT_COUNT; v++)
		kinds += tally->of[v] > 0;
	if (kinds > 2 && red) {
		snprintf(text, size, "%zu red %zu not", red, tally->cells - red);
		return;
	}
	for (enum verdict v = VERDICT_COUNT; v-- > 0;) {
		if (tally->of[v] && used < size)
			used += (size_t)snprintf(text + used, size - used, "%s%zu %s",
				used ? " " : "", tally->of[v], short_name(v));
	}
}

static const char *mark_of(const struct tally *tally, bool unicode)
{
	if (tally->of_standing[STANDING_UNEXPECTED])
		return matrix_mark(true, unicode);
	return red_cells(tally) ? matrix_mark(false, unicode) : " ";
}

static void write_cell(
	const struct writer *w, const struct cell *row, const char *placement)
{
	struct tally tally = tally_row(w->run, row, placement);
	char text[64] = "";

	if (tally.cells)
		describe(&tally, text, sizeof text);
	paint(w->out, w->style->color, color_of(&tally),
		mark_of(&tally, w->style->unicode), 0);
	paint(w->out, w->style->color, color_of(&tally), text, w->column_width - 1);
}

static void write_row(const struct writer *w, const struct cell *row)
{
	char label[NAME_SIZE + FAULTS_SIZE + 8];

	if (*row->faults)
		snprintf(label, sizeof label, "  %s + %s", row->subject, row->faults);
	else
		snprintf(label, sizeof label, "  %s", row->subject);
	if (strlen(label) >= LABEL_WIDTH)
		fprintf(w->out, "%s\n%-*s", label, LABEL_WIDTH, "");
	else
		fprintf(w->out, "%-*s", LABEL_WIDTH, label);
	for (size_t c = w->first; c < w->end; c++)
		write_cell(w, row, w->columns[c]);
	fputc('\n', w->out);
}

static void write_table(const struct writer *w)
{
	fprintf(w->out, "%-*s", LABEL_WIDTH, "");
	for (size_t c = w->first; c < w->end; c++)
		fprintf(w->out, " %-*.*s", w->column_width - 1,
			(int)family_length(w->columns[c]), w->columns[c]);
	fputc('\n', w->out);
	for (size_t i = 0; i < w->run->count; i++) {
		if (is_first_of_case(w->run, i))
			fprintf(w->out, "%s\n", w->run->cells[i].case_name);
		if (!is_first_of_row(w->run, i))
			continue;
		write_row(w, &w->run->cells[i]);
	}
}

void matrix_write(FILE *out, const struct run *run, const struct matrix_style *style)
{
	struct writer w = { .out = out, .run = run, .style = style };
	size_t beside;

	find_columns(&w);
	beside = choose_width(&w);
	for (; w.first < w.column_count; w.first = w.end) {
		w.end = w.first + beside < w.column_count ? w.first + beside
							  : w.column_count;
		if (w.first)
			fputc('\n', out);
		write_table(&w);
	}
}
