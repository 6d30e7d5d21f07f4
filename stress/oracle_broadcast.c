/* SPDX-License-Identifier: BSD-2-Clause */
/* Broadcasts on request: those that succeed, those that must fail, and those in which a
 * thread dissents. */
#include "oracle.h"
#include "die.h"

enum { REFUSED = 3, DISSENTING = 6, KINDS = 8 };

static int run_request(void *argument, bool first)
{
	struct oracle_request *request = argument;
	int error = oracle_function(request->oracle, first);

	if (first) {
		request->epoch = os_load(&request->oracle->epoch, memory_order_relaxed);
		request->coordinator = thread_self();
		oracle_log_first(request->oracle, request);
	}
	oracle_log_run(request->oracle, request);
	if (request->dissents && request->dissenter == thread_self())
		return -EDOM;
	return error;
}

static int refuse(void *unused, bool first)
{
	(void)unused;
	if (!first)
		oracle_broken(ORACLE_REFUSAL,
			"the function ran, though its first call had failed");
	return -ECANCELED;
}

static void broadcast_in_vain(const struct subject *subject)
{
	int error = subject->broadcast(refuse, NULL, NULL);

	if (error != -ECANCELED)
		oracle_broken(ORACLE_REFUSAL,
			"a first call failed with error %d, the broadcast with %d",
			ECANCELED, -error);
}

static void check_dissent(int error, uint32_t told, uint32_t dissenter)
{
	if (error != -EPROTO)
		oracle_broken(ORACLE_AGREEMENT,
			"thread %u differs, and the broadcast ends with error %d",
			dissenter, -error);
	if (told != dissenter)
		oracle_broken(ORACLE_AGREEMENT, "thread %u differs, and %u is told",
			dissenter, told);
}

static void check_agreement(int error, uint32_t told)
{
	if (error == -EPROTO)
		oracle_broken(ORACLE_AGREEMENT, "thread %u differs", told);
	if (error)
		die("broadcast: failed with error %d", -error);
}

/* The leader dissents, or the first thread after it, both of which last. */
void oracle_broadcast(struct oracle_request *request, const struct subject *subject)
{
	uint64_t kind = request->made++ % KINDS;
	uint32_t told = 0;
	int error;

	if (kind == REFUSED)
		broadcast_in_vain(subject);
	request->dissents = kind == DISSENTING;
	request->dissenter = thread_self() == 0;
	error = subject->broadcast(run_request, request, &told);
	if (request->dissents)
		check_dissent(error, told, request->dissenter);
	else
		check_agreement(error, told);
}
