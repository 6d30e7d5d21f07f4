/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Progress by cause and by count, never by a clock: who woke the threads that a broadcast
 * waited for, and who overtook whom on the way to the right to stop.
 */
#include "oracle.h"
#include "runtime.h"

static void check_missed(const struct observed *o)
{
	uint32_t thread = (uint32_t)os_counted(&o->missed_thread);

	if (!os_counted(&o->missed))
		return;
	oracle_broken(ORACLE_STALL,
		"thread %u (%s), %s and owing, was seen there and not woken; "
		"it came back by its own timeout or work; slowest broadcast: %lu ticks",
		thread, thread_at(thread)->name,
		thread_where_name((enum thread_where)os_counted(&o->missed_at)),
		(unsigned long)os_counted(&o->slowest_ticks));
}

static void check_overtaken(const struct observed *o)
{
	uint64_t times = os_counted(&o->overtaken);

	if (times)
		oracle_broken(ORACLE_FAIRNESS,
			"thread %u was overtaken %lu times on its way to the right to "
			"stop",
			(uint32_t)os_counted(&o->overtaken_thread), (unsigned long)times);
}

void oracle_check_progress(void)
{
	check_missed(&world->observed);
	check_overtaken(&world->observed);
}
