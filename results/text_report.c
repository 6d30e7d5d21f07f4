/* SPDX-License-Identifier: BSD-2-Clause */
#include "text_report.h"

#include "alike.h"
#include "again.h"
#include "overlap.h"
#include "paint.h"
#include "rate.h"
#include "score.h"
#include "tally.h"
#include "wrap.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct report {
	FILE *out;
	const struct run *run;
	const struct matrix_style *style;
};

static void write_failure(const struct report *r, size_t i, size_t like)
{
	const struct cell *cell = &r->run->cells[i];
	const struct outcome *outcome = &r->run->outcomes[i];
	enum standing standing = cell_standing(cell, outcome);
	char command[COMMAND_SIZE], head[512];

	snprintf(head, sizeof head, "%s %s, %s%s%s: %zu %s",
		standing == STANDING_UNEXPECTED	   ? matrix_mark(true, r->style->unicode)
		: verdict_is_red(outcome->verdict) ? matrix_mark(false, r->style->unicode)
						   : " ",
		cell->case_name, cell->subject, *cell->faults ? " + " : "", cell->faults,
		like, verdict_name(outcome->verdict));
	paint(r->out, r->style->color,
		standing == STANDING_UNEXPECTED ? PAINT_BOLD_RED : "0", head, 0);
	fprintf(r->out, "\n    %s\n", outcome->reason);
	if (outcome->verdict == VERDICT_SKIPPED)
		return;
	cell_command(cell, outcome, command, sizeof command);
	fprintf(r->out, "    again: %s\n", command);
	if (*outcome->evidence)
		fprintf(r->out, "    why: hupstorm show %" PRId64 "/%zu\n",
			r->run->info.id, run_number(r->run, i));
}

static void write_failures(const struct report *r, enum standing standing)
{
	for (size_t i = 0; i < r->run->count; i++) {
		size_t like;

		if (!is_noteworthy(r->run, i) ||
			cell_standing(&r->run->cells[i], &r->run->outcomes[i]) !=
				standing)
			continue;
		like = count_alike(r->run, i);
		if (like)
			write_failure(r, i, like);
	}
}

/* A known-red cell that passed. */
static void write_survivors(const struct report *r)
{
	for (size_t i = 0; i < r->run->count; i++) {
		const struct cell *cell = &r->run->cells[i];
		const struct outcome *outcome = &r->run->outcomes[i];
		char command[COMMAND_SIZE];

		if (outcome->verdict != VERDICT_PASS || cell->expected != EXPECT_RED ||
			is_of_score(cell))
			continue;
		cell_command(cell, outcome, command, sizeof command);
		fprintf(r->out,
			"%s %s, %s + %s: passed, but is known to be wrong\n    again: "
			"%s\n",
			matrix_mark(true, r->style->unicode), cell->case_name,
			cell->subject, cell->faults, command);
	}
}

static void write_rate(FILE *out, const struct cell *row, const struct rate *rate)
{
	fprintf(out, "  %-20s %-22s ", row->case_name,
		*row->faults ? row->faults : row->subject);
	rate_write(out, rate);
	fputc('\n', out);
}

/* Of the cells of a row, or of those alone that need not fail. */
static struct rate rate_of_row(
	const struct run *run, const struct cell *row, bool expected_red_too)
{
	struct rate rate = { 0 };

	for (size_t i = 0; i < run->count; i++)
		if (same_row(&run->cells[i], row) &&
			(expected_red_too || run->cells[i].expected != EXPECT_RED))
			rate_add(&rate, &run->cells[i], &run->outcomes[i]);
	return rate;
}

/* "0 / 200000 cycles, < 1.5e-05" for each row without a failure. */
static void write_exclusions(const struct report *r)
{
	bool headed = false;

	for (size_t i = 0; i < r->run->count; i++) {
		const struct cell *row = &r->run->cells[i];
		struct rate rate;

		if (!is_first_of_row(r->run, i))
			continue;
		rate = rate_of_row(r->run, row, true);
		if (rate.failures || !rate.exposure)
			continue;
		if (!headed)
			fputs("\nWhat the green cells exclude: more failures than "
			      "that (95 %, one-sided bounds)\n",
				r->out);
		headed = true;
		write_rate(r->out, row, &rate);
	}
}

/* "2 / 7229 cycles, 3.3e-05 to 1.0e-03" for each row in which something has failed that
 * need not. */
static void write_failure_rates(const struct report *r)
{
	bool headed = false;

	for (size_t i = 0; i < r->run->count; i++) {
		const struct cell *row = &r->run->cells[i];
		struct rate rate;

		if (!is_first_of_row(r->run, i))
			continue;
		rate = rate_of_row(r->run, row, false);
		if (!rate.failures || !rate.exposure)
			continue;
		if (!headed)
			fputs("\nHow often the others fail (95 %, two-sided bounds)\n",
				r->out);
		headed = true;
		write_rate(r->out, row, &rate);
	}
}

/* Whether an earlier cell of the row has been explored as far as this one. */
static bool is_first_extent(const struct run *run, size_t i)
{
	for (size_t k = 0; k < i; k++)
		if (same_row(&run->cells[k], &run->cells[i]) &&
			!strcmp(run->outcomes[k].extent, run->outcomes[i].extent))
			return false;
	return true;
}

