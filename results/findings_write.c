/* SPDX-License-Identifier: BSD-2-Clause */
#include "findings.h"

#include "json.h"

#include <inttypes.h>
#include <time.h>

struct writer {
	FILE *out;
	const struct history *history;
};

static const char *const titles[FINDING_COUNT] = {
	[FINDING_BROKEN] =
		"Builders that were broken: their failures say nothing of the code",
	[FINDING_FORBIDDEN] = "Red, and expected to be green",
	[FINDING_MORE] = "Fail more often than they did",
	[FINDING_LESS] = "Fail less often than they did",
	[FINDING_SHORT] = "Nights that are short of cells",
	[FINDING_GAP] = "Nights that are missing",
};

static const char *const names[FINDING_COUNT] = {
	[FINDING_BROKEN] = "broken",
	[FINDING_FORBIDDEN] = "forbidden",
	[FINDING_MORE] = "more-often",
	[FINDING_LESS] = "less-often",
	[FINDING_SHORT] = "short",
	[FINDING_GAP] = "gap",
};

static bool has_row(enum finding_kind kind)
{
	return kind == FINDING_FORBIDDEN || kind == FINDING_MORE || kind == FINDING_LESS;
}

static void write_date(FILE *out, int64_t when)
{
	time_t seconds = (time_t)(when / 1000000000);
	struct tm tm;
	char text[32];

	gmtime_r(&seconds, &tm);
	strftime(text, sizeof text, "%Y-%m-%d", &tm);
	fputs(text, out);
}

/* "run 37, 2026-02-06" */
static void write_night(const struct writer *w, size_t n)
{
	fprintf(w->out, "run %" PRId64 ", ", w->history->nights[n].id);
	write_date(w->out, w->history->nights[n].started);
}

static void write_span(const struct writer *w, const struct finding *f)
{
	write_night(w, f->first);
	if (f->last == f->first)
		return;
	fputs(", to ", w->out);
	write_night(w, f->last);
}

static const char *builder_name(const struct history *h, size_t builder)
{
	const struct machine *machine = &h->builders[builder];

	return *machine->builder ? machine->builder : machine->processor;
}

static void write_row(const struct writer *w, const struct finding *f)
{
	const struct history_row *row = &w->history->rows[f->row];

	fprintf(w->out, "%s, %s%s%s, on %s\n", row->case_name, row->subject,
		*row->faults ? " + " : "", row->faults,
		builder_name(w->history, f->builder));
}

static void write_rate(const struct writer *w, const char *when, const struct rate *rate)
{
	fprintf(w->out, "    %-8s", when);
	rate_write(w->out, rate);
	fputc('\n', w->out);
}

static void write_still(const struct writer *w, const struct finding *f)
{
	if (f->still < 1)
		fprintf(w->out, "    still there with a probability of %.2g %%\n",
			100 * f->still);
}

static void write_forbidden(const struct writer *w, const struct finding *f)
{
	fputs(f->still < 1 ? "  " : "! ", w->out);
	write_row(w, f);
	fprintf(w->out, "    %" PRIu64 " of %" PRIu64 " cells: ", f->count, f->of);
	write_span(w, f);
	fputc('\n', w->out);
	write_still(w, f);
}

static void write_since(const struct writer *w, const struct finding *f)
{
	fputs("    since   ", w->out);
	write_night(w, f->first);
	fprintf(w->out, " (%.0f %%)", 100 * f->likely);
	if (f->likely < 0.95 && f->second > 0) {
		fputs(", or ", w->out);
		write_night(w, f->last);
		fprintf(w->out, " (%.0f %%)", 100 * f->second);
	}
	fputc('\n', w->out);
}

static void write_rates(const struct writer *w, const struct finding *f)
{
	fputs(f->kind == FINDING_MORE ? "! " : "  ", w->out);
	write_row(w, f);
	write_rate(w, "before", &f->before);
	write_rate(w, "now", &f->now);
	write_since(w, f);
	fprintf(w->out, "    p = %.1e, adjusted\n", f->p);
	write_still(w, f);
}

