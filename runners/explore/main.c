/* SPDX-License-Identifier: BSD-2-Clause */
/* hupstorm explore and hupstorm replay: the program behind both commands. */
#include "clock.h"
#include "graph.h"
#include "minimise.h"
#include "opening.h"
#include "options.h"
#include "table.h"

#include "runners/commands.h"

#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* How much of everything that happens there is in a small world, if nobody says: enough
 * for chance, and little enough for a graph. */
enum { MUCH_BY_CHANCE = 8, MUCH_IN_GRAPHS = 2 };

static void show(struct program *program, const struct schedule *list,
	const struct attempt *failure)
{
	table_print(stdout, program, list);
	table_print_end(stdout, program, list, failure);
}

/* A failure counts only if it fails again from the start; a hang is cut to the part in
 * which something still moved, if it hangs without the rest too. */
static bool confirm(
	struct program *program, struct schedule *list, struct attempt *failure)
{
	struct schedule whole = { 0 };
	struct attempt again;

	schedule_copy(&whole, list);
	if (tail_of(failure)) {
		list->count = failure->moved;
		replay(program, list, tail_of(failure), NULL, NULL, NULL, &again);
		if (same_failure_kind(&again, failure)) {
			schedule_free(&whole);
			return true;
		}
		schedule_copy(list, &whole);
	}
	schedule_free(&whole);
	replay(program, list, tail_of(failure), NULL, NULL, NULL, &again);
	if (tail_of(failure) && again.verdict == failure->verdict)
		*failure = again;
	return same_failure_kind(&again, failure) && !again.diverged;
}

/* The same seed must give the same schedule, or nothing here means anything. */
static bool is_deterministic(struct program *program)
{
	struct schedule one = { 0 }, two = { 0 };
	struct attempt first, second;
	bool same;

	explore_once(program, NULL, SCHEDULER_RANDOM, 0, 1, &one, &first);
	explore_once(program, NULL, SCHEDULER_RANDOM, 0, 1, &two, &second);
	same = one.count == two.count && first.verdict == second.verdict;
	for (size_t i = 0; same && i < one.count; i++)
		same = sim_same_action(one.actions[i], two.actions[i]);
	schedule_free(&one);
	schedule_free(&two);
	return same;
}

static int report_failure(struct program *program, const struct options *options,
	struct schedule *list, struct attempt *failure)
{
	size_t count = list->count, switches = schedule_switches(list);
	uint64_t replays;

	if (!confirm(program, list, failure))
		return complain("a failing schedule did not fail again (%s): this is a "
				"fault of the explorer",
			failure->reason);
	replays = minimise(program, list, failure, options->shorten);
	printf("%zu actions, %zu switches; made %zu actions, %zu switches in %" PRIu64
	       " replays\n\n",
		count, switches, list->count, schedule_switches(list), replays);
	show(program, list, failure);
	return *program->cell.faults ? STATUS_EXPECTED : STATUS_UNEXPECTED;
}

static bool has_role(const struct stress_case *c, enum storm_role_kind kind)
{
	for (size_t i = 0; i < STORM_ROLES_MAX && c->roles[i].kind; i++)
		if (c->roles[i].kind == kind)
			return true;
	return false;
}

/* The case in small: one of everybody who waits, and of all that happens as much as that. */
static struct small_plan plan_after(
	const struct stress_case *c, const struct options *o, uint32_t much)
{
	bool signals = has_role(c, ROLE_PING_PONG) || has_role(c, ROLE_PING_PONG_TIMED) ||
		       has_role(c, ROLE_FLOOD);
	struct small_plan plan = {
		.threads = !has_role(c, ROLE_READER),
		.broadcasters = 1,
		.broadcasts = c->cycle & CYCLE_BROADCAST ? much : 0,
		.stops = c->cycle & CYCLE_TRACE ? much : 0,
		.signals = signals ? much : 0,
		.numbers = 1,
		.poller = !signals && has_role(c, ROLE_FAR_TIMER),
		.syscall = has_role(c, ROLE_READER),
	};

	for (size_t i = 0; i < SMALL_FIELDS; i++)
		if (o->numbers[i] != UNSET)
			*small_number(&plan, i) = o->numbers[i];
	return plan;
}

