/* SPDX-License-Identifier: BSD-2-Clause */
/* The last events as a trace, and that trace read again to be drawn. */
#include "check_suite.h"

#include "results/lanes.h"
#include "runners/timeline.h"

#include <errno.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>

enum { TO_PROCESS = EVENT_TO_PROCESS << 8 };

static const struct world_view view = {
	.thread_count = 2,
	.threads = { { .index = 0, .name = "leader" }, { .index = 1, .name = "worker" } },
};

/* One microsecond after the other. Freed with the process. */
static struct lanes drawn(const struct timeline_event *events, size_t count)
{
	struct timeline_event *all = calloc(count, sizeof *all);
	struct timeline timeline = { count, all };
	struct lanes lanes;
	char *text;
	size_t size;
	FILE *out = open_memstream(&text, &size);

	for (size_t i = 0; i < count; i++) {
		all[i] = events[i];
		all[i].event.time = 5000 + 1000 * i;
	}
	timeline_write_trace(out, &timeline, &view);
	fclose(out);
	ck_assert_int_eq(lanes_read(&lanes, text), 0);
	ck_assert_uint_eq(lanes.step_count, count);
	free(all);
	free(text);
	return lanes;
}

#define DRAWN(events) drawn(events, sizeof events / sizeof *(events))

static struct timeline_event by(uint32_t thread, enum event_kind kind, uint32_t argument)
{
	return (struct timeline_event){ thread, { .kind = kind, .argument = argument } };
}

START_TEST(what_lasts_is_a_span)
{
	const struct timeline_event events[] = {
		by(0, EVENT_SLOT_TAKEN, 3),
		by(1, EVENT_PARK, 0),
		by(0, EVENT_SLOT_LEFT, 3),
	};
	struct lanes lanes = DRAWN(events);

	ck_assert_uint_eq(lanes.lane_count, 2);
	ck_assert_str_eq(lanes.lanes[0].name, "0 leader");
	ck_assert_str_eq(lanes.lanes[1].name, "1 worker");
	ck_assert_uint_eq(lanes.span_count, 2);
	ck_assert_str_eq(lanes.spans[0].kind, "slot");
	ck_assert_str_eq(lanes.spans[0].text, "slot 3");
	ck_assert_uint_eq(lanes.spans[0].lane, 0);
	ck_assert_uint_eq(lanes.spans[0].from, 0);
	ck_assert_uint_eq(lanes.spans[0].to, 2);
	/* What has not ended goes on to the end. */
	ck_assert_str_eq(lanes.spans[1].kind, "parked");
	ck_assert_uint_eq(lanes.spans[1].lane, 1);
	ck_assert_uint_eq(lanes.spans[1].from, 1);
	ck_assert_uint_eq(lanes.spans[1].to, 3);
	ck_assert_double_eq_tol(lanes.steps[2].time, 2, 1e-9);
	ck_assert_str_eq(lanes.steps[1].text, event_name(EVENT_PARK));
	lanes_free(&lanes);
}
END_TEST

START_TEST(signals_are_arrows)
{
	const struct timeline_event events[] = {
		by(0, EVENT_SIGNAL_SENT, TO_PROCESS | SIGHUP),
		by(0, EVENT_SIGNAL_SENT, 1 << 8 | SIGHUP),
		by(0, EVENT_SIGNAL_SENT, 1 << 8 | SIGHUP), /* one with the one before */
		by(0, EVENT_SIGNAL_SENT, 1 << 8 | SIGUSR1),
		by(1, EVENT_HANDLER_ENTER, SIGHUP), /* its own first */
		by(1, EVENT_HANDLER_LEAVE, SIGHUP), by(1, EVENT_HANDLER_ENTER, SIGHUP),
		by(1, EVENT_HANDLER_LEAVE, SIGHUP),
		by(0, EVENT_HANDLER_ENTER,
			SIGHUP), /* of one that was sent before all this */
	};
	struct lanes lanes = DRAWN(events);

	ck_assert_uint_eq(lanes.arrow_count, 2);
	ck_assert_uint_eq(lanes.arrows[0].from, 1);
	ck_assert_uint_eq(lanes.arrows[0].to, 4);
	ck_assert_uint_eq(lanes.arrows[1].from, 0);
	ck_assert_uint_eq(lanes.arrows[1].to, 6);
	lanes_free(&lanes);
}
END_TEST

/* A thread that has ended is in no view, and has a lane if it did something. */
START_TEST(those_gone_have_a_lane)
{
	const struct timeline_event events[] = {
		by(7, EVENT_PARK, 0),
		by(7, EVENT_UNPARK, 0),
		by(7, EVENT_THREAD_GONE, 0),
	};
	struct lanes lanes = DRAWN(events);

	ck_assert_uint_eq(lanes.lane_count, 3);
	ck_assert_str_eq(lanes.lanes[lanes.steps[2].lane].name, "7 (gone)");
	lanes_free(&lanes);
}
END_TEST

/* More than any array had room for at first. */
START_TEST(many_fit)
{
	struct timeline_event events[500];
	struct lanes lanes;

	for (uint32_t i = 0; i < 500; i++)
		events[i] = by(i % 2, i % 4 < 2 ? EVENT_PARK : EVENT_UNPARK, 0);
	lanes = DRAWN(events);
	ck_assert_uint_eq(lanes.span_count, 250);
	for (size_t i = 0; i < lanes.span_count; i++)
		ck_assert_uint_eq(lanes.spans[i].to, lanes.spans[i].from + 2);
	lanes_free(&lanes);
}
END_TEST

static const char *const no_traces[] = {
	"",
	"{",
	"[]",
	"{}",
	"{\"traceEvents\":[]}",
	"{\"traceEvents\":[1,null,\"x\",{}]}",
	"{\"traceEvents\":[{\"ph\":\"X\",\"tid\":1,\"ts\":0,\"name\":\"of no track\"}]}",
	("{\"traceEvents\":[{\"ph\":\"M\",\"tid\":1,\"args\":{\"name\":\"a\"}},"
	 "{\"ph\":\"f\",\"tid\":1,\"id\":1}]}"),
};

START_TEST(others_are_refused)
{
	struct lanes lanes;

	ck_assert_int_eq(lanes_read(&lanes, no_traces[_i]), -EINVAL);
}
END_TEST

static Suite *lanes_suite(void)
{
	Suite *suite = suite_create("lanes");
	TCase *tests = add_tests(suite, "lanes");

	tcase_add_test(tests, what_lasts_is_a_span);
	tcase_add_test(tests, signals_are_arrows);
	tcase_add_test(tests, those_gone_have_a_lane);
	tcase_add_test(tests, many_fit);
	tcase_add_loop_test(
		tests, others_are_refused, 0, sizeof no_traces / sizeof *no_traces);
	return suite;
}

int main(void)
{
	return run_suite(lanes_suite());
}
