/* SPDX-License-Identifier: BSD-2-Clause */
#include "findings.h"

#include "changepoint.h"
#include "statistics.h"

#include <errno.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#define FALSE_DISCOVERIES 0.05

/* A builder with fewer rows, or with fewer gaps between its nights, has no habits. */
enum { ROWS_ENOUGH = 4, GAPS_ENOUGH = 4 };

struct search {
	const struct history *history;
	struct findings *findings;
	bool *broken;	 /* nights that say something of the builder alone */
	int64_t *rhythm; /* of each builder, ns from night to night; 0: it has none */
	size_t *nights;	 /* of the builder at hand, in order; */
	size_t count;	 /* so many */
	bool failed;	 /* no memory */
};

static struct finding *add(struct search *s, enum finding_kind kind, size_t builder)
{
	struct findings *f = s->findings;
	struct finding *at = realloc(f->at, (f->count + 1) * sizeof *at);

	if (!at) {
		s->failed = true;
		return NULL;
	}
	f->at = at;
	at[f->count] = (struct finding){ .kind = kind, .builder = builder };
	return &at[f->count++];
}

static const struct history_night *night(const struct search *s, size_t i)
{
	return &s->history->nights[s->nights[i]];
}

static void take_builder(struct search *s, size_t builder)
{
	s->count = 0;
	for (size_t n = 0; n < s->history->count; n++)
		if (s->history->nights[n].builder == builder)
			s->nights[s->count++] = n;
}

/*
 * Rhythm
 */
static int by_value(const void *a, const void *b)
{
	int64_t x = *(const int64_t *)a, y = *(const int64_t *)b;

	return x < y ? -1 : x > y;
}

/* The median of the gaps, if three quarters of them are near it. */
static int64_t rhythm_of(int64_t *gaps, size_t count)
{
	size_t near = 0;
	int64_t median;

	if (count < GAPS_ENOUGH)
		return 0;
	qsort(gaps, count, sizeof *gaps, by_value);
	median = gaps[count / 2];
	for (size_t i = 0; i < count; i++)
		near += llabs(gaps[i] - median) <= median / 4;
	return 4 * near >= 3 * count ? median : 0;
}

static void find_rhythm(struct search *s, size_t builder)
{
	int64_t *gaps = malloc((s->history->count + 1) * sizeof *gaps);

	if (!gaps) {
		s->failed = true;
		return;
	}
	take_builder(s, builder);
	for (size_t i = 1; i < s->count; i++)
		gaps[i - 1] = night(s, i)->started - night(s, i - 1)->started;
	s->rhythm[builder] = rhythm_of(gaps, s->count ? s->count - 1 : 0);
	free(gaps);
}

static void find_gaps(struct search *s, size_t builder)
{
	int64_t rhythm = s->rhythm[builder];

	for (size_t i = 1; i < s->count && rhythm; i++) {
		int64_t gap = night(s, i)->started - night(s, i - 1)->started;
		struct finding *finding;

		if (2 * gap <= 3 * rhythm)
			continue;
		finding = add(s, FINDING_GAP, builder);
		if (!finding)
			return;
		finding->first = s->nights[i - 1];
		finding->last = s->nights[i];
		finding->count = (uint64_t)((gap + rhythm / 2) / rhythm) - 1;
	}
}

static void find_short(struct search *s, size_t builder)
{
	for (size_t i = 0; i < s->count; i++) {
		const struct history_night *n = night(s, i);
		struct finding *finding =
			n->missing ? add(s, FINDING_SHORT, builder) : NULL;

		if (!finding)
			continue;
		finding->first = finding->last = s->nights[i];
		finding->count = n->missing;
		finding->of = n->cells;
	}
}

/*
 * Broken builders
 */
struct health {
	size_t rows, bad;
};

/* A row is bad if half of its cells are. */
static struct health health_of(const struct history_night *n)
{
	struct health health = { 0 };

	for (size_t r = 0; r < n->row_count; r++) {
		const struct history_cells *row = &n->rows[r];

		if (!row->asked)
			continue;
		health.rows++;
		health.bad += 2 * (row->unexpected + row->unsure) >= row->cells;
	}
	return health;
}

static bool is_bad(const struct health *health)
{
	return health->rows >= ROWS_ENOUGH && 2 * health->bad >= health->rows;
}

/* There is a night of another builder within this one's rhythm, and each of them is well. */
static bool others_are_well(const struct search *s, const struct history_night *of)
{
	int64_t rhythm = s->rhythm[of->builder];
	bool any = false;

	for (size_t n = 0; n < s->history->count; n++) {
		const struct history_night *other = &s->history->nights[n];
		struct health health;

		if (other->builder == of->builder ||
			llabs(other->started - of->started) > rhythm)
			continue;
		health = health_of(other);
		if (10 * health.bad > health.rows)
			return false;
		any = true;
	}
	return any;
}

