/* SPDX-License-Identifier: BSD-2-Clause */
#include "sides.h"

#include "json.h"
#include "rate.h"

#include <inttypes.h>
#include <string.h>

enum { NAME_WIDTH = 26, FIELD_WIDTH = 13 };

#define DAY (INT64_C(24) * 3600 * 1000000000)

static size_t newest_of(const struct history *h, size_t builder)
{
	for (size_t n = h->count; n-- > 0;)
		if (h->nights[n].builder == builder)
			return n;
	return h->count;
}

/* Runs are in the order in which they came into the store, which need not be that of time. */
static int64_t newest_time(const struct history *h)
{
	int64_t newest = 0;

	for (size_t n = 0; n < h->count; n++)
		if (h->nights[n].started > newest)
			newest = h->nights[n].started;
	return newest;
}

static bool has_rows(const struct history *h, size_t builder)
{
	for (size_t n = 0; n < h->count; n++)
		if (h->nights[n].builder == builder && h->nights[n].row_count)
			return true;
	return false;
}

struct sides sides_of(const struct history *h)
{
	struct sides sides = { .history = h };
	int64_t since = newest_time(h) - SIDE_DAYS * DAY;

	for (size_t b = 0; b < h->builder_count && sides.count < SIDES_MAX; b++) {
		size_t newest = newest_of(h, b);

		if (newest < h->count && h->nights[newest].started >= since &&
			has_rows(h, b))
			sides.builders[sides.count++] = b;
	}
	return sides;
}

const struct machine *side_machine(const struct sides *sides, size_t side)
{
	return &sides->history->builders[sides->builders[side]];
}

const char *side_name(const struct sides *sides, size_t side, char name[SIDE_NAME_SIZE])
{
	const struct machine *machine = side_machine(sides, side);

	snprintf(name, SIDE_NAME_SIZE, "%.39s",
		*machine->builder ? machine->builder : machine->processor);
	return name;
}

static void describe(struct side_field *field)
{
	const struct history_cells *cells = &field->cells;
	size_t used = 0, unjudged = cells->cells - cells->judged;
	char *text = field->text;

	if (!cells->cells)
		return;
	if (cells->red)
		used = (size_t)snprintf(text, sizeof field->text, "%c %zu/%zu",
			cells->unexpected ? '!' : '*', cells->red, cells->judged);
	else if (cells->judged)
		used = (size_t)snprintf(text, sizeof field->text, "%s%zu",
			cells->unexpected ? "! " : "", cells->judged);
	if (unjudged)
		snprintf(text + used, sizeof field->text - used, "%s%zu ?",
			used ? ", " : "", unjudged);
}

struct side_field side_field(const struct sides *sides, size_t side, size_t row)
{
	const struct history *h = sides->history;
	struct side_field field = { .night = h->count };

	for (size_t n = h->count; n-- > 0 && !field.cells.cells;) {
		if (h->nights[n].builder != sides->builders[side])
			continue;
		field.night = n;
		field.cells = history_at(h, n, row);
	}
	describe(&field);
	return field;
}

bool sides_have(const struct sides *sides, size_t row)
{
	for (size_t s = 0; s < sides->count; s++)
		if (side_field(sides, s, row).cells.cells)
			return true;
	return false;
}

/*
 * For people
 */
struct block {
	FILE *out;
	const struct sides *sides;
	size_t first, end; /* sides that fit beside each other */
};

static void write_head(const struct block *b)
{
	char name[SIDE_NAME_SIZE];

	fprintf(b->out, "%*s", NAME_WIDTH, "");
	for (size_t s = b->first; s < b->end; s++)
		fprintf(b->out, " %-*.*s", FIELD_WIDTH - 1, FIELD_WIDTH - 1,
			side_name(b->sides, s, name));
	fprintf(b->out, "\n%*s", NAME_WIDTH, "");
	for (size_t s = b->first; s < b->end; s++)
		fprintf(b->out, " %-*.*s", FIELD_WIDTH - 1, FIELD_WIDTH - 1,
			side_machine(b->sides, s)->architecture);
	fprintf(b->out, "\n%*s", NAME_WIDTH, "");
	for (size_t s = b->first; s < b->end; s++)
		fprintf(b->out, " %-*s", FIELD_WIDTH - 1,
			side_machine(b->sides, s)->emulated ? "(emulated)" : "");
	fputc('\n', b->out);
}

static void write_row(const struct block *b, size_t r)
{
	const struct history_row *row = &b->sides->history->rows[r];
	char name[NAME_SIZE + FAULTS_SIZE + 4];

	snprintf(name, sizeof name, "%s%s%s", row->subject, *row->faults ? " + " : "",
		row->faults);
	fprintf(b->out, "  %-*.*s", NAME_WIDTH - 2, NAME_WIDTH - 2, name);
	for (size_t s = b->first; s < b->end; s++)
		fprintf(b->out, " %-*s", FIELD_WIDTH - 1,
			side_field(b->sides, s, r).text);
	fputc('\n', b->out);
}

