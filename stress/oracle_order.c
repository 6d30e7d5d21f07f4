/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The order of broadcasts. A broadcast is told by its request, which the function gets as
 * its argument, and gets its number in the first call, in the stopped world. Each thread
 * keeps the numbers of the last ones that it ran. All entries are written by their own
 * thread and read in a stopped world, so relaxed counters are enough.
 */
#include "oracle.h"

static uint64_t entry_of(const struct oracle_request *request)
{
	return (uint64_t)request->epoch << 32 | request->coordinator;
}

static uint32_t epoch_in(uint64_t entry)
{
	return (uint32_t)(entry >> 32);
}

static void append(struct oracle_log *log, const struct oracle_request *request)
{
	os_counter_set(&log->entries[request->epoch % ORACLE_LOG], entry_of(request));
	os_counter_set(&log->last, request->epoch);
}

void oracle_log_first(struct oracle *oracle, const struct oracle_request *request)
{
	append(&oracle->order, request);
}

void oracle_log_run(struct oracle *oracle, const struct oracle_request *request)
{
	struct oracle_log *log = &oracle->logs[thread_self()];
	uint32_t last = (uint32_t)os_counted(&log->last);

	if (request->epoch <= last)
		oracle_broken(ORACLE_ORDER, "broadcast %u of thread %u ran after %u",
			request->epoch, request->coordinator, last);
	append(log, request);
}

/* What is older in the thread's log was before its birth, or was no request. */
void oracle_compare_log(const struct oracle *oracle, uint32_t thread)
{
	for (int i = 0; i < ORACLE_LOG; i++) {
		uint64_t is = os_counted(&oracle->logs[thread].entries[i]);
		uint64_t should_be = os_counted(&oracle->order.entries[i]);

		if (epoch_in(is) < epoch_in(should_be) || is == should_be)
			continue;
		oracle_broken(ORACLE_ORDER,
			"thread %u ran broadcast %u of thread %u, which is %u of thread "
			"%u",
			thread, epoch_in(is), (uint32_t)is, epoch_in(should_be),
			(uint32_t)should_be);
	}
}
