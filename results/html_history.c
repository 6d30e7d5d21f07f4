/* SPDX-License-Identifier: BSD-2-Clause */
/* Many nights of one builder: a bar for each in the matrix, and a chart for each row that has failed. */
#include "html_inside.h"

#include "findings.h"
#include "statistics.h"

#include <inttypes.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

enum {
	BAR = 5,
	BAR_HEIGHT = 18,
	BARS = 60,
	CHARTS = 24, /* in the page of a run */
	NIGHTS_IN_TABLE = 60,
	LEFT = 62,
	TOP = 10,
	PLOT_WIDTH = 620,
	PLOT_HEIGHT = 110
};

struct history_cells html_cells(const struct html *h, size_t night, size_t row)
{
	const struct history *history = h->page->history;

	return history_at(history, h->nights[night], history_row(history, h->rows[row]));
}

static const struct history_night *night_of(const struct html *h, size_t night)
{
	return &h->page->history->nights[h->nights[night]];
}

/*
 * Bars
 */
size_t html_bar_count(const struct html *h)
{
	size_t count = h->night_count > 1 ? h->night_count : 0;

	return count < BARS ? count : BARS;
}

static const char *class_of(const struct history_cells *cells)
{
	if (!cells->cells)
		return "n";
	if (cells->unexpected)
		return "b";
	if (cells->red)
		return "e";
	return cells->judged < cells->cells ? "u" : "p";
}

static void write_day(FILE *out, int64_t when)
{
	time_t seconds = (time_t)(when / 1000000000);
	char day[32] = "";
	struct tm tm;

	if (gmtime_r(&seconds, &tm))
		strftime(day, sizeof day, "%Y-%m-%d", &tm);
	fputs(day, out);
}

/* The taller, the more cells were red. */
static void write_bar(const struct html *h, size_t place, size_t night, size_t row)
{
	const struct history_night *n = night_of(h, night);
	struct history_cells cells = html_cells(h, night, row);
	int height = cells.cells ? 6 + (int)(12 * cells.red / cells.cells) : 3;

	if (h->page->site)
		fprintf(h->out, "<a href=\"run-%" PRId64 ".html\">", n->id);
	fprintf(h->out,
		"<rect class=\"%s\" x=\"%zu\" y=\"%d\" width=\"%d\" "
		"height=\"%d\"><title>run %" PRId64 ", ",
		class_of(&cells), place * (BAR + 1), BAR_HEIGHT - height, BAR, height,
		n->id);
	write_day(h->out, n->started);
	fprintf(h->out, ": %zu red of %zu</title></rect>%s", cells.red, cells.cells,
		h->page->site ? "</a>" : "");
}

void html_bars(const struct html *h, size_t row)
{
	size_t bars = html_bar_count(h), first = h->night_count - bars, red = 0;

	for (size_t i = first; i < h->night_count; i++)
		red += html_cells(h, i, row).red > 0;
	fprintf(h->out,
		"<svg class=\"history\" role=\"img\" width=\"%zu\" height=\"%d\" "
		"aria-label=\"%zu of the last %zu runs had red cells\">",
		bars * (BAR + 1), BAR_HEIGHT, red, bars);
	for (size_t i = first; i < h->night_count; i++)
		write_bar(h, i - first, i, row);
	fputs("</svg>", h->out);
}

/*
 * Charts
 */
struct chart {
	const struct html *h;
	const struct findings *findings;
	size_t row;
	struct history_cells sum;
	double low, high; /* of the rates that are drawn: powers of ten */
};

/* A night in which the builder was broken says nothing of the row. */
static bool is_broken(const struct chart *c, size_t night)
{
	size_t n = c->h->nights[night];

	for (size_t i = 0; i < c->findings->count; i++) {
		const struct finding *f = &c->findings->at[i];

		if (f->kind == FINDING_BROKEN && n >= f->first && n <= f->last &&
			f->builder == c->h->page->history->nights[n].builder)
			return true;
	}
	return false;
}

static struct history_cells cells_of(const struct chart *c, size_t night)
{
	return is_broken(c, night) ? (struct history_cells){ 0 }
				   : html_cells(c->h, night, c->row);
}

static struct wilson band_of(const struct history_cells *cells)
{
	return wilson(
		cells->failures < cells->exposure ? cells->failures : cells->exposure,
		cells->exposure);
}

/* False if there is nothing to draw. */
static bool chart_begin(struct chart *c, const struct html *h,
	const struct findings *findings, size_t row)
{
	double most = 0, least = 1;

	*c = (struct chart){ .h = h, .findings = findings, .row = row };
	for (size_t i = 0; i < h->night_count; i++) {
		struct history_cells cells = cells_of(c, i);
		struct wilson band;

		if (!cells.exposure)
			continue;
		c->sum.failures += cells.failures;
		c->sum.exposure += cells.exposure;
		c->sum.runs |= cells.runs;
		band = band_of(&cells);
		most = fmax(most, band.high);
		least = fmin(least, cells.failures ? band.low : band.high / 10);
	}
	if (!c->sum.failures || h->night_count < 2)
		return false;
	c->low = pow(10, floor(log10(fmax(least, 1e-12))));
	c->high = pow(10, ceil(log10(most)));
	return true;
}

