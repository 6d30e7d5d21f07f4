/* SPDX-License-Identifier: BSD-2-Clause */
#include "explore.h"

#include "archive.h"
#include "chance.h"
#include "clock.h"
#include "minimise.h"
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

/* One of the two ways, and what came of it: a cell. */
struct way {
	bool graph;
	struct cell cell;
	struct program program;
	struct outcome outcome;
	char *table; /* the interleaving that fails; or NULL */
};

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

static int make_program(struct way *way, const struct options *o)
{
	const struct stress_case *c = case_named(o->cell.case_name);
	uint32_t much = way->graph ? MUCH_IN_GRAPHS : MUCH_BY_CHANCE;
	struct small_plan plan;
	char complaint[256];
	int error;

	way->cell = o->cell;
	if (o->storm || !c) {
		error = program_make(
			&way->program, &o->cell, complaint, sizeof complaint);
	} else {
		plan = plan_after(c, o, much);
		error = program_make_small(&way->program, &o->cell, &plan, o->coarse,
			complaint, sizeof complaint);
		archive_describe_small(&way->cell, &plan, o->coarse);
	}
	if (error)
		return complain("%s", complaint);
	if (o->storm)
		archive_describe_storm(&way->cell);
	way->cell.expected = *way->program.cell.faults ? EXPECT_RED : EXPECT_GREEN;
	memcpy(way->cell.faults, way->program.cell.faults, FAULTS_SIZE);
	return 0;
}

/* Few preemptions make the interleaving that is easiest to read: from none up, in a world
 * in which less happens (iterative context bounding, see graph.h). False: none is found
 * that is shorter. */
static bool find_shorter(struct way *way, const struct options *o, struct schedule *list,
	struct attempt *failure)
{
	struct graph_options options = { .states = o->states };
	uint64_t end = clock_now() + o->shorten;
	struct way small = { .graph = true };
	struct graph_result result;
	bool found = false;

	if (make_program(&small, o))
		return false;
	for (; !found && clock_now() < end; options.bound++) {
		options.budget = end - clock_now();
		if (graph_explore(&small.program, &options, &result))
			break;
		found = result.failure_count &&
			result.failures[0].path.count < list->count;
		if (found) {
			schedule_copy(list, &result.failures[0].path);
			*failure = result.failures[0].again;
		}
		graph_result_free(&result);
	}
	if (found)
		printf("fails within a bound of %" PRIu32 " too\n", options.bound - 1);
	free(found ? way->program.config.memory : small.program.config.memory);
	if (found)
		way->program = small.program;
	return found;
}

/* The first that fails is kept. */
static void show_table(
	struct way *way, const struct schedule *list, const struct attempt *failure)
{
	char *table = NULL;
	size_t size;
	FILE *out = open_memstream(&table, &size);

	if (!out)
		return;
	table_print(out, &way->program, list);
	table_print_end(out, &way->program, list, failure);
	if (!fclose(out) && table)
		fputs(table, stdout);
	if (way->table)
		free(table);
	else
		way->table = table;
}

static void report_failure(struct way *way, const struct options *options,
	struct schedule *list, struct attempt *failure)
{
	struct program *program = &way->program;
	size_t count = list->count, switches = schedule_switches(list);
	uint64_t replays = 0;

	if (options->scheduler >= 0 || options->storm ||
		!find_shorter(way, options, list, failure))
		replays = minimise(program, list, failure, options->shorten);
	printf("%zu actions, %zu switches; made %zu actions, %zu switches in %" PRIu64
	       " replays\n\n",
		count, switches, list->count, schedule_switches(list), replays);
	show_table(way, list, failure);
	archive_failure(&way->outcome, program, list, failure);
}

static int search(struct way *way, const struct options *o)
{
	const struct chance_options options = {
		.scheduler = o->scheduler < SCHEDULER_KINDS ? o->scheduler : -1,
		.depth = o->depth,
		.schedules = o->schedules,
		.budget = o->budget,
		.seed = o->cell.seed,
		.jobs = o->jobs,
	};
	struct chance_result result;
	const struct attempt *failure = &result.last.attempt;
	int error = chance_explore(&way->program, &options, &result);

	if (error == -ENOENT)
		return STATUS_ENVIRONMENT;
	if (error == -EPROTO)
		return complain("the same seed gave two schedules: this is a fault of "
				"the explorer");
	if (error == -ECHILD)
		return complain("one of the jobs came to an early end");
	if (error == -ESTALE)
		return complain(
			"hupstorm-chance runs other schedules than hupstorm-explore: "
			"expected both of the same build");
	if (error)
		return complain("a failing schedule did not fail again (%s): this is a "
				"fault of the explorer",
			failure->reason);
	printf("%" PRIu64 " schedules, %" PRIu64 " steps, %.3f s\n", result.schedules,
		result.steps, result.seconds);
	if (failure->verdict == VERDICT_PASS) {
		archive_schedules(&way->outcome, result.schedules);
	} else {
		printf("%s scheduler, seed %" PRIu64 ": %s: %s\n",
			scheduler_names[result.last.kind], result.last.seed,
			verdict_name(failure->verdict), failure->reason);
		report_failure(way, o, &result.list, &result.last.attempt);
	}
	chance_result_free(&result);
	return STATUS_EXPECTED;
}

