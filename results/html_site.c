/* SPDX-License-Identifier: BSD-2-Clause */
#include "html_site.h"

#include "html_inside.h"
#include "json.h"

#include <ctype.h>
#include <inttypes.h>
#include <string.h>
#include <time.h>

/* So many of the newest runs are in the feed. */
enum { FEED_MAX = 60 };

void site_run_of(const struct run *run, struct site_run *summary)
{
	const struct tally all = tally_run(run);

	*summary = (struct site_run){ run->info, all.cells,
		all.of_standing[STANDING_AS_EXPECTED],
		all.of_standing[STANDING_UNEXPECTED],
		all.of_standing[STANDING_NOT_JUDGED] };
}

const char *site_case_file(const char *case_name, char file[SITE_FILE_SIZE])
{
	size_t used = (size_t)snprintf(file, SITE_FILE_SIZE, "case-");

	for (; *case_name && used < SITE_FILE_SIZE - 10; case_name++) {
		unsigned char byte = (unsigned char)*case_name;

		if (isalnum(byte) || byte == '-' || byte == '.')
			file[used++] = (char)byte;
		else
			used += (size_t)snprintf(
				file + used, SITE_FILE_SIZE - used, "_%02x", byte);
	}
	snprintf(file + used, SITE_FILE_SIZE - used, ".html");
	return file;
}

bool site_is_first_of_case(const struct run *run, size_t i)
{
	for (size_t k = 0; k < i; k++)
		if (!strcmp(run->cells[k].case_name, run->cells[i].case_name))
			return false;
	return true;
}

static const char *state_of(const struct site_run *run)
{
	if (run->unexpected)
		return "bad";
	return run->as_expected ? "pass" : "unsure";
}

static void write_run(FILE *out, const struct site_run *run)
{
	fprintf(out,
		"<tr><th scope=\"row\" class=\"case\"><a href=\"run-%" PRId64
		".html\">run %" PRId64 "</a></th><td>",
		run->info.id, run->info.id);
	html_time(out, run->info.started);
	fprintf(out,
		"%s</td><td><span class=\"tag %s\">%s%zu not as "
		"expected</span></td>",
		run->info.finished ? "" : " (not finished)", state_of(run),
		run->unexpected ? "! " : "", run->unexpected);
	fprintf(out, "<td class=\"number\">%zu</td><td class=\"number\">%zu</td><td>",
		run->as_expected, run->not_judged);
	if (*run->info.machine.builder) {
		html_text(out, run->info.machine.builder);
		fputs(": ", out);
	}
	html_text(out, run->info.machine.architecture);
	fputs(run->info.machine.emulated ? " (emulated), " : ", ", out);
	html_text(out, run->info.machine.processor);
	fputs("</td><td><code>", out);
	html_text(out, run->info.command);
	fputs("</code></td></tr>\n", out);
}

static void write_cases(FILE *out, const struct run *last)
{
	char file[SITE_FILE_SIZE];

	fputs("<h2>The cases of the last run</h2>\n<p>", out);
	for (size_t i = 0; i < last->count; i++) {
		const char *name = last->cells[i].case_name;

		if (!site_is_first_of_case(last, i))
			continue;
		fprintf(out, "<a href=\"%s\">", site_case_file(name, file));
		html_text(out, name);
		fputs("</a>&ensp;", out);
	}
	fputs("</p>\n", out);
}

/* The newest and the worst. */
static void write_failures(
	FILE *out, const struct clusters *clusters, const struct run *last)
{
	const struct html_page page = { .run = last, .clusters = clusters, .site = true };
	const struct html h = { .out = out, .page = &page };

	html_clusters(&h);
}

void report_index(FILE *out, const struct site_run *runs, size_t count,
	const struct run *last, const struct clusters *clusters)
{
	html_head(out, "hupstorm");
	fputs("<header><h1>hupstorm</h1><p class=\"soft\">The newest run first. <a "
	      "href=\"feed.json\">Feed</a> <img src=\"badge.svg\" "
	      "alt=\"\"></p></header>\n<main>"
	      "<div class=\"scroll\" id=\"results\"><table "
	      "id=\"runs\"><thead><tr><th scope=\"col\">run</th><th "
	      "scope=\"col\">began</th><th scope=\"col\">result</th><th scope=\"col\">as "
	      "expected</th><th scope=\"col\">not judged</th><th "
	      "scope=\"col\">machine</th><th "
	      "scope=\"col\">command</th></tr></thead><tbody>\n",
		out);
	for (size_t i = count; i-- > 0;)
		write_run(out, &runs[i]);
	fputs("</tbody></table></div>\n", out);
	write_cases(out, last);
	write_failures(out, clusters, last);
	fputs("</main></body></html>\n", out);
}

static void write_item(FILE *out, const struct site_run *run)
{
	time_t seconds = (time_t)(run->info.started / 1000000000);
	char date[32] = "", title[128];
	struct tm tm;

	if (gmtime_r(&seconds, &tm))
		strftime(date, sizeof date, "%Y-%m-%dT%H:%M:%SZ", &tm);
	snprintf(title, sizeof title,
		"run %" PRId64 ": %zu not as expected, %zu as expected, %zu not judged",
		run->info.id, run->unexpected, run->as_expected, run->not_judged);
	fputs("{\"id\":", out);
	json_string(out, run->info.uid);
	fprintf(out,
		",\"url\":\"run-%" PRId64 ".html\",\"date_published\":\"%s\",\"title\":",
		run->info.id, date);
	json_string(out, title);
	fputs(",\"content_text\":", out);
	json_string(out, run->info.command);
	fputs("}", out);
}

