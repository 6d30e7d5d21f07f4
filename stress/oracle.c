/* SPDX-License-Identifier: BSD-2-Clause */
#include "oracle.h"
#include "runtime.h"

static uint32_t epoch_of(const struct oracle *oracle)
{
	return os_load(&oracle->epoch, memory_order_acquire);
}

/* A newborn inherits the count, as it does the attribute. */
static uint32_t runs_of(uint32_t thread)
{
	return (uint32_t)os_counted(thread_data(thread));
}

struct census {
	struct oracle *oracle;
	uint32_t threads;
};

static void check_thread(uint32_t thread, uint32_t tid, void *argument)
{
	struct census *census = argument;
	uint32_t epoch = epoch_of(census->oracle);

	(void)tid;
	if (fault(FAULT_CHECKS_LEADER_ONLY) && thread != 0)
		return;
	census->threads++;
	if (runs_of(thread) != epoch)
		oracle_broken(ORACLE_EXACTLY_ONCE, "thread %u ran %u of %u broadcasts",
			thread, runs_of(thread), epoch);
	oracle_compare_log(census->oracle, thread);
}

uint32_t oracle_check_all(struct oracle *oracle)
{
	struct census census = { .oracle = oracle };

	threads_visit(check_thread, &census);
	return census.threads;
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
	oracle_check_signals();
	oracle_check_progress();
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
	int error = 0;

	if (first)
		begin_epoch(oracle);
	epoch = epoch_of(oracle);
	if (runs_of(self) + 1 != epoch)
		oracle_broken(ORACLE_EXACTLY_ONCE,
			"ran %u times, and broadcast %u is to be run", runs_of(self),
			epoch);
	check_attribute(epoch - 1, "after");
	if (first || !fault(FAULT_CALL_NOT_MADE))
		error = os_attribute_set(epoch & 1);
	os_count_own(thread_data(self), 1);
	if (epoch_of(oracle) != epoch)
		oracle_broken(ORACLE_EXACTLY_ONCE,
			"broadcast %u begins in the middle of %u", epoch_of(oracle),
			epoch);
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

/* User code begins with an errno of 0 and puts a mark there; nothing that the runtime
 * does on its thread, in a handler or out of it, may change it. */
static void check_errno(void)
{
	if (OS_ERRNO_IS_OWN && errno && errno != EXFULL)
		oracle_broken(ORACLE_HANDLER_CONTEXT,
			"errno is %d, user code had put %d there", errno, EXFULL);
	errno = EXFULL;
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
	check_errno();
	if (epoch_of(oracle) != epoch)
		oracle_broken(ORACLE_ATOMICITY,
			"broadcast %u ran in the middle of user code", epoch + 1);
	thread_step();
}
