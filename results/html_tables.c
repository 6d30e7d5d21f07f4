/* SPDX-License-Identifier: BSD-2-Clause */
/* The rest: what green excludes, what signals met, what the harness has caught. */
#include "html_inside.h"

#include "overlap.h"
#include "score.h"
#include "statistics.h"

#include <inttypes.h>
#include <stdlib.h>

static void write_exclusions(const struct html *h)
{
	fputs("<h2>What the green rows exclude</h2>\n<div class=\"scroll\"><table "
	      "id=\"excluded\"><caption>Failures more frequent than this are excluded "
	      "with "
	      "95 % confidence, on this machine and in these "
	      "placements.</caption><thead><tr><th scope=\"col\">case</th><th "
	      "scope=\"col\">subject</th><th scope=\"col\">cycles</th><th "
	      "scope=\"col\">failures "
	      "per cycle, less than</th></tr></thead>\n<tbody>\n",
		h->out);
	for (size_t r = 0; r < h->row_count; r++) {
		const struct cell *row = h->rows[r];
		const struct tally tally = tally_row(h->page->run, row, NULL);

		if (red_cells(&tally) || !tally.cycles)
			continue;
		fputs("<tr><th scope=\"row\" class=\"case\">", h->out);
		html_text(h->out, row->case_name);
		fputs("</th><th scope=\"row\">", h->out);
		html_subject(h->out, row);
		fprintf(h->out,
			"</th><td class=\"number\">%" PRIu64
			"</td><td class=\"number\">%.1e</td></tr>\n",
			tally.cycles, excluded_rate(tally.cycles));
	}
	fputs("</tbody></table></div>\n", h->out);
}

/* What is written for a terminal, as it is. */
static void write_plain(const struct html *h, const char *heading,
	void (*write)(FILE *out, const struct run *run))
{
	char *text = NULL;
	size_t size;
	FILE *out = open_memstream(&text, &size);

	if (!out)
		return;
	write(out, h->page->run);
	if (!fclose(out) && size) {
		fprintf(h->out, "<h2>%s</h2>\n<pre>", heading);
		html_text(h->out, text + (*text == '\n'));
		fputs("</pre>\n", h->out);
	}
	free(text);
}

static void write_score(FILE *out, const struct run *run)
{
	score_write(out, run, false);
}

void html_tables(const struct html *h)
{
	write_exclusions(h);
	write_plain(h, "What signals met", overlap_write);
	write_plain(h, "What the harness would have caught", write_score);
}
