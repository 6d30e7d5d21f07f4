/* SPDX-License-Identifier: BSD-2-Clause */
/* The last events of a cell as a drawing: a lane for each thread, what lasted as bars, signals as arrows. */
#include "html_inside.h"

#include <inttypes.h>
#include <math.h>
#include <string.h>

enum {
	STEPS = 80, /* that many of the last are drawn, */
	STEP = 13,  /* each as wide as any other */
	LANE = 26,
	AXIS = 20,
	NAMES = 128,
	TICKS = 10, /* steps from one time on the axis to the next */
	MARGIN = 8
};

/* What lasts: where in its lane, and the class that has its colour. */
static const struct bar {
	const char *kind, *class;
	int top, height;
} bars[] = {
	{ "slot", "slot", 10, 7 },
	{ "parked", "parked", 12, 3 },
	{ "system call", "call", 10, 7 },
	{ "poll", "poll", 12, 3 },
	{ "handler", "handler", 4, 5 },
	{ "world stopped", "world", 18, 3 },
	{ "broadcast", "broadcast", 22, 3 },
};

enum { BARS = sizeof bars / sizeof bars[0] };

struct drawing {
	FILE *out;
	const struct lanes *lanes;
	size_t first; /* step that is drawn */
};

static double x_of(const struct drawing *d, size_t step)
{
	return MARGIN + STEP * ((double)(step - d->first) + 0.5);
}

static double y_of(size_t lane)
{
	return AXIS + LANE * (double)lane;
}

static double width_of(const struct drawing *d)
{
	return 2 * MARGIN + STEP * (double)(d->lanes->step_count - d->first);
}

static double height_of(const struct drawing *d)
{
	return y_of(d->lanes->lane_count) + 2;
}

static const struct bar *bar_of(const char *kind)
{
	for (size_t i = 0; i < BARS; i++)
		if (!strcmp(bars[i].kind, kind))
			return &bars[i];
	return NULL;
}

static void write_names(const struct drawing *d)
{
	fprintf(d->out, "<svg aria-hidden=\"true\" width=\"%d\" height=\"%.0f\">", NAMES,
		height_of(d));
	for (size_t i = 0; i < d->lanes->lane_count; i++) {
		fprintf(d->out, "<text x=\"%d\" y=\"%.0f\" text-anchor=\"end\">",
			NAMES - 6, y_of(i) + 17);
		html_text(d->out, d->lanes->lanes[i].name);
		fputs("</text>", d->out);
	}
	fputs("</svg>", d->out);
}

static void write_grid(const struct drawing *d)
{
	fputs("<path class=\"grid\" d=\"", d->out);
	for (size_t i = 0; i <= d->lanes->lane_count; i++)
		fprintf(d->out, "M0 %.0fh%.0f", y_of(i), width_of(d));
	fputs("\"/>", d->out);
}

/* Times before the last of them, in ms. */
static void write_axis(const struct drawing *d)
{
	const struct lane_step *steps = d->lanes->steps;
	size_t last = d->lanes->step_count - 1;

	for (size_t i = last; i >= d->first; i -= TICKS) {
		fprintf(d->out,
			"<text x=\"%.1f\" y=\"%d\" text-anchor=\"end\">-%.3f ms</text>",
			x_of(d, i) + 4, AXIS - 7,
			(steps[last].time - steps[i].time) / 1e3);
		if (i < d->first + TICKS)
			break;
	}
}

static void write_span(const struct drawing *d, const struct lane_span *span)
{
	const struct bar *bar = bar_of(span->kind);
	bool goes_on = span->to == d->lanes->step_count;
	double from = span->from < d->first ? 0 : x_of(d, span->from);
	double to = goes_on ? width_of(d) : x_of(d, span->to);

	if (!bar || span->to < d->first)
		return;
	fprintf(d->out,
		"<rect class=\"%s\" x=\"%.1f\" y=\"%.0f\" width=\"%.1f\" "
		"height=\"%d\"><title>",
		bar->class, from, y_of(span->lane) + bar->top, fmax(to - from, 2),
		bar->height);
	html_text(d->out, span->text);
	fputs("</title></rect>", d->out);
}

