/* SPDX-License-Identifier: BSD-2-Clause */
#include "html_inside.h"

#include <inttypes.h>

static void write_count(FILE *out, size_t count, const char *what, const char *class)
{
	fprintf(out, "<li%s%s%s><b>%zu</b> %s</li>", *class ? " class=\"" : "", class,
		*class ? "\"" : "", count, what);
}

static void write_summary(FILE *out, const struct run *run)
{
	const struct machine *machine = &run->info.machine;
	const struct tally all = tally_run(run);
	size_t bad = all.of_standing[STANDING_UNEXPECTED];

	fprintf(out, "<header><h1>%s</h1>\n<p class=\"soft\">run %" PRId64 ", ",
		bad ? "Something is not as expected" : "All is as expected",
		run->info.id);
	html_time(out, run->info.started);
	fputs(", ", out);
	html_text(out, machine->processor);
	fputs(", ", out);
	html_text(out, machine->architecture);
	fputs(machine->emulated ? " (emulated)" : "", out);
	fprintf(out, ", %u processing units on %u cores, Linux ",
		machine->processing_units, machine->cores);
	html_text(out, machine->kernel);
	fputs("</p>\n<p class=\"soft\"><code>", out);
	html_text(out, run->info.command);
	fprintf(out, "</code>, seed %#" PRIx64 "</p>\n<ul class=\"verdict\">",
		run->info.seed);
	write_count(out, bad, "not as expected", bad ? "bad" : "");
	write_count(out, all.of_standing[STANDING_AS_EXPECTED], "as expected", "");
	write_count(out, all.of_standing[STANDING_NOT_JUDGED], "not judged", "");
	write_count(out, all.cells, "cells", "");
	fputs("</ul></header>\n", out);
}

static void write_dialog(FILE *out)
{
	fputs("<dialog id=\"field\" aria-labelledby=\"field-title\"><button "
	      "class=\"close\" "
	      "autofocus>Close</button><h2 id=\"field-title\"></h2><div "
	      "class=\"scroll\"><table><thead><tr><th scope=\"col\">cell</th><th "
	      "scope=\"col\">verdict</th><th scope=\"col\">cycles</th><th "
	      "scope=\"col\">took</th><th scope=\"col\">where and how</th><th "
	      "scope=\"col\">reason</th><th "
	      "scope=\"col\">again</th></tr></thead><tbody></tbody></table></div></"
	      "dialog>\n",
		out);
}

void report_html(FILE *out, const struct html_page *page)
{
	struct html h;
	char title[64];

	if (html_begin(&h, out, page)) {
		html_end(&h);
		return;
	}
	snprintf(title, sizeof title, "hupstorm, run %" PRId64, page->run->info.id);
	html_head(out, title);
	fputs(page->site ? "<header><p><a href=\"index.html\">all runs</a></p></header>"
			 : "",
		out);
	write_summary(out, page->run);
	fputs("<main>\n", out);
	html_matrix(&h);
	html_sides(&h);
	html_failures(&h);
	html_history(&h);
	html_clusters(&h);
	html_topology(&h);
	html_tables(&h);
	html_score(&h);
	fputs("</main>\n", out);
	write_dialog(out);
	html_data(&h);
	fputs("<script>\n", out);
	fputs(html_script, out);
	fprintf(out, "</script>\n<footer>hupstorm %s</footer></body></html>\n",
		page->run->info.version);
	html_end(&h);
}