static int make_program(struct program *program, const struct options *o, uint32_t much)
{
	const struct stress_case *c = case_named(o->cell.case_name);
	struct small_plan plan;
	char complaint[256];
	int error;

	if (o->storm || !c) {
		error = program_make(program, &o->cell, complaint, sizeof complaint);
	} else {
		plan = plan_after(c, o, much);
		error = program_make_small(
			program, &o->cell, &plan, o->coarse, complaint, sizeof complaint);
	}
	return error ? complain("%s", complaint) : 0;
}

/* Schedules until one fails; VERDICT_PASS if none did. */
static int search(struct program *program, const struct options *options,
	struct schedule *list, struct attempt *attempt)
{
	uint64_t began = clock_now(), n = 0, steps = 0;
	enum scheduler_kind kind = SCHEDULER_RANDOM;
	struct opening opening = { 0 };

	while (n < options->schedules && clock_now() - began < options->budget) {
		kind = options->scheduler < 0 ? (enum scheduler_kind)(n % SCHEDULER_KINDS)
					      : (enum scheduler_kind)options->scheduler;
		explore_once(program, &opening, kind, options->depth, options->cell.seed + n++,
			list, attempt);
		steps += attempt->steps;
		if (attempt->verdict != VERDICT_PASS)
			break;
	}
	opening_free(&opening);
	printf("%" PRIu64 " schedules, %" PRIu64 " steps, %.3f s\n", n, steps,
		(double)(clock_now() - began) / (double)OS_SECOND);
	if (attempt->verdict == VERDICT_PASS)
		return STATUS_EXPECTED;
	printf("%s scheduler, seed %" PRIu64 ": %s: %s\n", scheduler_names[kind],
		options->cell.seed + n - 1, verdict_name(attempt->verdict),
		attempt->reason);
	return report_failure(program, options, list, attempt);
}

static void print_size(const struct graph_result *r, const struct options *o)
{
	printf("%" PRIu64 " states, %" PRIu64 " transitions (%" PRIu64
	       " steps made), %.3f s, %.1f bytes a state: ",
		r->states, r->transitions, r->executed, r->seconds,
		(double)r->bytes / (double)r->states);
	if (r->complete && o->scheduler == SCHEDULER_BOUNDED)
		printf("complete within %" PRIu64 " preemptions", o->bound);
	else
		fputs(r->complete ? "complete" : "not complete", stdout);
	printf(", %u kinds of failure, %" PRIu64 " doomed states\n", r->failure_count,
		r->doomed);
}

static void print_failure(struct program *program, struct graph_failure *f)
{
	memcpy(f->again.reason, f->reason, sizeof f->reason);
	printf("\n%zu actions, %zu switches\n\n", f->path.count,
		schedule_switches(&f->path));
	show(program, &f->path, &f->again);
}

static int enumerate(struct program *program, const struct options *o)
{
	bool bounded = o->scheduler == SCHEDULER_BOUNDED;
	const struct graph_options options = { .bound = bounded ? (uint32_t)o->bound
								: NO_BOUND,
		.states = o->states,
		.budget = o->budget,
		.every_kind = o->every_kind };
	struct graph_result result;
	int error = graph_explore(program, &options, &result), status;

	if (error == -ENOTSUP)
		return complain("states cannot be told apart on this architecture");
	if (error == -EIO)
		return complain("this did not fail again from the start: %s: a fault of "
				"the explorer",
			result.failures[0].reason);
	if (error)
		return complain("the world fails before it begins: %s",
			result.failures[0].reason);
	print_size(&result, o);
	for (unsigned i = 0; i < result.failure_count; i++)
		print_failure(program, &result.failures[i]);
	status = !result.failure_count == !*program->cell.faults ? STATUS_EXPECTED
								 : STATUS_UNEXPECTED;
	graph_result_free(&result);
	return status;
}