static void write_extent(const struct report *r, size_t i)
{
	const struct cell *row = &r->run->cells[i];
	uint64_t states = 0;
	size_t worlds = 0;

	for (size_t k = i; k < r->run->count; k++) {
		const struct outcome *outcome = &r->run->outcomes[k];

		if (outcome->verdict != VERDICT_PASS ||
			!same_row(&r->run->cells[k], row) ||
			strcmp(outcome->extent, r->run->outcomes[i].extent) != 0)
			continue;
		worlds += 1 + outcome->more;
		states += outcome->states;
	}
	fprintf(r->out, "  %-20s %-22s %zu world%s, %s", row->case_name,
		*row->faults ? row->faults : row->subject, worlds, worlds == 1 ? "" : "s",
		r->run->outcomes[i].extent);
	if (states)
		fprintf(r->out, ": %" PRIu64 " states", states);
	fputc('\n', r->out);
}

/* "210 worlds, complete: 181234567 states" for each row of what was explored and passed,
 * and each extent. */
static void write_explored(const struct report *r)
{
	bool headed = false;

	for (size_t i = 0; i < r->run->count; i++) {
		if (r->run->cells[i].engine != ENGINE_EXPLORED ||
			r->run->outcomes[i].verdict != VERDICT_PASS ||
			!is_first_extent(r->run, i))
			continue;
		if (!headed)
			fputs("\nExplored, and nothing failed\n", r->out);
		headed = true;
		write_extent(r, i);
	}
}

static void write_absent(const struct report *r)
{
	const char *const *absent = r->style->absent;

	if (!absent || !*absent)
		return;
	fputs("\nNot on this machine\n", r->out);
	for (; *absent; absent += 2)
		fprintf(r->out, "  %-20s %s\n", absent[0], absent[1]);
}

static void write_summary(const struct report *r)
{
	const struct tally all = tally_run(r->run);
	size_t unexpected = all.of_standing[STANDING_UNEXPECTED];
	size_t expected = all.of_standing[STANDING_AS_EXPECTED];

	fprintf(r->out,
		"\n%zu cells: %zu as expected, %zu not as expected, %zu not judged",
		all.cells, expected, unexpected, all.cells - expected - unexpected);
	if (all.of[VERDICT_MISSING])
		fprintf(r->out, " (%zu of them missing)", all.of[VERDICT_MISSING]);
	fputc('\n', r->out);
}

static void write_head(const struct report *r)
{
	const struct machine *m = &r->run->info.machine;

	fprintf(r->out, "%s, %s, %s%s, %u PUs on %u cores, Linux %s\n", m->processor,
		m->architecture, m->byte_order, m->emulated ? ", emulated" : "",
		m->processing_units, m->cores, m->kernel);
	if (*m->builder)
		fprintf(r->out, "%s: %s, %s\n", m->builder, m->libc, m->compiler);
	fputc('\n', r->out);
}

static void write_details(const struct report *r)
{
	bool any = false, starred = false;

	for (size_t i = 0; i < r->run->count; i++) {
		const struct outcome *outcome = &r->run->outcomes[i];

		any |= is_noteworthy(r->run, i);
		starred |= verdict_is_red(outcome->verdict) &&
			   !is_of_score(&r->run->cells[i]);
	}
	if (starred)
		fprintf(r->out, "\n%s red, as expected    %s not as expected\n",
			matrix_mark(false, r->style->unicode),
			matrix_mark(true, r->style->unicode));
	if (any)
		fputc('\n', r->out);
	write_survivors(r);
	write_failures(r, STANDING_UNEXPECTED);
	write_failures(r, STANDING_NOT_JUDGED);
	write_failures(r, STANDING_AS_EXPECTED);
}

/* Beside the subjects the harness is told of in a few lines. */
static bool has_matrix(const struct run *run)
{
	for (size_t i = 0; i < run->count; i++)
		if (!is_of_score(&run->cells[i]))
			return true;
	return false;
}

/* Of all cells: what was done at their system calls. */
static void write_perturbation(FILE *out, const struct run *run)
{
	uint64_t count = 0, time = 0, errors = 0, stale = 0;

	for (size_t i = 0; i < run->count; i++) {
		if (!*run->cells[i].perturbation)
			continue;
		count += run->outcomes[i].perturb_count;
		time += run->outcomes[i].perturb_time;
		errors += run->outcomes[i].perturb_errors;
		stale += run->outcomes[i].perturb_stale;
	}
	if (count || errors)
		fprintf(out,
			"\nSystem calls: %" PRIu64
			" held up, for %.1f s of threads' time; "
			"%" PRIu64 " failed; %" PRIu64
			" interrupted before they were answered\n",
			count, (double)time / 1e9, errors, stale);
}

static void write_report(const struct report *r)
{
	write_head(r);
	matrix_write(r->out, r->run, r->style);
	write_details(r);
	write_exclusions(r);
	write_failure_rates(r);
	write_explored(r);
	overlap_write(r->out, r->run);
	write_perturbation(r->out, r->run);
	score_write(r->out, r->run, has_matrix(r->run));
	write_absent(r);
	write_summary(r);
}

static char *wrapped(char *text, size_t width)
{
	char *lines = NULL;
	size_t size;
	FILE *out = text && width ? open_memstream(&lines, &size) : NULL;

	if (!out)
		return text;
	wrap_write(out, text, width);
	if (fclose(out))
		return text;
	free(text);
	return lines;
}

char *report_text(const struct run *run, const struct matrix_style *style)
{
	struct report r = { .run = run, .style = style };
	char *text = NULL;
	size_t size;

	r.out = open_memstream(&text, &size);
	if (!r.out)
		return NULL;
	write_report(&r);
	if (!fclose(r.out))
		return wrapped(text, style->width);
	free(text);
	return NULL;
}
