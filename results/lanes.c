/* SPDX-License-Identifier: BSD-2-Clause */
#include "lanes.h"

#include <errno.h>
#include <inttypes.h>
#include <sqlite3.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* A track is of a lane; those of what lasts have a kind. */
struct track {
	int64_t id;
	size_t lane;
	char kind[LANE_TEXT_SIZE];
	size_t open; /* the span that has not ended, and 1; 0: none */
};

/* The first end of an arrow, whose other end has not come. */
struct tail {
	int64_t id;
	size_t step;
};

struct reader {
	struct lanes *lanes;
	sqlite3_stmt *row;
	size_t track_count, tail_count;
	struct track *tracks;
	struct tail *tails;
};

enum column { PHASE, TRACK, TIME, NAME, ARROW, TRACK_NAME };

#define EVENTS                                                                           \
	"SELECT json_extract(value, '$.ph'), json_extract(value, '$.tid'),"              \
	" json_extract(value, '$.ts'), json_extract(value, '$.name'),"                   \
	" json_extract(value, '$.id'), json_extract(value, '$.args.name')"               \
	" FROM json_each(CASE WHEN json_valid(?1) THEN ?1 ELSE '{}' END, "               \
	"'$.traceEvents')"

static const char *text_of(const struct reader *r, enum column column)
{
	const char *text = (const char *)sqlite3_column_text(r->row, column);

	return text ? text : "";
}

/* With room for one more behind `count` of them; NULL without memory, and nothing has changed. */
static void *extended(void *array, size_t count, size_t size)
{
	/* Doubled whenever the number is a power of two. */
	return count & (count - 1) ? array
				   : realloc(array, (count ? 2 * count : 1) * size);
}

static struct track *track_of(struct reader *r)
{
	int64_t id = sqlite3_column_int64(r->row, TRACK);

	for (size_t i = 0; i < r->track_count; i++)
		if (r->tracks[i].id == id)
			return &r->tracks[i];
	return NULL;
}

static int find_lane(struct lanes *lanes, const char *name, size_t length, size_t *lane)
{
	char wanted[LANE_NAME_SIZE];
	struct lane *all;

	snprintf(wanted, sizeof wanted, "%.*s", (int)length, name);
	for (*lane = 0; *lane < lanes->lane_count; ++*lane)
		if (!strcmp(lanes->lanes[*lane].name, wanted))
			return 0;
	all = extended(lanes->lanes, lanes->lane_count, sizeof *all);
	if (!all)
		return -ENOMEM;
	lanes->lanes = all;
	strcpy(all[lanes->lane_count++].name, wanted);
	return 0;
}

/* "2 receiver: handler" is a track of "2 receiver". */
static int add_track(struct reader *r)
{
	const char *name = text_of(r, TRACK_NAME), *colon = strstr(name, ": ");
	size_t length = colon ? (size_t)(colon - name) : strlen(name);
	struct track *all = extended(r->tracks, r->track_count, sizeof *all), *track;

	if (!all)
		return -ENOMEM;
	r->tracks = all;
	track = &all[r->track_count++];
	*track = (struct track){ .id = sqlite3_column_int64(r->row, TRACK) };
	snprintf(track->kind, sizeof track->kind, "%s", colon ? colon + 2 : "");
	return find_lane(r->lanes, name, length, &track->lane);
}

static int begin_span(struct reader *r, struct track *track)
{
	struct lanes *lanes = r->lanes;
	struct lane_span *all = extended(lanes->spans, lanes->span_count, sizeof *all);
	struct lane_span *span;

	if (!all)
		return -ENOMEM;
	lanes->spans = all;
	span = &all[lanes->span_count++];
	*span = (struct lane_span){ track->lane, lanes->step_count, SIZE_MAX, "", "" };
	strcpy(span->kind, track->kind);
	snprintf(span->text, sizeof span->text, "%s", text_of(r, NAME));
	track->open = lanes->span_count;
	return 0;
}

