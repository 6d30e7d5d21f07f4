/* SPDX-License-Identifier: BSD-2-Clause */
/* The heat map: a table, whose fields say in words what their colours say. */
#include "html_inside.h"

#include "html_site.h"
#include "rate.h"

#include <inttypes.h>
#include <string.h>

/* What a field is on hover, and to those who do not see it. */
static void write_title(
	const struct html *h, const struct tally *tally, const struct rate *rate)
{
	fprintf(h->out, "%zu cells, %zu red, %zu not judged", tally->cells,
		red_cells(tally), tally->of_standing[STANDING_NOT_JUDGED]);
	if (!rate->exposure)
		return;
	fputs("; ", h->out);
	rate_write(h->out, rate);
	fputs(rate->runs ? " per run (95 %)" : " per cycle (95 %)", h->out);
}

static void write_verdicts(const struct html *h, const struct tally *tally)
{
	const char *before = "";

	for (enum verdict v = VERDICT_COUNT; v-- > 0;) {
		if (!tally->of[v])
			continue;
		fprintf(h->out, "%s%zu %s", before, tally->of[v], verdict_name(v));
		before = ", ";
	}
}

static void write_field(const struct html *h, size_t row, size_t column)
{
	const struct tally tally =
		tally_row(h->page->run, h->rows[row], h->columns[column]);
	const struct rate rate = rate_of(h->page->run, h->rows[row], h->columns[column]);
	char name[PLACEMENT_SIZE];

	html_column_name(h->columns[column], name);
	fprintf(h->out,
		"<td class=\"heat %s\" data-row=\"%zu\" data-number=\"%zu\" "
		"data-column=\"%s\">",
		html_state(&tally), row, column, name);
	if (tally.cells) {
		fputs("<button title=\"", h->out);
		write_title(h, &tally, &rate);
		fputs("\">", h->out);
		fputs(tally.of_standing[STANDING_UNEXPECTED] ? "! "
			: red_cells(&tally)		     ? "* "
							     : "",
			h->out);
		write_verdicts(h, &tally);
		fputs("</button>", h->out);
	}
	fputs("</td>", h->out);
}

/* On a site it leads to the page of the case. */
static void write_case(const struct html *h, const struct cell *row)
{
	char file[SITE_FILE_SIZE];

	if (h->page->site)
		fprintf(h->out, "<a href=\"%s\">", site_case_file(row->case_name, file));
	html_text(h->out, row->case_name);
	fputs(h->page->site ? "</a>" : "", h->out);
}

static void write_row(const struct html *h, size_t row)
{
	const struct cell *cell = h->rows[row];

	fputs("<tr data-case=\"", h->out);
	html_text(h->out, cell->case_name);
	fputs("\" data-subject=\"", h->out);
	html_subject(h->out, cell);
	fputs("\" data-title=\"", h->out);
	html_text(h->out, cell->case_name);
	fputs(", ", h->out);
	html_subject(h->out, cell);
	fputs("\"><th scope=\"row\" class=\"case\">", h->out);
	write_case(h, cell);
	fputs("</th><th scope=\"row\">", h->out);
	html_subject(h->out, cell);
	fputs("</th>", h->out);
	for (size_t k = 0; k < h->column_count; k++)
		write_field(h, row, k);
	if (html_bar_count(h)) {
		fputs("<td>", h->out);
		html_bars(h, row);
		fputs("</td>", h->out);
	}
	fputs("</tr>\n", h->out);
}

static void write_options_of_cases(const struct html *h)
{
	for (size_t r = 0; r < h->row_count; r++) {
		bool seen = false;

		for (size_t k = 0; k < r; k++)
			seen |= !strcmp(h->rows[k]->case_name, h->rows[r]->case_name);
		if (seen)
			continue;
		fputs("<option>", h->out);
		html_text(h->out, h->rows[r]->case_name);
		fputs("</option>", h->out);
	}
}

static void write_filters(const struct html *h)
{
	char name[PLACEMENT_SIZE];

	fputs("<div class=\"filters\" hidden><label>Case<select "
	      "id=\"filter-case\"><option "
	      "value=\"\">all</option>",
		h->out);
	write_options_of_cases(h);
	fputs("</select></label><label>Subject has<input id=\"filter-subject\" "
	      "type=\"search\"></label><label>Placement<select "
	      "id=\"filter-placement\"><option "
	      "value=\"\">all</option>",
		h->out);
	for (size_t k = 0; k < h->column_count; k++)
		fprintf(h->out, "<option>%s</option>",
			html_column_name(h->columns[k], name));
	fputs("</select></label><label>With a field that is<select "
	      "id=\"filter-state\"><option "
	      "value=\"\">anything</option><option value=\"bad\">not as "
	      "expected</option><option "
	      "value=\"expected\">red as expected</option><option value=\"unsure\">not "
	      "judged</option><option "
	      "value=\"pass\">green</option></select></label><span "
	      "id=\"shown\" role=\"status\" class=\"soft\"></span></div>\n",
		h->out);
}

static void write_head(const struct html *h)
{
	char name[PLACEMENT_SIZE];

	fputs("<div class=\"scroll\"><table id=\"matrix\"><caption>Each case, under what "
	      "was put "
	      "to the test; across, where its threads were made to run. A field opens "
	      "the "
	      "list of its cells.</caption>\n<thead><tr><th scope=\"col\">case</th><th "
	      "scope=\"col\">subject</th>",
		h->out);
	for (size_t k = 0; k < h->column_count; k++)
		fprintf(h->out, "<th scope=\"col\" data-column=\"%s\">%s</th>",
			html_column_name(h->columns[k], name), name);
	if (html_bar_count(h))
		fprintf(h->out, "<th scope=\"col\">last %zu runs here</th>",
			html_bar_count(h));
	fputs("</tr></thead>\n<tbody>\n", h->out);
}

void html_matrix(const struct html *h)
{
	fputs("<h2 id=\"results\">What came of it</h2>\n<ul class=\"key\"><li "
	      "class=\"pass\">green: all "
	      "passed</li><li class=\"expected\">* red, as expected</li><li "
	      "class=\"bad\">! not as expected</li><li class=\"unsure\">not "
	      "judged</li></ul>\n",
		h->out);
	write_filters(h);
	write_head(h);
	for (size_t r = 0; r < h->row_count; r++)
		write_row(h, r);
	fputs("</tbody></table></div>\n", h->out);
}
