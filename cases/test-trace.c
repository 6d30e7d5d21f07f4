/* SPDX-License-Identifier: BSD-2-Clause */
/* The tracer, and its strict reader on traces that were tampered with. */
#include "check_suite.h"
#include "check_world.h"
#include "stress/event.h"
#include "stress/random.h"
#include "stress/trace.h"

#include <stdlib.h>
#include <string.h>

static struct trace_summary summary;
static const char *complaint;

static int reread(const void *trace, size_t size)
{
	return trace_read(trace, size, &summary, &complaint);
}

static os_word quit;

static void yield_until_quit(void *unused)
{
	(void)unused;
	while (!os_load(&quit, memory_order_acquire)) {
		thread_yield();
		safepoint();
	}
}

/* A trace with `stops` stops of the world in it, from a world with workers and signals.
 */
static char *make_trace(unsigned stops, size_t *size)
{
	size_t capacity = trace_size(TEST_THREADS);
	char *trace = malloc(capacity);
	struct channel channel;

	ck_assert_ptr_nonnull(trace);
	test_world(2);
	channel_init(&channel, 1);
	signal_subscribe(&channel, SIGHUP);
	ck_assert_int_ge(thread_spawn("worker", yield_until_quit, NULL, false), 0);
	ck_assert_int_ge(thread_spawn("worker", yield_until_quit, NULL, true), 0);
	ck_assert_int_eq(trace_start(), 0);
	ck_assert_int_eq(trace_start(), -EBUSY);
	for (unsigned i = 1; i < stops - 1; i++) {
		os_kill_process(SIGHUP);
		ck_assert_int_eq(world_stop(), 0);
		world_restart();
	}
	ck_assert_int_eq(trace_stop(trace, capacity, size), 0);
	os_store(&quit, 1, memory_order_release);
	threads_join();
	signal_unsubscribe(&channel);
	world_end();
	return trace;
}

START_TEST(trace_is_read_back)
{
	size_t size;
	char *trace = make_trace(10, &size);

	ck_assert_int_eq(reread(trace, size), 0);
	ck_assert_uint_eq(summary.stops, 10);
	ck_assert_uint_eq(summary.starts, 10);
	/* The stops and starts, and some of what there is between them. */
	ck_assert_uint_gt(summary.events, 20);
	ck_assert_uint_gt(summary.signals, 0);
	ck_assert_uint_eq(summary.threads, 6);
	free(trace);
}
END_TEST

START_TEST(ring_that_overflows_is_counted)
{
	size_t size;
	char *trace = make_trace(EVENT_RING_SIZE, &size);

	ck_assert_int_eq(reread(trace, size), 0);
	ck_assert_uint_gt(summary.dropped, 0);
	free(trace);
}
END_TEST

START_TEST(buffer_too_small_is_an_error)
{
	char buffer[100];
	size_t size;

	test_world(1);
	ck_assert_int_eq(trace_stop(buffer, sizeof buffer, &size), -EINVAL);
	ck_assert_int_eq(trace_start(), 0);
	ck_assert_int_eq(trace_stop(buffer, sizeof buffer, &size), -ENOSPC);
	ck_assert_uint_eq(size, 0);
	ck_assert_int_eq(trace_stop(buffer, sizeof buffer, &size), -EINVAL);
	world_end();
}
END_TEST

START_TEST(every_cut_is_noticed)
{
	size_t size;
	char *trace = make_trace(4, &size);

	for (size_t cut = 0; cut < size; cut++)
		ck_assert_int_eq(reread(trace, cut), -EBADMSG);
	trace = realloc(trace, size + 1);
	ck_assert_int_eq(reread(trace, size + 1), -EBADMSG);
	free(trace);
}
END_TEST

static struct trace_header *header_of(char *trace)
{
	return (struct trace_header *)trace;
}

static struct trace_batch *first_batch_of(char *trace)
{
	return (struct trace_batch *)(trace + sizeof(struct trace_header));
}

static struct trace_event *events_of(char *trace)
{
	return (struct trace_event *)(first_batch_of(trace) + 1);
}