static int end_span(struct lanes *lanes, struct track *track)
{
	if (track->open)
		lanes->spans[track->open - 1].to = lanes->step_count;
	track->open = 0;
	return 0;
}

static int add_step(struct reader *r, const struct track *track)
{
	struct lanes *lanes = r->lanes;
	struct lane_step *all = extended(lanes->steps, lanes->step_count, sizeof *all);
	struct lane_step *step;

	if (!all)
		return -ENOMEM;
	lanes->steps = all;
	step = &all[lanes->step_count++];
	*step = (struct lane_step){ track->lane, sqlite3_column_double(r->row, TIME),
		"" };
	snprintf(step->text, sizeof step->text, "%s", text_of(r, NAME));
	return 0;
}

/* An end follows the step that it is at. */
static int add_tail(struct reader *r)
{
	struct tail *all = extended(r->tails, r->tail_count, sizeof *all);

	if (!all)
		return -ENOMEM;
	r->tails = all;
	all[r->tail_count++] = (struct tail){ sqlite3_column_int64(r->row, ARROW),
		r->lanes->step_count - 1 };
	return 0;
}

static int add_arrow(struct reader *r)
{
	struct lanes *lanes = r->lanes;
	int64_t id = sqlite3_column_int64(r->row, ARROW);
	struct lane_arrow *all;

	for (size_t i = r->tail_count; i-- > 0;) {
		if (r->tails[i].id != id)
			continue;
		all = extended(lanes->arrows, lanes->arrow_count, sizeof *all);
		if (!all)
			return -ENOMEM;
		lanes->arrows = all;
		all[lanes->arrow_count++] =
			(struct lane_arrow){ r->tails[i].step, lanes->step_count - 1 };
		return 0;
	}
	return 0;
}

static int take_event(struct reader *r)
{
	char phase = *text_of(r, PHASE);
	struct track *track = track_of(r);

	if (phase == 'M')
		return add_track(r);
	if (!track || ((phase == 's' || phase == 'f') && !r->lanes->step_count))
		return -EINVAL;
	switch (phase) {
	case 'B':
		return begin_span(r, track);
	case 'E':
		return end_span(r->lanes, track);
	case 'X':
		return add_step(r, track);
	case 's':
		return add_tail(r);
	case 'f':
		return add_arrow(r);
	default:
		return 0;
	}
}

static int take_events(struct reader *r)
{
	int error = 0, step = SQLITE_DONE;

	while (!error && (step = sqlite3_step(r->row)) == SQLITE_ROW)
		error = take_event(r);
	if (!error && step != SQLITE_DONE)
		error = step == SQLITE_NOMEM ? -ENOMEM : -EINVAL;
	return error ? error : r->lanes->step_count ? 0 : -EINVAL;
}

static void close_spans(struct lanes *lanes)
{
	for (size_t i = 0; i < lanes->span_count; i++)
		if (lanes->spans[i].to == SIZE_MAX)
			lanes->spans[i].to = lanes->step_count;
}

int lanes_read(struct lanes *lanes, const char *json)
{
	struct reader r = { .lanes = lanes };
	sqlite3 *db = NULL;
	int error = 0;

	*lanes = (struct lanes){ 0 };
	if (sqlite3_open(":memory:", &db) ||
		sqlite3_prepare_v2(db, EVENTS, -1, &r.row, NULL) ||
		sqlite3_bind_text(r.row, 1, json, -1, SQLITE_STATIC))
		error = -ENOMEM;
	else
		error = take_events(&r);
	sqlite3_finalize(r.row);
	sqlite3_close(db);
	free(r.tracks);
	free(r.tails);
	if (error)
		lanes_free(lanes);
	else
		close_spans(lanes);
	return error;
}

void lanes_free(struct lanes *lanes)
{
	free(lanes->lanes);
	free(lanes->spans);
	free(lanes->steps);
	free(lanes->arrows);
	*lanes = (struct lanes){ 0 };
}