void report_feed(FILE *out, const struct site_run *runs, size_t count)
{
	fputs("{\"version\":\"https://jsonfeed.org/version/"
	      "1.1\",\"title\":\"hupstorm\",\"items\":[",
		out);
	for (size_t i = 0; i < count && i < FEED_MAX; i++) {
		fputs(i ? ",\n" : "\n", out);
		write_item(out, &runs[count - 1 - i]);
	}
	fputs("\n]}\n", out);
}

void report_badge(FILE *out, const struct site_run *last)
{
	char text[64];

	if (last->unexpected)
		snprintf(text, sizeof text, "%zu not as expected", last->unexpected);
	else
		snprintf(text, sizeof text, "%zu as expected", last->as_expected);
	fprintf(out,
		"<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"210\" height=\"20\" "
		"role=\"img\" "
		"aria-label=\"hupstorm: %s\"><rect width=\"70\" height=\"20\" rx=\"3\" "
		"fill=\"#444\"/><rect x=\"66\" width=\"144\" height=\"20\" rx=\"3\" "
		"fill=\"%s\"/><g "
		"fill=\"#fff\" font-family=\"sans-serif\" font-size=\"11\"><text x=\"7\" "
		"y=\"14\">hupstorm</text><text x=\"75\" y=\"14\">%s</text></g></svg>\n",
		text, last->unexpected ? "#b3261e" : "#2e7d43", text);
}

static void write_row(const struct html *h, size_t row)
{
	const struct tally tally = tally_row(h->page->run, h->rows[row], NULL);
	struct history_cells sum = { 0 };

	for (size_t n = 0; n < h->night_count; n++) {
		struct history_cells cells = html_cells(h, n, row);

		sum.cells += cells.cells;
		sum.red += cells.red;
		sum.exposure += cells.exposure;
	}
	fputs("<tr><th scope=\"row\" class=\"case\">", h->out);
	html_subject(h->out, h->rows[row]);
	fprintf(h->out,
		"</th><td><span class=\"tag %s\">%zu of %zu "
		"red</span></td><td>",
		html_state(&tally), red_cells(&tally), tally.cells);
	html_bars(h, row);
	fprintf(h->out,
		"</td><td class=\"number\">%zu</td><td class=\"number\">%zu</td><td "
		"class=\"number\">%" PRIu64 "</td></tr>\n",
		sum.cells, sum.red, sum.exposure);
}

void report_case(FILE *out, const struct html_page *page, const char *case_name)
{
	char title[NAME_SIZE + 16];
	struct html h;

	snprintf(title, sizeof title, "hupstorm, %s", case_name);
	html_head(out, title);
	fputs("<header><p><a href=\"index.html\">all runs</a></p><h1>", out);
	html_text(out, case_name);
	if (html_begin(&h, out, page)) {
		html_end(&h);
		return;
	}
	fprintf(out,
		"</h1><p class=\"soft\">Over the last %zu runs of this builder; a bar "
		"leads "
		"to its "
		"run.</p></header>\n<main><div class=\"scroll\" id=\"results\"><table "
		"id=\"case\"><thead><tr><th scope=\"col\">subject</th><th "
		"scope=\"col\">last run</th><th scope=\"col\">history</th><th "
		"scope=\"col\">cells</th><th scope=\"col\">red</th><th "
		"scope=\"col\">cycles without what is known to be "
		"wrong</th></tr></thead><tbody>\n",
		h.night_count);
	for (size_t r = 0; r < h.row_count; r++)
		if (!strcmp(h.rows[r]->case_name, case_name))
			write_row(&h, r);
	fputs("</tbody></table></div>\n", out);
	html_charts(&h, case_name);
	fputs("</main></body></html>\n", out);
	html_end(&h);
}

/* A run leads to its page. */
static void write_sightings(FILE *out, const struct cluster *cluster)
{
	fputs("<div class=\"scroll\"><table id=\"sightings\"><thead><tr><th "
	      "scope=\"col\">run</th><th scope=\"col\">began</th><th "
	      "scope=\"col\">cells</th><th "
	      "scope=\"col\">again</th></tr></thead><tbody>\n",
		out);
	for (size_t i = cluster->count; i-- > 0;) {
		const struct sighting *seen = &cluster->seen[i];

		fprintf(out,
			"<tr><th scope=\"row\" class=\"case\"><a href=\"run-%" PRId64
			".html\">run %" PRId64 "</a></th><td>",
			seen->run, seen->run);
		html_time(out, seen->started);
		fprintf(out,
			"</td><td class=\"number\">%zu</td><td><code>hupstorm rerun "
			"%" PRId64 "/%zu</code></td></tr>\n",
			seen->cells, seen->run, seen->first);
	}
	fputs("</tbody></table></div>\n", out);
}

void report_cluster(
	FILE *out, const struct html_page *page, const struct cluster *cluster)
{
	const struct sighting *first = &cluster->seen[0],
			      *last = &cluster->seen[cluster->count - 1];

	html_head(out, "hupstorm, a failure");
	fputs("<header><p><a href=\"index.html\">all runs</a></p><h1>", out);
	html_text(out, cluster->cell.case_name);
	fputs(", ", out);
	html_subject(out, &cluster->cell);
	fprintf(out, ": %s</h1>\n<p>", verdict_name(cluster->outcome.verdict));
	html_text(out, cluster->outcome.reason);
	fprintf(out, "</p>\n<p class=\"soft\">First seen in run %" PRId64 ", ",
		first->run);
	html_time(out, first->started);
	fprintf(out, "; last in run %" PRId64 ", ", last->run);
	html_time(out, last->started);
	fputs(". Still there with a probability of ", out);
	html_percent(out, cluster_still(cluster));
	fputs(".</p></header>\n<main id=\"results\">\n", out);
	html_evidence(out, page, cluster->outcome.evidence);
	write_sightings(out, cluster);
	fputs("</main></body></html>\n", out);
}
