/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * A storm from beginning to end.
 *
 * The coordinator runs its cycles; then the senders come to rest, the observer may look
 * at the stopped process, and the waiting roles are let go. The leader is the coordinator
 * itself, or waits parked for all the others, which makes it the thread that Linux
 * prefers for signals to the process.
 */
#include "storm.h"
#include "die.h"
#include "roles.h"
#include "trace.h"

#include <string.h>

/* Leader, sysmon, receiver, template thread, two pollers; and the thread of warm_up, which
 * may still be on its way out. */
enum { SERVICES = 7 };

static const struct {
	const char *name, *summary;
} targets[TARGET_COUNT] = {
	[TARGET_PROCESS] = { "process", "the process: the kernel picks the thread" },
	[TARGET_ROTATE] = { "rotate", "each thread in turn" },
	[TARGET_LEADER] = { "leader", "the thread-group leader" },
	[TARGET_COORDINATOR] = { "coordinator", "the thread that runs the cycles" },
	[TARGET_PARKED] = { "parked", "threads that are parked, in turn" },
	[TARGET_TEMPLATE] = { "template", "the template thread" },
	[TARGET_POLLER] = { "poller", "the threads that wait for timers, in turn" },
	[TARGET_SYSMON] = { "sysmon", "the thread that takes slots from long calls" },
	[TARGET_RECEIVER] = { "receiver",
		"the thread that takes signals from the queue" },
	[TARGET_SYSCALL] = { "syscall", "threads that are in a system call, in turn" },
	[TARGET_NEWBORN] = { "newborn", "the youngest thread" },
	[TARGET_ENDING] = { "ending", "the thread that was about to end last" },
};

const char *storm_target_name(enum storm_target target)
{
	return targets[target].name;
}

const char *storm_target_summary(enum storm_target target)
{
	return targets[target].summary;
}

enum storm_target storm_target_named(const char *name)
{
	enum storm_target target = TARGET_PROCESS;

	while (target < TARGET_COUNT && strcmp(targets[target].name, name) != 0)
		target++;
	return target;
}

const char *storm_party_name(enum storm_party party)
{
	static const char *const names[PARTY_COUNT] = {
		[PARTY_COORDINATOR] = "coordinator",
		[PARTY_SENDER] = "sender",
		[PARTY_RECEIVER] = "receiver",
		[PARTY_WORKERS] = "workers",
	};

	return names[party];
}

/* A leader that is not the coordinator only waits, parked, as workers do. */
enum storm_party storm_party_of(const struct storm_plan *plan, const char *name)
{
	const char *coordinator = plan->coordinator_on_leader ? "leader" : "coordinator";

	if (!strcmp(name, coordinator))
		return PARTY_COORDINATOR;
	if (!strcmp(name, "receiver") || !strcmp(name, "drain"))
		return PARTY_RECEIVER;
	return role_sends(name) ? PARTY_SENDER : PARTY_WORKERS;
}

size_t storm_size(uint32_t threads_max)
{
	return sizeof(struct storm) + threads_max * sizeof(struct role) +
	       trace_size(threads_max) + 3 * 64;
}

uint32_t storm_threads(const struct storm_plan *plan)
{
	uint32_t threads = SERVICES + !plan->coordinator_on_leader;

	for (size_t i = 0; i < STORM_ROLES_MAX && plan->roles[i].kind; i++)
		threads += plan->roles[i].count * role_threads(plan->roles[i].kind);
	return threads;
}

uint32_t storm_threads_least(const struct storm_plan *plan)
{
	uint32_t threads = storm_threads(plan);

	for (size_t i = 0; i < STORM_ROLES_MAX && plan->roles[i].kind; i++)
		threads -= plan->roles[i].count * role_spare_threads(plan->roles[i].kind);
	return threads;
}

static uint64_t bit_of(int signal)
{
	return UINT64_C(1) << (signal - 1);
}

/* The runtime opens its own signal whatever it finds (golang/go#52226). */
struct os_signal_set storm_blocked(const struct storm_plan *plan)
{
	bool hangup = plan->starts_with & START_HANGUP_BLOCKED;

	return (struct os_signal_set){ hangup ? bit_of(OS_SIGNAL_HANGUP) : 0 };
}

void storm_prepare(const struct storm_plan *plan)
{
	struct os_signal_set mask = storm_blocked(plan);

	for (uint32_t i = 0; i < STORM_SIGNALS; i++)
		os_signal_dispose(storm_signal(i), OS_SIGNAL_IGNORE, NULL, NULL);
	if (plan->starts_with & START_NUDGE_BLOCKED)
		mask.bits |= bit_of(OS_SIGNAL_NUDGE);
	os_signals_set(mask);
}

static bool time_is_up(const struct storm *storm, uint64_t began)
{
	uint64_t limit = storm->plan->time_limit;

	return limit && os_now() - began >= limit;
}

