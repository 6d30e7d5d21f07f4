/* SPDX-License-Identifier: BSD-2-Clause */
/* The cells behind the fields of the matrix, for the page's script: with what many have in common once. */
#include "html_inside.h"

#include "json.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

enum { TEXTS_MAX = 4096, AXES_SIZE = 2048 };

/* Texts by number. */
struct texts {
	size_t count;
	char *at[TEXTS_MAX];
};

/* The last one stands for what finds no room. */
static size_t number_of(struct texts *texts, const char *text)
{
	size_t i = 0;

	while (i < texts->count && strcmp(texts->at[i], text) != 0)
		i++;
	if (i < texts->count)
		return i;
	if (texts->count == TEXTS_MAX)
		return TEXTS_MAX - 1;
	texts->at[texts->count] = strdup(text);
	return texts->at[texts->count] ? texts->count++ : 0;
}

static void write_texts(FILE *out, const char *name, struct texts *texts)
{
	fprintf(out, ",\"%s\":[", name);
	for (size_t i = 0; i < texts->count; i++) {
		fputs(i ? "," : "", out);
		json_string(out, texts->at[i]);
		free(texts->at[i]);
	}
	fputs("]", out);
}

static void name_axes(const struct cell *cell, char axes[AXES_SIZE])
{
	if (cell->engine != ENGINE_STORM) {
		snprintf(axes, AXES_SIZE, "%s", cell->placement);
		return;
	}
	snprintf(axes, AXES_SIZE, "%s, %" PRIu32 " slots, coordinator %s, to %s%s%s%s%s",
		cell->placement, cell->slots,
		cell->coordinator_on_leader ? "leader" : "thread", cell->target,
		*cell->noise ? ", noise " : "", cell->noise,
		*cell->perturbation ? ", perturbed at " : "", cell->perturbation);
}

static void write_cells(const struct html *h, struct texts *axes, struct texts *reasons)
{
	const struct run *run = h->page->run;
	const char *before = "";

	for (size_t i = 0; i < run->count; i++) {
		const struct cell *cell = &run->cells[i];
		const struct outcome *outcome = &run->outcomes[i];
		size_t row = html_row_of(h, cell);
		char text[AXES_SIZE];

		if (row == h->row_count)
			continue;
		name_axes(cell, text);
		fprintf(h->out, "%s[%zu,%zu,%zu,%d,%" PRIu64 ",%" PRIu64 ",%zu,%zu]",
			before, run_number(run, i), row, html_column_of(h, cell),
			(int)outcome->verdict, outcome->cycles, outcome->wall / 1000000,
			number_of(axes, text), number_of(reasons, outcome->reason));
		before = ",";
	}
}

void html_data(const struct html *h)
{
	struct texts *axes = calloc(1, sizeof *axes),
		     *reasons = calloc(1, sizeof *reasons);

	fprintf(h->out,
		"<script type=\"application/json\" id=\"cells\">{\"run\":%" PRId64
		",\"cells\":[",
		h->page->run->info.id);
	if (axes && reasons)
		write_cells(h, axes, reasons);
	fputs("]", h->out);
	if (axes && reasons) {
		write_texts(h->out, "axes", axes);
		write_texts(h->out, "reasons", reasons);
	}
	fputs(",\"verdicts\":[", h->out);
	for (int v = 0; v < VERDICT_COUNT; v++)
		fprintf(h->out, "%s\"%s\"", v ? "," : "", verdict_name((enum verdict)v));
	fputs("]}</script>\n", h->out);
	free(axes);
	free(reasons);
}