static void add_broken(struct search *s, size_t i, const struct health *health)
{
	struct findings *f = s->findings;
	struct finding *last = f->count ? &f->at[f->count - 1] : NULL;
	const struct history_night *n = night(s, i);

	s->broken[s->nights[i]] = true;
	if (i == 0 || !last || last->kind != FINDING_BROKEN ||
		last->builder != n->builder || last->last != s->nights[i - 1]) {
		last = add(s, FINDING_BROKEN, n->builder);
		if (!last)
			return;
		last->first = s->nights[i];
	}
	last->last = s->nights[i];
	last->count += health->bad;
	last->of += health->rows;
}

static void find_broken(struct search *s)
{
	for (size_t i = 0; i < s->count; i++) {
		struct health health = health_of(night(s, i));

		if (is_bad(&health) && others_are_well(s, night(s, i)))
			add_broken(s, i, &health);
	}
}

/*
 * Rows
 */
static struct history_cells cells_at(const struct search *s, size_t i, size_t row)
{
	if (s->broken[s->nights[i]])
		return (struct history_cells){ 0 };
	return history_at(s->history, s->nights[i], row);
}

static void add_to(struct rate *rate, const struct history_cells *cells)
{
	rate->failures += cells->failures;
	rate->exposure += cells->exposure;
	rate->runs |= cells->runs;
}

static double still(const struct rate *before, const struct rate *since)
{
	if (since->failures || !before->failures || !before->exposure)
		return 1;
	return still_there(
		before->failures, (double)before->exposure, (double)since->exposure);
}

static void find_forbidden(struct search *s, size_t builder, size_t row)
{
	struct finding found = { .kind = FINDING_FORBIDDEN, .row = row }, *finding;
	struct rate clean = { 0 };

	for (size_t i = 0; i < s->count; i++) {
		struct history_cells cells = cells_at(s, i, row);

		found.of += cells.judged;
		add_to(&clean, &cells);
		if (!cells.forbidden)
			continue;
		if (!found.count)
			found.first = s->nights[i];
		found.last = s->nights[i];
		found.count += cells.forbidden;
		found.before.failures += clean.failures;
		found.before.exposure += clean.exposure;
		found.before.runs |= clean.runs;
		clean = (struct rate){ .runs = clean.runs };
	}
	if (!found.count)
		return;
	found.builder = builder;
	found.now = clean;
	found.still = still(&found.before, &clean);
	finding = add(s, FINDING_FORBIDDEN, builder);
	if (finding)
		*finding = found;
}

/* The nights in which the row was exposed. */
struct line {
	size_t count, *nights;
	struct night *counts;
	double *since;
};

static bool line_begin(struct line *line, const struct search *s, size_t row)
{
	*line = (struct line){ .nights = malloc((s->count + 1) * sizeof *line->nights),
		.counts = malloc((s->count + 1) * sizeof *line->counts),
		.since = malloc((s->count + 1) * sizeof *line->since) };
	if (!line->nights || !line->counts || !line->since)
		return false;
	for (size_t i = 0; i < s->count; i++) {
		struct history_cells cells = cells_at(s, i, row);

		if (!cells.exposure)
			continue;
		line->nights[line->count] = s->nights[i];
		line->counts[line->count++] =
			(struct night){ cells.failures, cells.exposure };
	}
	return true;
}

static void line_end(struct line *line)
{
	free(line->nights);
	free(line->counts);
	free(line->since);
}

/* What is before night `end` of the line, or from it on. */
static struct rate rate_between(const struct line *line, size_t first, size_t end)
{
	struct rate rate = { 0 };

	for (size_t i = first; i < end; i++) {
		rate.failures += line->counts[i].failures;
		rate.exposure += line->counts[i].trials;
	}
	return rate;
}

/* The split that differs most; what a test of all of them says. */
static size_t best_split(const struct line *line, double *p)
{
	struct rate all = rate_between(line, 0, line->count), old = { 0 };
	size_t best = 1;

	*p = 1;
	for (size_t k = 1; k < line->count; k++) {
		double probability;

		old.failures += line->counts[k - 1].failures;
		old.exposure += line->counts[k - 1].trials;
		probability = (double)(line->count - 1) *
			      rates_equal(old.failures, (double)old.exposure,
				      all.failures - old.failures,
				      (double)(all.exposure - old.exposure));
		if (probability < *p) {
			*p = probability;
			best = k;
		}
	}
	return best;
}

static size_t likeliest(const struct line *line, size_t but)
{
	size_t best = but == 1 ? 2 : 1;

	for (size_t k = 1; k < line->count; k++)
		if (k != but && line->since[k] > line->since[best])
			best = k;
	return best;
}

static void place_change(struct finding *f, const struct line *line)
{
	double change = 1 - change_point(line->counts, line->count, line->since);
	size_t first = likeliest(line, 0);
	size_t second = line->count > 2 ? likeliest(line, first) : first;

	f->first = line->nights[first];
	f->last = line->nights[second];
	f->likely = line->since[first] / change;
	f->second = first == second ? 0 : line->since[second] / change;
}