static void run_cycle(
	struct storm *storm, struct oracle_request *request, struct random *random)
{
	bool aligned = storm->plan->aligned;
	uint64_t began = 0;

	if (aligned) {
		align_wait(align_meet(&storm->align, ALIGN_STOPPER, random));
		began = os_now();
	}
	if (storm->plan->cycle & CYCLE_TRACE)
		trace_cycle(storm);
	if (storm->plan->cycle & CYCLE_BROADCAST)
		oracle_broadcast(request, storm->subject);
	if (aligned)
		align_measured(&storm->align, ALIGN_STOPPER, os_now() - began);
}

static void run_cycles(struct storm *storm)
{
	struct random random = { storm->plan->seed };
	struct oracle_request request = { .oracle = &storm->oracle };
	uint64_t began = os_now();

	for (uint64_t i = 0; i < storm->plan->cycles && !time_is_up(storm, began);
		i += storm->counts_as) {
		run_cycle(storm, &request, &random);
		oracle_user_step(&storm->oracle, true);
		os_count_own(&storm->progress->cycles, storm->counts_as);
		/* With one slot nobody else would ever run between two cycles. */
		thread_yield();
	}
}

static void set_state(struct storm *storm, enum storm_state state)
{
	os_store(&storm->progress->state, state, memory_order_release);
}

static void audit(struct storm *storm)
{
	storm->subject->stop_world();
	os_counter_set(&storm->progress->checked, oracle_check_all(&storm->oracle));
	oracle_check_signals();
	oracle_check_receiver();
	oracle_check_progress();
	if (storm->audit && storm->audit->look) {
		set_state(storm, STORM_AUDIT);
		storm->audit->look(storm->audit->argument);
	}
	set_state(storm, STORM_ENDS);
	storm->subject->start_world();
}

static void coordinate(void *argument)
{
	struct storm *storm = argument;

	os_store(&storm->lasts[thread_self()], 1, memory_order_release);
	os_store(&storm->progress->coordinator, thread_tid(thread_self()),
		memory_order_relaxed);
	os_store(&storm->coordinator, thread_self(), memory_order_relaxed);
	set_state(storm, STORM_RUNS);
	os_store(&storm->started, 1, memory_order_release);
	run_cycles(storm);
	roles_rest(storm);
	audit(storm);
	roles_let_go(storm);
}

static void do_nothing(void *unused)
{
	(void)unused;
}

/* Have every service thread there from the first cycle on: the template thread is started
 * by the first birth that asks for it, the pollers by the first timer. A cold storm leaves
 * that to its roles, which meet each other and the first broadcasts in it. */
static int warm_up(struct storm *storm)
{
	struct channel channel;
	uint32_t value;
	int error, thread = storm->subject->spawn("warm-up", do_nothing, NULL, true);

	if (thread < 0)
		return thread;
	channel_init(&channel, 1);
	error = channel_receive(&channel, os_now(), &value);
	roles_count_on_services(storm, (uint32_t)thread);
	return error == -ETIMEDOUT ? 0 : error;
}

static int run_world(struct storm *storm)
{
	int error = storm->plan->cold ? 0 : warm_up(storm);

	if (!error)
		error = roles_start(storm);
	if (error)
		return error;
	if (storm->plan->coordinator_on_leader)
		coordinate(storm);
	else
		error = storm->subject->spawn("coordinator", coordinate, storm, false);
	if (error < 0)
		return error;
	threads_join();
	roles_end(storm);
	return 0;
}

/* Whoever starts a world gets back the mask that it came with. */
static void end_world(const struct subject *subject, struct os_signal_set before)
{
	struct os_signal_set after;

	subject->end();
	after = os_signals_get();
	if (after.bits != before.bits)
		oracle_broken(ORACLE_MASKS, "mask %x:%x instead of %x:%x after the world",
			(uint32_t)(after.bits >> 32), (uint32_t)after.bits,
			(uint32_t)(before.bits >> 32), (uint32_t)before.bits);
}

int storm_run(const struct subject *subject, const struct world_config *config,
	const struct storm_plan *plan, struct storm_progress *progress,
	const struct storm_audit *look)
{
	struct os_signal_set mask = os_signals_get();
	struct storm *storm;
	int error;

	/* A world inherits its attribute from whoever starts it. */
	error = os_attribute_set(false);
	if (!error)
		error = subject->start(config);
	if (error)
		return error;
	storm = world_allocate(sizeof *storm);
	if (!storm)
		return -ENOMEM;
	storm->subject = subject;
	storm->plan = plan;
	storm->progress = progress;
	storm->counts_as = config->faults.on[FAULT_HALF_ROUNDS] ? 2 : 1;
	storm->audit = look;
	storm->trace_size = trace_size(config->threads_max);
	storm->trace = world_allocate(storm->trace_size);
	if (!storm->trace)
		return -ENOMEM;
	error = run_world(storm);
	if (error)
		return error;
	end_world(subject, mask);
	set_state(storm, STORM_DONE);
	return 0;
}
