/* SPDX-License-Identifier: BSD-2-Clause */
#include "html_inside.h"

#include "score.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

void html_text(FILE *out, const char *text)
{
	for (; *text; text++) {
		switch (*text) {
		case '<':
			fputs("&lt;", out);
			break;
		case '>':
			fputs("&gt;", out);
			break;
		case '&':
			fputs("&amp;", out);
			break;
		case '"':
			fputs("&quot;", out);
			break;
		default:
			fputc((unsigned char)*text < ' ' && *text != '\n' && *text != '\t'
					? '?'
					: *text,
				out);
		}
	}
}

const char *html_state(const struct tally *tally)
{
	if (!tally->cells)
		return "none";
	if (tally->of_standing[STANDING_UNEXPECTED])
		return "bad";
	if (tally->of_standing[STANDING_NOT_JUDGED])
		return "unsure";
	return red_cells(tally) ? "expected" : "pass";
}

static void add_column(struct html *h, const char *placement)
{
	for (size_t k = 0; k < h->column_count; k++)
		if (same_family(h->columns[k], placement))
			return;
	if (h->column_count < HTML_COLUMNS_MAX)
		h->columns[h->column_count++] = placement;
}

/* Those of one builder: what others saw is not of this line. */
static void choose_nights(struct html *h)
{
	const struct history *history = h->page->history;
	size_t last, skip, count = 0;

	if (!history || !history->count)
		return;
	last = history->count - 1;
	for (size_t n = 0; n <= last; n++)
		count += history->nights[n].builder == history->nights[last].builder;
	skip = count > HTML_NIGHTS_MAX ? count - HTML_NIGHTS_MAX : 0;
	for (size_t n = 0; n <= last; n++) {
		if (history->nights[n].builder != history->nights[last].builder)
			continue;
		if (skip)
			skip--;
		else
			h->nights[h->night_count++] = n;
	}
}

int html_begin(struct html *h, FILE *out, const struct html_page *page)
{
	const struct run *run = page->run;

	*h = (struct html){ .out = out, .page = page };
	h->rows = calloc(run->count + 1, sizeof *h->rows);
	if (!h->rows)
		return -ENOMEM;
	for (size_t i = 0; i < run->count; i++) {
		const struct cell *cell = &run->cells[i];

		if (is_of_score(cell))
			continue;
		add_column(h, cell->placement);
		if (html_row_of(h, cell) == h->row_count)
			h->rows[h->row_count++] = cell;
	}
	choose_nights(h);
	return 0;
}

void html_end(struct html *h)
{
	free(h->rows);
}

size_t html_row_of(const struct html *h, const struct cell *cell)
{
	size_t row = 0;

	while (row < h->row_count && !same_row(h->rows[row], cell))
		row++;
	return is_of_score(cell) ? h->row_count : row;
}

size_t html_column_of(const struct html *h, const struct cell *cell)
{
	size_t column = 0;

	while (column < h->column_count &&
		!same_family(h->columns[column], cell->placement))
		column++;
	return column;
}

const char *html_column_name(const char *placement, char name[PLACEMENT_SIZE])
{
	snprintf(name, PLACEMENT_SIZE, "%.*s", (int)family_length(placement), placement);
	return name;
}

void html_head(FILE *out, const char *title)
{
	fputs("<!doctype html>\n<html lang=\"en\"><head><meta charset=\"utf-8\">\n<meta "
	      "http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; "
	      "style-src 'unsafe-inline'; script-src 'unsafe-inline'; img-src "
	      "'self' data:\">\n<meta "
	      "name=\"viewport\" content=\"width=device-width, "
	      "initial-scale=1\">\n<title>",
		out);
	html_text(out, title);
	fputs("</title>\n<style>\n", out);
	fputs(html_style, out);
	fputs("</style></head>\n<body><a class=\"skip\" href=\"#results\">To the "
	      "results</a>\n",
		out);
}

void html_subject(FILE *out, const struct cell *row)
{
	html_text(out, row->subject);
	fputs(*row->faults ? " + " : "", out);
	html_text(out, row->faults);
}

void html_percent(FILE *out, double probability)
{
	if (probability < 1e-4)
		fputs("&lt;&nbsp;0.01&nbsp;%", out);
	else
		fprintf(out, "%.3g&nbsp;%%", 100 * probability);
}

void html_time(FILE *out, int64_t when)
{
	time_t seconds = (time_t)(when / 1000000000);
	char text[64] = "";
	struct tm tm;

	if (gmtime_r(&seconds, &tm))
		strftime(text, sizeof text, "%Y-%m-%d %H:%M UTC", &tm);
	fputs(text, out);
}
