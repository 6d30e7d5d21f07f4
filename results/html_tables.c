/* SPDX-License-Identifier: BSD-2-Clause */
/* The rest: how often it failed, and what signals met. */
#include "html_inside.h"

#include "overlap.h"
#include "rate.h"

#include <inttypes.h>

static void write_rate(
	const struct html *h, const struct cell *row, const struct rate *rate)
{
	fputs("<tr><th scope=\"row\" class=\"case\">", h->out);
	html_text(h->out, row->case_name);
	fputs("</th><th scope=\"row\">", h->out);
	html_subject(h->out, row);
	fputs("</th><td class=\"number\">", h->out);
	rate_write(h->out, rate);
	fputs(rate->runs ? " per run</td></tr>\n" : " per cycle</td></tr>\n", h->out);
}

/* Of rows that are known to be red nobody needs a rate. */
static void write_rates(const struct html *h)
{
	fputs("<h2>How often it failed</h2>\n<div class=\"scroll\"><table "
	      "id=\"rates\"><caption>Without a failure: what is excluded with 95 % "
	      "confidence, "
	      "on this machine and in these placements. Otherwise an interval of 95 "
	      "%.</caption><thead><tr><th scope=\"col\">case</th><th "
	      "scope=\"col\">subject</th><th "
	      "scope=\"col\" class=\"number\">failures</th></tr></thead>\n<tbody>\n",
		h->out);
	for (size_t r = 0; r < h->row_count; r++) {
		const struct rate rate = rate_of(h->page->run, h->rows[r], NULL);

		if (rate.exposure &&
			!(rate.failures && h->rows[r]->expected == EXPECT_RED))
			write_rate(h, h->rows[r], &rate);
	}
	fputs("</tbody></table></div>\n", h->out);
}

static void write_phase(
	const struct html *h, const struct overlaps *overlaps, size_t phase)
{
	fprintf(h->out, "<tr><th scope=\"row\">%s</th>", overlap_phase(phase));
	for (size_t moment = 0; moment < OVERLAP_MOMENTS; moment++)
		fprintf(h->out, "<td class=\"number\">%" PRIu64 "</td>",
			overlaps->signals[OVERLAP_MOMENTS * phase + moment]);
	fputs("</tr>\n", h->out);
}

static void write_overlaps(const struct html *h)
{
	const struct overlaps overlaps = overlaps_of(h->page->run);

	if (!overlaps_any(&overlaps))
		return;
	fputs("<h2>What signals met</h2>\n<div class=\"scroll\"><table "
	      "id=\"overlaps\"><caption>What the world was doing when a signal was sent, "
	      "handled and received, in the storms that passed: what is 0 has not been "
	      "tried.</caption><thead><tr><th scope=\"col\">the world</th><th "
	      "scope=\"col\" "
	      "class=\"number\">sent</th><th scope=\"col\" "
	      "class=\"number\">handled</th><th "
	      "scope=\"col\" class=\"number\">received</th></tr></thead><tbody>\n",
		h->out);
	for (size_t phase = 0; phase < OVERLAP_PHASES; phase++)
		write_phase(h, &overlaps, phase);
	fputs("</tbody></table></div>\n", h->out);
	if (overlaps.noise_count)
		fprintf(h->out,
			"<p class=\"soft\">Noise: %" PRIu64
			" times, %.1f s of threads' time in "
			"%.1f s of storms.</p>\n",
			overlaps.noise_count, overlaps.noise_seconds, overlaps.seconds);
}

void html_tables(const struct html *h)
{
	write_rates(h);
	write_overlaps(h);
}