static bool is_first_of_case(const struct sides *sides, size_t r)
{
	const struct history_row *rows = sides->history->rows;

	for (size_t k = 0; k < r; k++)
		if (!strcmp(rows[k].case_name, rows[r].case_name) && sides_have(sides, k))
			return false;
	return sides_have(sides, r);
}

/* All rows of a case together, though some may have come later than others. */
static void write_case(const struct block *b, size_t first)
{
	const struct history *h = b->sides->history;

	fprintf(b->out, "%s\n", h->rows[first].case_name);
	for (size_t r = first; r < h->row_count; r++)
		if (!strcmp(h->rows[r].case_name, h->rows[first].case_name) &&
			sides_have(b->sides, r))
			write_row(b, r);
}

static void write_block(const struct block *b)
{
	write_head(b);
	for (size_t r = 0; r < b->sides->history->row_count; r++)
		if (is_first_of_case(b->sides, r))
			write_case(b, r);
	fputc('\n', b->out);
}

void sides_write(FILE *out, const struct sides *sides, unsigned width)
{
	size_t fit = ((width < 80 ? 80 : width) - NAME_WIDTH) / FIELD_WIDTH;
	bool emulated = false;

	for (size_t s = 0; s < sides->count; s += fit)
		write_block(&(struct block){
			out, sides, s, s + fit < sides->count ? s + fit : sides->count });
	for (size_t s = 0; s < sides->count; s++)
		emulated |= side_machine(sides, s)->emulated;
	fputs("So many cells passed, when a row was last run there; or\n"
	      "  * so many of them were red, as expected   ! and some not as expected   "
	      "? "
	      "not judged\n",
		out);
	if (emulated)
		fputs("What is emulated shows nothing of a processor's memory order, "
		      "timing and "
		      "SMT.\n",
			out);
}

/*
 * For programs
 */
static void put(FILE *out, const char *name, const char *text)
{
	fprintf(out, "\"%s\":", name);
	json_string(out, text);
}

static void write_builder_json(FILE *out, const struct sides *sides, size_t side)
{
	const struct machine *machine = side_machine(sides, side);
	char name[SIDE_NAME_SIZE];

	fputc('{', out);
	put(out, "builder", side_name(sides, side, name));
	fputc(',', out);
	put(out, "architecture", machine->architecture);
	fputc(',', out);
	put(out, "processor", machine->processor);
	fprintf(out, ",\"emulated\":%s}", machine->emulated ? "true" : "false");
}

static void write_field_json(FILE *out, const struct sides *sides, size_t side, size_t r)
{
	const struct side_field field = side_field(sides, side, r);
	const struct history_cells *cells = &field.cells;

	if (!cells->cells) {
		fputs("null", out);
		return;
	}
	fprintf(out,
		"{\"run\":%" PRId64
		",\"cells\":%zu,\"judged\":%zu,\"red\":%zu,\"unexpected\":%zu",
		sides->history->nights[field.night].id, cells->cells, cells->judged,
		cells->red, cells->unexpected);
	if (cells->exposure)
		fprintf(out, ",\"failures\":%" PRIu64 ",\"%s\":%" PRIu64, cells->failures,
			cells->runs ? "runs" : "cycles", cells->exposure);
	fputc('}', out);
}

static void write_row_json(FILE *out, const struct sides *sides, size_t r)
{
	const struct history_row *row = &sides->history->rows[r];

	fputc('{', out);
	put(out, "case", row->case_name);
	fputc(',', out);
	put(out, "subject", row->subject);
	fputc(',', out);
	put(out, "faults", row->faults);
	fputs(",\"on\":[", out);
	for (size_t s = 0; s < sides->count; s++) {
		fputs(s ? "," : "", out);
		write_field_json(out, sides, s, r);
	}
	fputs("]}", out);
}

void sides_json(FILE *out, const struct sides *sides)
{
	bool any = false;

	fputs("{\"builders\":[", out);
	for (size_t s = 0; s < sides->count; s++) {
		fputs(s ? ",\n" : "\n", out);
		write_builder_json(out, sides, s);
	}
	fputs("],\n\"rows\":[", out);
	for (size_t r = 0; r < sides->history->row_count; r++) {
		if (!sides_have(sides, r))
			continue;
		fputs(any ? ",\n" : "\n", out);
		any = true;
		write_row_json(out, sides, r);
	}
	fputs("]}\n", out);
}