static double x_of(const struct chart *c, size_t night)
{
	return LEFT + PLOT_WIDTH * ((double)night + 0.5) / (double)c->h->night_count;
}

/* Rates that are too low to be seen are at the bottom. */
static double y_of(const struct chart *c, double rate)
{
	double part = rate > c->low ? log10(rate / c->low) / log10(c->high / c->low) : 0;

	return TOP + PLOT_HEIGHT * (1 - part);
}

static void write_axis(const struct chart *c)
{
	FILE *out = c->h->out;
	int decades = (int)lround(log10(c->high / c->low)), step = decades > 5 ? 2 : 1;

	for (int k = 0; k <= decades; k += step) {
		double rate = c->low * pow(10, k);

		fprintf(out,
			"<path class=\"grid\" d=\"M%d %.1fh%d\"/><text x=\"%d\" "
			"y=\"%.1f\" "
			"text-anchor=\"end\">%.0e</text>",
			LEFT, y_of(c, rate), PLOT_WIDTH, LEFT - 6, y_of(c, rate) + 4,
			rate);
	}
	fprintf(out, "<text x=\"%d\" y=\"%d\">", LEFT, TOP + PLOT_HEIGHT + 18);
	write_day(out, night_of(c->h, 0)->started);
	fprintf(out, "</text><text x=\"%d\" y=\"%d\" text-anchor=\"end\">",
		LEFT + PLOT_WIDTH, TOP + PLOT_HEIGHT + 18);
	write_day(out, night_of(c->h, c->h->night_count - 1)->started);
	fputs("</text>", out);
}

/* An upright stroke for each night, as one path for all. */
static void write_bands(const struct chart *c)
{
	FILE *out = c->h->out;
	double width = fmax(1, 0.6 * PLOT_WIDTH / (double)c->h->night_count);

	fprintf(out, "<path class=\"band\" stroke-width=\"%.1f\" d=\"", fmin(width, 14));
	for (size_t i = 0; i < c->h->night_count; i++) {
		struct history_cells cells = cells_of(c, i);
		struct wilson band;

		if (!cells.exposure)
			continue;
		band = band_of(&cells);
		fprintf(out, "M%.1f %.1fV%.1f", x_of(c, i), y_of(c, band.high),
			y_of(c, band.low));
	}
	fputs("\"/>", out);
}

static void write_broken(const struct chart *c)
{
	double width = PLOT_WIDTH / (double)c->h->night_count;

	for (size_t i = 0; i < c->h->night_count; i++)
		if (is_broken(c, i))
			fprintf(c->h->out,
				"<rect class=\"broken\" x=\"%.1f\" y=\"%d\" "
				"width=\"%.1f\" "
				"height=\"%d\"><title>run %" PRId64
				": the builder was broken</title></rect>",
				x_of(c, i) - width / 2, TOP, width, PLOT_HEIGHT,
				night_of(c->h, i)->id);
}

static void write_points(const struct chart *c)
{
	for (size_t i = 0; i < c->h->night_count; i++) {
		struct history_cells cells = cells_of(c, i);
		double rate = cells.exposure
				      ? (double)cells.failures / (double)cells.exposure
				      : 0;

		if (!cells.failures || !cells.exposure)
			continue;
		fprintf(c->h->out,
			"<circle cx=\"%.1f\" cy=\"%.1f\" r=\"2.5\"><title>run %" PRId64
			": %" PRIu64 " of %" PRIu64 "</title></circle>",
			x_of(c, i), y_of(c, rate), night_of(c->h, i)->id, cells.failures,
			cells.exposure);
	}
}

static const struct finding *change_of(const struct chart *c)
{
	const struct findings *findings = c->findings;
	const struct history *history = c->h->page->history;

	for (size_t i = 0; i < findings->count; i++) {
		const struct finding *f = &findings->at[i];

		if ((f->kind == FINDING_MORE || f->kind == FINDING_LESS) &&
			f->row == history_row(history, c->h->rows[c->row]) &&
			f->builder == history->nights[history->count - 1].builder)
			return f;
	}
	return NULL;
}

/* Between the night of the change and the one before. */
static void write_change(const struct chart *c, const struct finding *change)
{
	double width = PLOT_WIDTH / (double)c->h->night_count;

	for (size_t i = 0; i < c->h->night_count; i++)
		if (c->h->nights[i] == change->first)
			fprintf(c->h->out,
				"<path class=\"change\" d=\"M%.1f %dv%d\"><title>the "
				"rate has "
				"changed with run %" PRId64 "</title></path>",
				x_of(c, i) - width / 2, TOP, PLOT_HEIGHT,
				night_of(c->h, i)->id);
}

