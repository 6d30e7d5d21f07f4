/* SPDX-License-Identifier: BSD-2-Clause */
/* What failed, each kind of failure once, with the evidence of one that stands for it. */
#include "html_inside.h"

#include "again.h"
#include "alike.h"
#include "formats.h"

#include <inttypes.h>
#include <stdlib.h>

static const char *const headings[STANDING_COUNT] = {
	[STANDING_UNEXPECTED] = "Not as expected",
	[STANDING_NOT_JUDGED] = "Not judged",
	[STANDING_AS_EXPECTED] = "Red, as expected",
};

static const char *const tags[STANDING_COUNT] = {
	[STANDING_UNEXPECTED] = "bad",
	[STANDING_NOT_JUDGED] = "unsure",
	[STANDING_AS_EXPECTED] = "expected",
};

static void write_lanes(FILE *out, const struct html_page *page, const char *name)
{
	struct lanes lanes;

	if (!page->lanes || !page->lanes(page->argument, name, &lanes))
		return;
	html_lanes(out, &lanes);
	lanes_free(&lanes);
}

void html_evidence(FILE *out, const struct html_page *page, const char *name)
{
	char *text = NULL;

	if (*name && page->evidence)
		text = page->evidence(page->argument, name);
	if (!text)
		return;
	fputs("<details><summary>Evidence: who waits for whom, stacks, the last "
	      "events</summary>",
		out);
	write_lanes(out, page, name);
	fputs("<pre>", out);
	html_text(out, text);
	fputs("</pre></details>\n", out);
	free(text);
}

void html_anchor(FILE *out, const struct outcome *outcome)
{
	if (!*outcome->anchor)
		return;
	fputs("; the coordinator waits in <code>", out);
	html_text(out, outcome->anchor);
	fputs("</code>", out);
}

static void write_failure(const struct html *h, size_t i, size_t like)
{
	const struct cell *cell = &h->page->run->cells[i];
	const struct outcome *outcome = &h->page->run->outcomes[i];
	enum standing standing = cell_standing(cell, outcome);
	char title[1024], command[COMMAND_SIZE];

	cell_title(cell, title, sizeof title);
	cell_command(cell, outcome, command, sizeof command);
	fprintf(h->out,
		"<details class=\"failure\"%s><summary><span class=\"tag %s\">%s</span>",
		standing == STANDING_UNEXPECTED ? " open" : "", tags[standing],
		verdict_name(outcome->verdict));
	html_text(h->out, title);
	if (like > 1)
		fprintf(h->out, " <span class=\"soft\">and %zu like it</span>", like - 1);
	fputs("</summary><p>", h->out);
	html_text(h->out,
		*outcome->reason ? outcome->reason : "passed, but is known to be wrong");
	html_anchor(h->out, outcome);
	fprintf(h->out,
		"</p><p class=\"soft\">again: <code>hupstorm rerun %" PRId64
		"/%zu</code>, or <code>",
		h->page->run->info.id, run_number(h->page->run, i));
	html_text(h->out, command);
	fputs("</code></p>\n", h->out);
	html_evidence(h->out, h->page, outcome->evidence);
	fputs("</details>\n", h->out);
}

/* A known-red cell that passed has no reason that it could share. */
static size_t count_like(const struct run *run, size_t i)
{
	if (run->outcomes[i].verdict == VERDICT_PASS)
		return 1;
	return is_noteworthy(run, i) ? count_alike(run, i) : 0;
}

static void write_standing(const struct html *h, enum standing standing)
{
	const struct run *run = h->page->run;
	bool headed = false;

	for (size_t i = 0; i < run->count; i++) {
		size_t like;

		if (cell_standing(&run->cells[i], &run->outcomes[i]) != standing ||
			(run->outcomes[i].verdict == VERDICT_PASS &&
				standing != STANDING_UNEXPECTED))
			continue;
		like = count_like(run, i);
		if (!like)
			continue;
		if (!headed)
			fprintf(h->out, "<h2>%s</h2>\n", headings[standing]);
		headed = true;
		write_failure(h, i, like);
	}
}

void html_failures(const struct html *h)
{
	write_standing(h, STANDING_UNEXPECTED);
	write_standing(h, STANDING_AS_EXPECTED);
	write_standing(h, STANDING_NOT_JUDGED);
}