static void write_of_builder(const struct writer *w, const struct finding *f)
{
	fprintf(w->out, "%s%s: ", f->kind == FINDING_BROKEN ? "! " : "  ",
		builder_name(w->history, f->builder));
	switch (f->kind) {
	case FINDING_BROKEN:
		write_span(w, f);
		fprintf(w->out,
			"\n    %" PRIu64 " of %" PRIu64 " rows failed, and hardly "
			"any elsewhere\n",
			f->count, f->of);
		break;
	case FINDING_SHORT:
		write_night(w, f->first);
		fprintf(w->out, ": %" PRIu64 " of %" PRIu64 " cells are missing\n",
			f->count, f->of);
		break;
	default:
		fprintf(w->out, "%" PRIu64 " between ", f->count);
		write_night(w, f->first);
		fputs(", and ", w->out);
		write_night(w, f->last);
		fputc('\n', w->out);
	}
}

void finding_write(FILE *out, const struct history *history, const struct finding *f)
{
	const struct writer writer = { out, history }, *w = &writer;

	if (!has_row(f->kind))
		write_of_builder(w, f);
	else if (f->kind == FINDING_FORBIDDEN)
		write_forbidden(w, f);
	else
		write_rates(w, f);
}

static void write_head(const struct writer *w)
{
	const struct history *h = w->history;

	fprintf(w->out, "%zu runs of %zu rows on %zu builder%s", h->count, h->row_count,
		h->builder_count, h->builder_count == 1 ? "" : "s");
	if (h->count) {
		fputs(", from ", w->out);
		write_date(w->out, h->nights[0].started);
		fputs(" to ", w->out);
		write_date(w->out, h->nights[h->count - 1].started);
	}
	fputc('\n', w->out);
}

void findings_write(
	FILE *out, const struct history *history, const struct findings *findings)
{
	const struct writer w = { out, history };

	write_head(&w);
	for (size_t i = 0; i < findings->count; i++) {
		const struct finding *f = &findings->at[i];

		if (!i || f[-1].kind != f->kind)
			fprintf(out, "\n%s\n", titles[f->kind]);
		finding_write(out, history, f);
	}
	if (!findings->count)
		fputs("\nNothing to tell: no night is missing or short, nothing red that "
		      "was not\nexpected, no rate that has changed (tested at 5 %)\n",
			out);
}

static void put_rate(FILE *out, const char *name, const struct rate *rate)
{
	struct bounds bounds = rate_bounds(rate);

	fprintf(out, ",\"%s\":{\"failures\":%" PRIu64 ",\"%s\":%" PRIu64, name,
		rate->failures, rate->runs ? "runs" : "exposed_cycles", rate->exposure);
	if (rate->exposure)
		fprintf(out, ",\"rate_low\":%.6e,\"rate_high\":%.6e", bounds.low,
			bounds.high);
	fputc('}', out);
}

static void put_rates(FILE *out, const struct finding *f)
{
	put_rate(out, "before", &f->before);
	put_rate(out, "now", &f->now);
	fprintf(out, ",\"still_there\":%.6e", f->still);
	if (f->kind != FINDING_FORBIDDEN)
		fprintf(out,
			",\"p\":%.6e,\"probability_first\":%.6f,\"probability_last\":%."
			"6f",
			f->p, f->likely, f->second);
}

static void put_text(FILE *out, const char *name, const char *text)
{
	fprintf(out, ",\"%s\":", name);
	json_string(out, text);
}

static void put_finding(const struct writer *w, const struct finding *f)
{
	const struct history *h = w->history;

	fputs("{\"kind\":", w->out);
	json_string(w->out, names[f->kind]);
	put_text(w->out, "builder", builder_name(h, f->builder));
	if (has_row(f->kind)) {
		put_text(w->out, "case", h->rows[f->row].case_name);
		put_text(w->out, "subject", h->rows[f->row].subject);
		put_text(w->out, "faults", h->rows[f->row].faults);
	}
	fprintf(w->out, ",\"first\":%" PRId64 ",\"last\":%" PRId64,
		h->nights[f->first].id, h->nights[f->last].id);
	if (f->count)
		fprintf(w->out, ",\"count\":%" PRIu64, f->count);
	if (f->of)
		fprintf(w->out, ",\"of\":%" PRIu64, f->of);
	if (has_row(f->kind))
		put_rates(w->out, f);
	fputc('}', w->out);
}

void findings_json(
	FILE *out, const struct history *history, const struct findings *findings)
{
	const struct writer w = { out, history };

	fprintf(out,
		"{\"history\":{\"runs\":%zu,\"rows\":%zu,\"builders\":%zu},\"findings\":"
		"[",
		history->count, history->row_count, history->builder_count);
	for (size_t i = 0; i < findings->count; i++) {
		fputs(i ? ",\n" : "\n", out);
		put_finding(&w, &findings->at[i]);
	}
	fputs("\n]}\n", out);
}