static void spoil(char *trace, int how)
{
	struct trace_header *header = header_of(trace);
	struct trace_batch *batch = first_batch_of(trace);
	struct trace_event *events = events_of(trace);

	switch (how) {
	case 0:
		header->magic[0] = 'H';
		break;
	case 1:
		header->version++;
		break;
	case 2:
		header->byte_order++;
		break;
	case 3:
		header->stopped = header->started - 1;
		break;
	case 4:
		header->last_stop = header->first_stop;
		break;
	case 5:
		header->last_stop++;
		break;
	case 6:
		header->batches++;
		break;
	case 7:
		header->batches--;
		break;
	case 8:
		batch->thread = THREADS_MAX;
		break;
	case 9:
		batch->kind = THREAD_RECEIVER + 1;
		break;
	case 10:
		memset(batch->name, 'x', sizeof batch->name);
		break;
	case 11:
		batch->events--;
		break;
	case 12:
		events[1].number = events[0].number;
		break;
	case 13:
		events[1].time = events[0].time - 1;
		break;
	case 14:
		events[1].what = EVENT_KIND_COUNT << 24;
		break;
	case 15:
		events[1].what = EVENT_NONE;
		break;
	case 16:
		events[0].what = (uint32_t)EVENT_HANDLER_ENTER << 24;
		events[1].what = (uint32_t)EVENT_HANDLER_ENTER << 24;
		break;
	case 17:
		events[0].what = (uint32_t)EVENT_SLOT_LEFT << 24;
		events[1].what = (uint32_t)EVENT_SLOT_LEFT << 24;
		break;
	case 18:
		events[0].what = (uint32_t)EVENT_WORLD_STARTED << 24;
		break;
	case 19:
		events[0].what = (uint32_t)EVENT_WORLD_STOPPED << 24;
		break;
	}
}

enum { WAYS_TO_SPOIL = 20 };

START_TEST(every_lie_is_noticed)
{
	size_t size;
	char *trace = make_trace(6, &size);

	ck_assert_int_eq(reread(trace, size), 0);
	spoil(trace, _i);
	ck_assert_int_eq(reread(trace, size), -EBADMSG);
	ck_assert_ptr_nonnull(complaint);
	free(trace);
}
END_TEST

/* Whatever the bytes are, the reader says yes or no and reads nothing beyond them. */
START_TEST(noise_is_survived)
{
	struct random random = { 1 };
	size_t size;
	char *trace = make_trace(6, &size), *copy = malloc(size);

	for (int i = 0; i < 20000; i++) {
		memcpy(copy, trace, size);
		for (int k = random_below(&random, 4); k >= 0; k--)
			copy[random_below(&random, (uint32_t)size)] ^=
				(char)(1 << random_below(&random, 8));
		int result = reread(copy, size);

		ck_assert(result == 0 || result == -EBADMSG);
	}
	free(copy);
	free(trace);
}
END_TEST

static void swap32(uint32_t *numbers, size_t count)
{
	for (size_t i = 0; i < count; i++)
		numbers[i] = __builtin_bswap32(numbers[i]);
}

/* As a machine of the other byte order would have written it. */
static void swap_bytes(char *trace, size_t size)
{
	struct trace_header *header = header_of(trace);
	char *at = trace + sizeof *header;

	swap32(&header->version, 2);
	header->started = __builtin_bswap64(header->started);
	header->stopped = __builtin_bswap64(header->stopped);
	swap32(&header->first_stop, 4);
	while (at < trace + size) {
		struct trace_batch *batch = (struct trace_batch *)at;
		uint32_t events = batch->events;

		swap32(&batch->thread, 2);
		swap32(&batch->first, 4);
		at = (char *)(batch + 1);
		for (uint32_t i = 0; i < events; i++, at += sizeof(struct trace_event)) {
			struct trace_event *event = (struct trace_event *)at;

			event->time = __builtin_bswap64(event->time);
			swap32(&event->what, 2);
		}
	}
}

START_TEST(either_byte_order_is_read)
{
	struct trace_summary native;
	size_t size;
	char *trace = make_trace(10, &size);

	ck_assert_int_eq(reread(trace, size), 0);
	native = summary;
	swap_bytes(trace, size);
	ck_assert_int_eq(reread(trace, size), 0);
	ck_assert_int_eq(memcmp(&native, &summary, sizeof native), 0);
	free(trace);
}
END_TEST

static Suite *trace_suite(void)
{
	Suite *suite = suite_create("trace");
	TCase *tests = add_tests(suite, "reader");

	tcase_add_test(tests, trace_is_read_back);
	tcase_add_test(tests, ring_that_overflows_is_counted);
	tcase_add_test(tests, buffer_too_small_is_an_error);
	tcase_add_test(tests, every_cut_is_noticed);
	tcase_add_loop_test(tests, every_lie_is_noticed, 0, WAYS_TO_SPOIL);
	tcase_add_test(tests, noise_is_survived);
	tcase_add_test(tests, either_byte_order_is_read);
	return suite;
}

int main(void)
{
	return run_suite(trace_suite());
}