static void write_drawing(const struct chart *c, const struct finding *change)
{
	const struct html *h = c->h;

	fprintf(h->out,
		"<div class=\"plot\"><svg class=\"chart\" role=\"img\" viewBox=\"0 0 %d "
		"%d\" "
		"aria-label=\"Failures per %s in the last %zu runs, of which %" PRIu64
		" in all\">",
		LEFT + PLOT_WIDTH + 8, TOP + PLOT_HEIGHT + 24,
		c->sum.runs ? "run" : "cycle", h->night_count, c->sum.failures);
	write_axis(c);
	write_broken(c);
	write_bands(c);
	if (change)
		write_change(c, change);
	write_points(c);
	fputs("</svg></div>", h->out);
}

static void write_table(const struct chart *c)
{
	const struct html *h = c->h;
	size_t first =
		h->night_count > NIGHTS_IN_TABLE ? h->night_count - NIGHTS_IN_TABLE : 0;

	fprintf(h->out,
		"<details><summary>The last %zu runs as a "
		"table</summary><table><thead><tr><th "
		"scope=\"col\">run</th><th scope=\"col\">began</th><th "
		"scope=\"col\">failures (95 %%)</th></tr></thead><tbody>\n",
		h->night_count - first);
	for (size_t i = h->night_count; i-- > first;) {
		struct history_cells cells = cells_of(c, i);
		const struct rate rate = { cells.failures, cells.exposure, cells.runs };

		fprintf(h->out, "<tr><th scope=\"row\">%" PRId64 "</th><td>",
			night_of(h, i)->id);
		write_day(h->out, night_of(h, i)->started);
		fputs("</td><td>", h->out);
		rate_write(h->out, &rate);
		fputs("</td></tr>\n", h->out);
	}
	fputs("</tbody></table></details>", h->out);
}

static void write_finding(const struct html *h, const struct finding *finding)
{
	char *text = NULL;
	size_t size;
	FILE *out = open_memstream(&text, &size);

	if (!out)
		return;
	finding_write(out, h->page->history, finding);
	if (!fclose(out)) {
		fputs("<p class=\"lines\">", h->out);
		html_text(h->out, text);
		fputs("</p>", h->out);
	}
	free(text);
}

static void write_chart(const struct chart *c)
{
	const struct html *h = c->h;
	const struct finding *change = change_of(c);
	const struct rate rate = { c->sum.failures, c->sum.exposure, c->sum.runs };

	fputs("<figure><figcaption><b>", h->out);
	html_text(h->out, h->rows[c->row]->case_name);
	fputs("</b>, ", h->out);
	html_subject(h->out, h->rows[c->row]);
	fputs(": ", h->out);
	rate_write(h->out, &rate);
	fputs("</figcaption>", h->out);
	write_drawing(c, change);
	if (change)
		write_finding(h, change);
	write_table(c);
	fputs("</figure>\n", h->out);
}

/* Of one case, or with NULL of all of them, as many as the page has room for. */
static void write_charts(
	const struct html *h, const char *case_name, const struct findings *findings)
{
	size_t charts = 0, more = 0;

	for (size_t r = 0; r < h->row_count; r++) {
		struct chart chart;

		if ((case_name && strcmp(h->rows[r]->case_name, case_name) != 0) ||
			!chart_begin(&chart, h, findings, r))
			continue;
		if (charts == CHARTS) {
			more++;
			continue;
		}
		if (!charts++)
			fputs("<p class=\"soft\">Failures per cycle or run, run by run: "
			      "where "
			      "the rate may be (Wilson's interval, 95 %), and a dot "
			      "where it "
			      "was seen. A line: the rate has changed. Grey: the builder "
			      "was "
			      "broken.</p>\n<div "
			      "class=\"charts\">",
				h->out);
		write_chart(&chart);
	}
	fputs(charts ? "</div>\n" : "", h->out);
	if (more)
		fprintf(h->out, "<p class=\"soft\">And %zu rows more.</p>\n", more);
}

void html_charts(const struct html *h, const char *case_name)
{
	struct findings findings;

	if (h->night_count < 2 || findings_of(h->page->history, &findings))
		return;
	write_charts(h, case_name, &findings);
	findings_free(&findings);
}

/* What is no row's alone; rows have charts. */
static void write_others(const struct html *h, const struct findings *findings)
{
	bool any = false;

	for (size_t i = 0; i < findings->count; i++) {
		const struct finding *f = &findings->at[i];

		if (f->kind != FINDING_BROKEN && f->kind != FINDING_SHORT &&
			f->kind != FINDING_GAP)
			continue;
		if (!any)
			fputs("<div id=\"nights\">", h->out);
		any = true;
		write_finding(h, f);
	}
	fputs(any ? "</div>\n" : "", h->out);
}

static void write_section(const struct html *h, const struct findings *findings)
{
	write_others(h, findings);
	write_charts(h, NULL, findings);
}

/* Without a heading if there is nothing below it. */
void html_history(const struct html *h)
{
	struct html section = *h;
	struct findings findings;
	char *text = NULL;
	size_t size;

	if (h->night_count < 2 || findings_of(h->page->history, &findings))
		return;
	section.out = open_memstream(&text, &size);
	if (section.out) {
		write_section(&section, &findings);
		fclose(section.out);
	}
	if (text && size)
		fprintf(h->out, "<h2>Over the last %zu runs here</h2>\n%s",
			h->night_count, text);
	free(text);
	findings_free(&findings);
}
