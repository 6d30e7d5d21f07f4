/* SPDX-License-Identifier: BSD-2-Clause */
#include "oracle.h"

static const struct oracle_info infos[ORACLE_COUNT] = {
	[ORACLE_EXACTLY_ONCE] = { "exactly-once",
		"every thread alive at a broadcast runs its function once" },
	[ORACLE_ATOMICITY] = { "atomicity",
		"no user code runs between the first and the last run of the function" },
	[ORACLE_STATE] = { "state", "the kernel attribute that the function sets reads "
				    "the same on every thread" },
	[ORACLE_AGREEMENT] = { "agreement",
		"the function's results are the same on every thread" },
	[ORACLE_MASKS] = { "masks",
		"every thread has the same signal mask after a broadcast as before" },
	[ORACLE_PENDING] = { "pending",
		"no signal is left pending on any thread when all is quiet" },
	[ORACLE_THREADS] = { "threads",
		"the kernel's threads of the process are those on the list" },
	[ORACLE_NO_LOST_SIGNAL] = { "no lost signal",
		"after a signal was sent a handling follows, and reaches the channel" },
	[ORACLE_HANDLER] = { "handler",
		"no handler runs for more than 50 ms of CPU time, or waits for others" },
	[ORACLE_TRACE] = { "trace",
		"a trace is not empty, parses, and its stops and starts add up" },
	[ORACLE_TIMERS] = { "timers", "no timer comes before its time" },
	[ORACLE_SUBSCRIPTIONS] = { "subscriptions",
		"who has unsubscribed gets nothing more, and the disposition from before "
		"is back" },
};

const struct oracle_info *oracle_info(enum oracle_id oracle)
{
	return &infos[oracle];
}

static uint32_t epoch_of(const struct oracle *oracle)
{
	return os_load(&oracle->epoch, memory_order_acquire);
}

/* A newborn inherits the count, as it does the attribute. */
static uint32_t runs_of(uint32_t thread)
{
	return (uint32_t)os_counted(thread_data(thread));
}

static void check_thread(uint32_t thread, uint32_t tid, void *argument)
{
	struct oracle *oracle = argument;

	(void)tid;
	if (runs_of(thread) != epoch_of(oracle))
		oracle_broken(ORACLE_EXACTLY_ONCE, "thread %u ran %u of %u broadcasts",
			thread, runs_of(thread), epoch_of(oracle));
}

void oracle_check_all(struct oracle *oracle)
{
	threads_visit(check_thread, oracle);
}

static void count_thread(uint32_t thread, uint32_t tid, void *argument)
{
	(void)thread;
	(void)tid;
	++*(uint32_t *)argument;
}

/* On the coordinator, before anybody else runs the function: the last broadcast is
 * complete, the next begins. */
static void begin_epoch(struct oracle *oracle)
{
	uint32_t threads = 0, left = os_load(&oracle->unsettled, memory_order_acquire);

	if (left)
		oracle_broken(ORACLE_EXACTLY_ONCE,
			"a broadcast begins, %u threads owe the last", left);
	oracle_check_all(oracle);
	threads_visit(count_thread, &threads);
	os_store(&oracle->unsettled, threads, memory_order_release);
	os_store(&oracle->epoch, epoch_of(oracle) + 1, memory_order_release);
}

static void check_attribute(uint32_t epoch, const char *when)
{
	int attribute = os_attribute_get();

	if (attribute != (int)(epoch & 1))
		oracle_broken(ORACLE_STATE, "the attribute is %d %s broadcast %u",
			attribute, when, epoch);
}

int oracle_function(void *argument, bool first)
{
	struct oracle *oracle = argument;
	uint32_t self = thread_self(), epoch;
	int error;

	if (first)
		begin_epoch(oracle);
	epoch = epoch_of(oracle);
	check_attribute(epoch - 1, "after");
	error = os_attribute_set(epoch & 1);
	os_count_own(thread_data(self), 1);
	if (runs_of(self) != epoch_of(oracle))
		oracle_broken(ORACLE_EXACTLY_ONCE,
			"ran %u of %u broadcasts in the middle of one", runs_of(self),
			epoch_of(oracle));
	os_bump(&oracle->unsettled, -1, memory_order_acq_rel);
	return error;
}

static void check_mask(void)
{
	uint64_t mask = os_signals_get().bits, expected = thread_mask().bits;

	if (mask != expected)
		oracle_broken(ORACLE_MASKS, "mask %x:%x instead of %x:%x",
			(uint32_t)(mask >> 32), (uint32_t)mask,
			(uint32_t)(expected >> 32), (uint32_t)expected);
}

void oracle_user_step(struct oracle *oracle, bool closely)
{
	uint32_t epoch = epoch_of(oracle), self = thread_self();
	uint32_t left = os_load(&oracle->unsettled, memory_order_acquire);

	if (left)
		oracle_broken(ORACLE_ATOMICITY,
			"user code runs, %u threads have not changed", left);
	if (runs_of(self) != epoch_of(oracle))
		oracle_broken(ORACLE_EXACTLY_ONCE,
			"user code runs after %u of %u broadcasts", runs_of(self),
			epoch_of(oracle));
	if (closely) {
		check_attribute(epoch, "in user code after");
		check_mask();
	}
	if (epoch_of(oracle) != epoch)
		oracle_broken(ORACLE_ATOMICITY,
			"broadcast %u ran in the middle of user code", epoch + 1);
	thread_step();
}