static void write_step(const struct drawing *d, size_t i)
{
	const struct lane_step *step = &d->lanes->steps[i];
	const struct lane_step *last = &d->lanes->steps[d->lanes->step_count - 1];

	fprintf(d->out, "<path d=\"M%.1f %.0fv%d\"><title>", x_of(d, i),
		y_of(step->lane) + 4, LANE - 7);
	html_text(d->out, d->lanes->lanes[step->lane].name);
	fputs(": ", d->out);
	html_text(d->out, step->text);
	fprintf(d->out, ", -%.3f ms</title></path>", (last->time - step->time) / 1e3);
}

/* Bent, so that it is seen within one lane too. Its head points along its end. */
static void write_arrow(const struct drawing *d, const struct lane_arrow *arrow)
{
	const struct lane_step *steps = d->lanes->steps;
	double x = x_of(d, arrow->from), y = y_of(steps[arrow->from].lane) + LANE / 2.0;
	double x1 = x_of(d, arrow->to), y1 = y_of(steps[arrow->to].lane) + LANE / 2.0;
	double bend_x = (x + x1) / 2, bend_y = (y + y1) / 2 - (y == y1 ? LANE : 0);
	double angle = atan2(y1 - bend_y, x1 - bend_x);

	if (arrow->from < d->first)
		return;
	fprintf(d->out, "<path d=\"M%.1f %.1fQ%.1f %.1f %.1f %.1f", x, y, bend_x, bend_y,
		x1, y1);
	fprintf(d->out, "M%.1f %.1fL%.1f %.1fL%.1f %.1f\"><title>",
		x1 - 7 * cos(angle - 0.4), y1 - 7 * sin(angle - 0.4), x1, y1,
		x1 - 7 * cos(angle + 0.4), y1 - 7 * sin(angle + 0.4));
	html_text(d->out, d->lanes->lanes[steps[arrow->from].lane].name);
	fputs(" to ", d->out);
	html_text(d->out, d->lanes->lanes[steps[arrow->to].lane].name);
	fputs("</title></path>", d->out);
}

static void write_drawing(const struct drawing *d)
{
	const struct lanes *lanes = d->lanes;

	fprintf(d->out,
		"<div class=\"plot\"><svg role=\"img\" width=\"%.0f\" height=\"%.0f\" "
		"aria-label=\"The last %zu events of %zu threads; the last of them are "
		"in the text below, too\">",
		width_of(d), height_of(d), lanes->step_count - d->first,
		lanes->lane_count);
	write_grid(d);
	write_axis(d);
	for (size_t i = 0; i < lanes->span_count; i++)
		write_span(d, &lanes->spans[i]);
	fputs("<g class=\"steps\">", d->out);
	for (size_t i = d->first; i < lanes->step_count; i++)
		write_step(d, i);
	fputs("</g><g class=\"arrows\">", d->out);
	for (size_t i = 0; i < lanes->arrow_count; i++)
		write_arrow(d, &lanes->arrows[i]);
	fputs("</g></svg></div>", d->out);
}

static void write_key(FILE *out)
{
	fputs("<ul class=\"lanes-key\">", out);
	for (size_t i = 0; i < BARS; i++)
		fprintf(out,
			"<li><svg width=\"16\" height=\"10\" aria-hidden=\"true\"><rect "
			"class=\"%s\" y=\"%d\" width=\"16\" height=\"%d\"/></svg> "
			"%s</li>",
			bars[i].class, (10 - bars[i].height) / 2, bars[i].height,
			bars[i].kind);
	fputs("<li>&#8599; signal, from where it was sent to its handler</li></ul>\n",
		out);
}

void html_lanes(FILE *out, const struct lanes *lanes)
{
	struct drawing d = { .out = out, .lanes = lanes };

	d.first = lanes->step_count > STEPS ? lanes->step_count - STEPS : 0;
	fputs("<div class=\"lanes\">", out);
	write_names(&d);
	write_drawing(&d);
	fputs("</div>", out);
	write_key(out);
}