/* By chance; *failed says whether a schedule failed. */
static int explore_by_chance(const struct options *o, bool *failed)
{
	struct program program;
	struct schedule list = { 0 };
	struct attempt attempt = { .verdict = VERDICT_PASS };
	int status = make_program(&program, o, MUCH_BY_CHANCE);

	if (status)
		return status;
	if (is_deterministic(&program))
		status = search(&program, o, &list, &attempt);
	else
		status = complain("the same seed gave two schedules: this is a fault of "
				  "the explorer");
	*failed = attempt.verdict != VERDICT_PASS;
	schedule_free(&list);
	free(program.config.memory);
	return status;
}

static int explore_graph(const struct options *o)
{
	struct program program;
	int status = make_program(&program, o, MUCH_IN_GRAPHS);

	if (status)
		return status;
	status = enumerate(&program, o);
	free(program.config.memory);
	return status;
}

static int explore(const struct options *o)
{
	bool failed = false, by_chance = o->storm || o->scheduler < SCHEDULER_KINDS;
	bool graph = !o->storm && (o->scheduler < 0 || o->scheduler >= SCHEDULER_KINDS);
	int status = by_chance ? explore_by_chance(o, &failed) : 0;

	if (status == STATUS_ENVIRONMENT || failed)
		return status;
	if (graph)
		return explore_graph(o);
	puts("nothing failed in these schedules; that is no proof");
	return *o->cell.faults ? STATUS_UNEXPECTED : STATUS_EXPECTED;
}

static int replay_string(const char *text)
{
	struct program program;
	struct schedule list = { 0 };
	struct attempt attempt;
	char complaint[256];
	const char *actions, *where;
	enum tail tail;

	if (program_parse(&program, text, &actions, complaint, sizeof complaint))
		return complain("%s", complaint);
	if (!tail_of_name(strchr(actions, '/'), &tail))
		return complain("schedule: it ends in /none, /still, /alone or /never");
	if (schedule_parse(&list, actions, &where))
		return complain("schedule: not an action: '%.20s' (expected 3.12, 3!1 or "
				"3~)",
			where);
	replay(&program, &list, tail, NULL, NULL, NULL, &attempt);
	if (attempt.diverged)
		return complain("schedule: %" PRIu64 " actions are not possible in this "
				"build",
			attempt.diverged);
	if (attempt.verdict == VERDICT_PASS || attempt.verdict == VERDICT_MISSING)
		printf("%s\n", attempt.verdict == VERDICT_PASS
				       ? "pass"
				       : "it did not fail by the end of the schedule");
	else
		show(&program, &list, &attempt);
	schedule_free(&list);
	free(program.config.memory);
	return !verdict_is_red(attempt.verdict) || *program.cell.faults
		       ? STATUS_EXPECTED
		       : STATUS_UNEXPECTED;
}

static int help(const char *text)
{
	fputs(text, stdout);
	return STATUS_EXPECTED;
}

static int prove_command(int argc, char **argv)
{
	struct prove_options options;
	int status = prove_options_parse(argc, argv, &options);

	if (status == 1)
		return help(prove_help);
	return status ? status : prove(&options);
}

static int explore_command(int argc, char **argv)
{
	struct options options;
	int status = options_parse(argc, argv, &options);

	if (status == 1)
		return help(explore_help);
	return status ? status : explore(&options);
}

int main(int argc, char **argv)
{
	if (argc == 3 && !strcmp(argv[1], "replay") && *argv[2] != '-')
		return replay_string(argv[2]);
	if (argc >= 2 && !strcmp(argv[1], "prove"))
		return prove_command(argc - 1, argv + 1);
	if (argc >= 2 && !strcmp(argv[1], "explore"))
		return explore_command(argc - 1, argv + 1);
	if (argc == 3 && !strcmp(argv[1], "replay") && !strcmp(argv[2], "--help"))
		return help(explore_help);
	fputs(explore_help, stderr);
	return STATUS_ENVIRONMENT;
}