/* A finding for now, whether it is one or not: it takes all of them to say. */
static void test_row(struct search *s, size_t builder, size_t row)
{
	struct finding *f;
	struct line line;
	size_t split = 0;
	double p;

	if (!line_begin(&line, s, row))
		s->failed = true;
	else if (rate_between(&line, 0, line.count).failures && line.count > 1)
		split = best_split(&line, &p);
	f = split ? add(s, FINDING_MORE, builder) : NULL;
	if (f) {
		f->row = row;
		f->p = p;
		f->before = rate_between(&line, 0, split);
		f->now = rate_between(&line, split, line.count);
		f->before.runs = f->now.runs = cells_at(s, 0, row).runs;
		f->still = still(&f->before, &f->now);
		if ((double)f->now.failures * (double)f->before.exposure <
			(double)f->before.failures * (double)f->now.exposure)
			f->kind = FINDING_LESS;
		place_change(f, &line);
	}
	line_end(&line);
}

static void find_in_rows(struct search *s, size_t builder)
{
	for (size_t r = 0; r < s->history->row_count && !s->failed; r++) {
		find_forbidden(s, builder, r);
		test_row(s, builder, r);
	}
}

static bool is_test(const struct finding *f)
{
	return f->kind == FINDING_MORE || f->kind == FINDING_LESS;
}

/* Drop the tests that found nothing. */
static int judge_tests(struct findings *f)
{
	double *p = malloc((f->count + 1) * sizeof *p);
	size_t tests = 0, kept = 0;
	int error = p ? 0 : -ENOMEM;

	for (size_t i = 0; i < f->count && p; i++)
		if (is_test(&f->at[i]))
			p[tests++] = f->at[i].p;
	if (!error)
		error = adjust_false_discoveries(p, tests);
	for (size_t i = 0, t = 0; i < f->count && !error; i++) {
		if (is_test(&f->at[i]))
			f->at[i].p = p[t++];
		if (!is_test(&f->at[i]) || f->at[i].p <= FALSE_DISCOVERIES)
			f->at[kept++] = f->at[i];
	}
	if (!error)
		f->count = kept;
	free(p);
	return error;
}

static int by_kind(const void *a, const void *b)
{
	const struct finding *x = a, *y = b;

	if (x->kind != y->kind)
		return (int)x->kind - (int)y->kind;
	if (x->still != y->still)
		return x->still > y->still ? -1 : 1;
	if (x->builder != y->builder)
		return x->builder < y->builder ? -1 : 1;
	if (x->row != y->row)
		return x->row < y->row ? -1 : 1;
	return x->first < y->first ? -1 : x->first > y->first;
}

/* Nights are needed of all builders before one can be called broken, and those before its rows are tested. */
static int search(struct search *s)
{
	size_t builders = s->history->builder_count;
	int error;

	for (size_t b = 0; b < builders; b++)
		find_rhythm(s, b);
	for (size_t b = 0; b < builders; b++) {
		take_builder(s, b);
		find_broken(s);
		find_gaps(s, b);
		find_short(s, b);
	}
	for (size_t b = 0; b < builders && !s->failed; b++) {
		take_builder(s, b);
		find_in_rows(s, b);
	}
	error = s->failed ? -ENOMEM : judge_tests(s->findings);
	if (!error && s->findings->count)
		qsort(s->findings->at, s->findings->count, sizeof *s->findings->at,
			by_kind);
	return error;
}

int findings_of(const struct history *history, struct findings *findings)
{
	struct search s = { .history = history,
		.findings = findings,
		.broken = calloc(history->count + 1, sizeof *s.broken),
		.rhythm = calloc(history->builder_count + 1, sizeof *s.rhythm),
		.nights = calloc(history->count + 1, sizeof *s.nights) };
	int error = -ENOMEM;

	*findings = (struct findings){ 0 };
	if (s.broken && s.rhythm && s.nights)
		error = search(&s);
	free(s.broken);
	free(s.rhythm);
	free(s.nights);
	if (error)
		findings_free(findings);
	return error;
}

static bool is_selected(const struct finding *f, const struct history *history,
	const struct selection *selection)
{
	struct run_info info = { .machine = history->builders[f->builder] };
	struct selection rows = *selection;
	struct cell cell = { .slots = 0 };

	if (!selection_has_run(
		    &(struct selection){ .builder = selection->builder }, &info))
		return false;
	if (f->kind != FINDING_FORBIDDEN && !is_test(f))
		return true;
	memcpy(cell.case_name, history->rows[f->row].case_name, sizeof cell.case_name);
	memcpy(cell.subject, history->rows[f->row].subject, sizeof cell.subject);
	memcpy(cell.faults, history->rows[f->row].faults, sizeof cell.faults);
	rows.placement = NULL;
	return selection_has_cell(&rows, &cell);
}

void findings_narrow(struct findings *findings, const struct history *history,
	const struct selection *selection)
{
	size_t kept = 0;

	for (size_t i = 0; i < findings->count; i++)
		if (is_selected(&findings->at[i], history, selection))
			findings->at[kept++] = findings->at[i];
	findings->count = kept;
}

void findings_free(struct findings *findings)
{
	free(findings->at);
	*findings = (struct findings){ 0 };
}
