/* SPDX-License-Identifier: BSD-2-Clause */
/* Builders side by side: a heat map of its own, for those who run the same on several. */
#include "html_inside.h"

#include "rate.h"
#include "sides.h"

#include <inttypes.h>
#include <string.h>

static const char *state_of(const struct history_cells *cells)
{
	if (!cells->cells)
		return "none";
	if (cells->unexpected)
		return "bad";
	if (cells->red)
		return "expected";
	return cells->judged < cells->cells ? "unsure" : "pass";
}

static void write_title(
	const struct html *h, const struct sides *sides, const struct side_field *field)
{
	const struct history_cells *cells = &field->cells;
	const struct rate rate = { cells->failures, cells->exposure, cells->runs };

	fprintf(h->out, "run %" PRId64 ": %zu cells, %zu red, %zu not judged",
		sides->history->nights[field->night].id, cells->cells, cells->red,
		cells->cells - cells->judged);
	if (!cells->exposure)
		return;
	fputs("; ", h->out);
	rate_write(h->out, &rate);
	fputs(rate.runs ? " per run (95 %)" : " per cycle (95 %)", h->out);
}

static void write_field(
	const struct html *h, const struct sides *sides, size_t side, size_t row)
{
	const struct side_field field = side_field(sides, side, row);

	fprintf(h->out, "<td class=\"side %s\" title=\"", state_of(&field.cells));
	if (field.cells.cells)
		write_title(h, sides, &field);
	fputs("\">", h->out);
	if (field.cells.cells && h->page->site)
		fprintf(h->out, "<a href=\"run-%" PRId64 ".html\">%s</a>",
			sides->history->nights[field.night].id, field.text);
	else
		fputs(field.text, h->out);
	fputs("</td>", h->out);
}

static void write_row(const struct html *h, const struct sides *sides, size_t r)
{
	const struct history_row *row = &sides->history->rows[r];

	fputs("<tr><th scope=\"row\" class=\"case\">", h->out);
	html_text(h->out, row->case_name);
	fputs("</th><th scope=\"row\">", h->out);
	html_text(h->out, row->subject);
	fputs(*row->faults ? " + " : "", h->out);
	html_text(h->out, row->faults);
	fputs("</th>", h->out);
	for (size_t s = 0; s < sides->count; s++)
		write_field(h, sides, s, r);
	fputs("</tr>\n", h->out);
}

static void write_head(const struct html *h, const struct sides *sides)
{
	fputs("<div class=\"scroll\"><table id=\"sides\"><caption>Of each row what came "
	      "of "
	      "it when it was last run there, over all placements. Nothing is pooled. "
	      "What "
	      "is emulated shows nothing of a processor's memory order, timing and "
	      "SMT.</caption><thead><tr><th scope=\"col\">case</th><th "
	      "scope=\"col\">subject</th>",
		h->out);
	for (size_t s = 0; s < sides->count; s++) {
		const struct machine *machine = side_machine(sides, s);
		char name[SIDE_NAME_SIZE];

		fputs("<th scope=\"col\">", h->out);
		html_text(h->out, side_name(sides, s, name));
		fputs("<br><span class=\"soft\">", h->out);
		html_text(h->out, machine->architecture);
		fputs(machine->emulated ? ", emulated" : "", h->out);
		fputs("</span></th>", h->out);
	}
	fputs("</tr></thead><tbody>\n", h->out);
}

void html_sides(const struct html *h)
{
	struct sides sides;

	if (!h->page->history)
		return;
	sides = sides_of(h->page->history);
	if (sides.count < 2)
		return;
	fputs("<h2>Builders, side by side</h2>\n", h->out);
	write_head(h, &sides);
	for (size_t r = 0; r < sides.history->row_count; r++)
		if (sides_have(&sides, r))
			write_row(h, &sides, r);
	fputs("</tbody></table></div>\n", h->out);
}