static uint32_t bound_of(const struct options *o)
{
	return o->scheduler == SCHEDULER_BOUNDED ? (uint32_t)o->bound : NO_BOUND;
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

static void print_failure(struct way *way, struct graph_failure *f)
{
	memcpy(f->again.reason, f->reason, sizeof f->reason);
	printf("\n%zu actions, %zu switches\n\n", f->path.count,
		schedule_switches(&f->path));
	show_table(way, &f->path, &f->again);
}

static int enumerate(struct way *way, const struct options *o)
{
	struct program *program = &way->program;
	const struct graph_options options = { .bound = bound_of(o),
		.states = o->states,
		.budget = o->budget,
		.every_kind = o->every_kind };
	struct graph_result result;
	int error = graph_explore(program, &options, &result);

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
		print_failure(way, &result.failures[i]);
	archive_graph(&way->outcome, program, &result,
		result.failure_count ? &result.failures[0] : NULL, options.bound);
	graph_result_free(&result);
	return STATUS_EXPECTED;
}

/* By chance, unless a graph is asked for; and the graph, unless chance is. */
static unsigned list_ways(const struct options *o, struct way ways[2])
{
	bool graph = o->scheduler == SCHEDULER_BOUNDED || o->scheduler == SCHEDULER_GRAPH;
	unsigned count = 0;

	if (o->storm || !graph)
		count++;
	if (!o->storm && (graph || o->scheduler < 0))
		ways[count++].graph = true;
	return count;
}

static void name_scheduler(struct way *way, const struct options *o)
{
	const char *name = way->graph ? "graph" : "chance";

	if (o->scheduler >= 0)
		name = scheduler_name(o->scheduler);
	archive_scheduler(&way->cell, name);
	if (way->graph && o->scheduler == SCHEDULER_BOUNDED)
		archive_number(&way->cell, "bound", o->bound);
	if (!way->graph)
		archive_number(&way->cell, "schedules", o->schedules);
	if (!way->graph && (o->scheduler < 0 || o->scheduler == SCHEDULER_PCT))
		archive_number(&way->cell, "depth", o->depth);
}

static int explore_way(struct way *way, const struct options *o)
{
	uint64_t began = clock_now(), cpu = clock_cpu();
	int status = way->graph ? enumerate(way, o) : search(way, o);

	way->outcome.wall = clock_now() - began;
	way->outcome.cpu = clock_cpu() - cpu;
	fflush(stdout);
	return status;
}

static int leave_out(struct way *way)
{
	way->outcome.verdict = VERDICT_SKIPPED;
	snprintf(way->outcome.reason, REASON_SIZE, "a schedule has failed already");
	return STATUS_EXPECTED;
}

static int explore_ways(struct way *ways, unsigned count, const struct options *o,
	struct archive *archive)
{
	int status = STATUS_EXPECTED;
	bool failed = false;

	for (unsigned i = 0; i < count && !status; i++) {
		status = failed ? leave_out(&ways[i]) : explore_way(&ways[i], o);
		failed |= verdict_is_red(ways[i].outcome.verdict);
		if (!status)
			status = archive_add(archive, i, &ways[i].outcome, ways[i].table);
		free(ways[i].table);
		ways[i].table = NULL;
	}
	if (!status)
		status = archive_end(archive);
	if (status)
		return status;
	if (!failed && !ways[count - 1].graph)
		puts(ways[0].outcome.verdict == VERDICT_PASS
				? "nothing failed in these schedules; that is no proof"
				: ways[0].outcome.reason);
	return failed == (ways[0].cell.expected == EXPECT_RED) ? STATUS_EXPECTED
							       : STATUS_UNEXPECTED;
}

int explore(const struct options *o)
{
	struct way ways[2] = { 0 };
	struct cell cells[2];
	struct archive archive = { 0 };
	unsigned count = list_ways(o, ways);
	int status = STATUS_EXPECTED;

	for (unsigned i = 0; i < count && !status; i++) {
		status = make_program(&ways[i], o);
		name_scheduler(&ways[i], o);
		cells[i] = ways[i].cell;
	}
	if (!status)
		status = archive_begin(
			&archive, o->store, o->command, o->cell.seed, cells, count);
	if (!status)
		status = explore_ways(ways, count, o, &archive);
	archive_close(&archive);
	for (unsigned i = 0; i < count; i++)
		free(ways[i].program.config.memory);
	return status;
}
