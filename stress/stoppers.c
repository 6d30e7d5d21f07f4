/* SPDX-License-Identifier: BSD-2-Clause */
/* Those who stop the world: to broadcast, to trace, or for nothing. */
#include "roles.h"
#include "die.h"
#include "trace.h"

/* One trace at a time, and one that reads it: the next may have begun by then. */
void trace_cycle(struct storm *storm)
{
	struct trace_summary summary;
	const char *complaint;
	size_t size;
	int error;

	while ((error = trace_start()) == -EBUSY)
		let_others_run();
	if (error)
		die("trace: start failed with error %d", -error);
	while (os_exchange(&storm->trace_claimed, 1, memory_order_acquire))
		let_others_run();
	error = trace_stop(storm->trace, storm->trace_size, &size);
	if (error || !size)
		oracle_broken(ORACLE_TRACE, "stop failed with error %d, %u bytes", -error,
			(unsigned)size);
	if (trace_read(storm->trace, size, &summary, &complaint))
		oracle_broken(ORACLE_TRACE, "%s", complaint);
	/* Pairs with the exchange: the buffer is read before the next writes it. */
	os_store(&storm->trace_claimed, 0, memory_order_release);
	if (!summary.events)
		oracle_broken(ORACLE_TRACE, "the trace is empty");
	os_count(&storm->progress->traces, 1);
	os_count(&storm->progress->trace_events, summary.events);
}

/* With the world stopped nobody owes anything, and nobody else runs user code. */
static void stop_cycle(struct storm *storm)
{
	int error = storm->subject->stop_world();

	if (error)
		die("stop: failed with error %d", -error);
	oracle_user_step(&storm->oracle, false);
	storm->subject->start_world();
}

static void again_and_again(struct role *self, void (*cycle)(struct storm *storm))
{
	while (!at_rest(self->storm)) {
		cycle(self->storm);
		oracle_user_step(&self->storm->oracle, true);
		thread_yield();
	}
	role_rests(self->storm);
}

/* Several broadcast at once: their functions are one and the same, and each is told its
 * place in the order when it has stopped the world. */
static void broadcaster(void *argument)
{
	struct role *self = argument;
	struct oracle_request request = { .oracle = &self->storm->oracle };

	while (!at_rest(self->storm)) {
		oracle_broadcast(&request, self->storm->subject);
		oracle_user_step(&self->storm->oracle, true);
		thread_yield();
	}
	role_rests(self->storm);
}

static void stopper(void *self)
{
	again_and_again(self, stop_cycle);
}

static void tracer(void *self)
{
	again_and_again(self, trace_cycle);
}

const struct role_kind role_broadcaster = {
	.name = "broadcaster", .run = broadcaster, .threads = 1, .rests = true
};
const struct role_kind role_stopper = {
	.name = "stopper", .run = stopper, .threads = 1, .rests = true
};
const struct role_kind role_tracer = {
	.name = "tracer", .run = tracer, .threads = 1, .rests = true
};
