/* SPDX-License-Identifier: BSD-2-Clause */
/* hupstorm show: why a cell is what it is. */
#include "commands.h"

#include "bundle.h"
#include "results/again.h"
#include "stored_cell.h"

#include <errno.h>
#include <getopt.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

static const char help[] =
	"usage: hupstorm show [--store FILE] [--json | --trace FILE] CELL\n"
	"Show a cell of a run: what it was, what came of it, and the evidence: who "
	"waits\n"
	"for whom, the stacks of its threads, the state of the runtime, and what each\n"
	"thread did last. CELL is a number of the last run, or RUN/NUMBER.\n"
	"\n"
	"  --json               the evidence for programs\n"
	"  --trace FILE         write what the threads did as Chrome trace events, "
	"which\n"
	"                       https://ui.perfetto.dev opens\n"
	"Exit status: 0, or 2 for usage or environment (there is no evidence).\n";

struct show {
	const char *store, *trace;
	bool json;
};

static void print_cell(const struct stored_cell *c)
{
	const struct cell *cell = stored_cell(c);
	const struct outcome *o = stored_outcome(c);
	char command[COMMAND_SIZE];

	printf("cell %" PRId64 "/%zu: %s, %s%s%s, %s\n%s", c->run->info.id, c->number + 1,
		cell->case_name, cell->subject, *cell->faults ? " + " : "", cell->faults,
		cell->placement, verdict_name(o->verdict));
	printf("%s%s\n", *o->reason ? ": " : "", o->reason);
	if (o->verdict != VERDICT_MISSING)
		printf("%" PRIu64 " cycles, %" PRIu64 " signals sent, %" PRIu32
		       " threads, %.2f s, %.2f s of CPU time, %.2f s in queues for it\n",
			o->cycles, o->sent, o->threads, (double)o->wall / 1e9,
			(double)o->cpu / 1e9, (double)o->run_delay / 1e9);
	cell_command(cell, o, command, sizeof command);
	printf("again: %s\n", command);
}

static int explain_lack(const struct bundles *bundles, const struct stored_cell *c)
{
	const char *name = stored_outcome(c)->evidence;
	char when[DROPPED_SIZE];

	if (!*name)
		return complain(
			"there is no evidence of it; it is kept of cells that have "
			"failed, unless --evidence 0 was given");
	if (bundle_was_dropped(bundles, name, when))
		return complain(
			"its evidence was dropped on %s to make room for newer", when);
	return complain("%s/%s: %s", bundles->folder, name, strerror(ENOENT));
}

static int copy(const struct bundles *bundles, const struct stored_cell *c,
	const char *file, FILE *out)
{
	FILE *in = bundle_open(bundles, stored_outcome(c)->evidence, file);
	char bytes[16384];
	size_t length;

	if (!*stored_outcome(c)->evidence || !in)
		return explain_lack(bundles, c);
	while ((length = fread(bytes, 1, sizeof bytes, in)))
		fwrite(bytes, 1, length, out);
	fclose(in);
	return STATUS_EXPECTED;
}

static int write_trace(
	const struct bundles *bundles, const struct stored_cell *c, const char *path)
{
	FILE *out = fopen(path, "we");
	int status;

	if (!out)
		return complain("--trace '%s': %s", path, strerror(errno));
	status = copy(bundles, c, "trace.json", out);
	if (fclose(out) && !status)
		return complain("--trace '%s': %s", path, strerror(errno));
	return status;
}

static int show(const struct show *how, const char *name)
{
	struct stored_cell cell;
	struct bundles bundles;
	int status = stored_cell_load(how->store, name, &cell);

	if (status)
		return status;
	if (!bundles_of(&bundles, how->store, 0))
		status = complain("--store '%s': the name is too long", how->store);
	else if (how->json)
		status = copy(&bundles, &cell, "evidence.json", stdout);
	else if (how->trace)
		status = write_trace(&bundles, &cell, how->trace);
	else {
		print_cell(&cell);
		fflush(stdout);
		if (verdict_is_red(stored_outcome(&cell)->verdict) ||
			*stored_outcome(&cell)->evidence)
			status = copy(&bundles, &cell, "report.txt", stdout);
	}
	run_free(cell.run);
	return status;
}

int command_show(int argc, char **argv)
{
	static const struct option options[] = {
		{ "store", required_argument, NULL, 's' },
		{ "json", no_argument, NULL, 'j' },
		{ "trace", required_argument, NULL, 't' },
		{ "help", no_argument, NULL, 'h' },
		{ NULL, 0, NULL, 0 },
	};
	struct show how = { .store = "hupstorm.db" };
	int option;

	optind = 0;
	opterr = 0;
	while ((option = getopt_long(argc, argv, "", options, NULL)) >= 0) {
		switch (option) {
		case 's':
			how.store = optarg;
			break;
		case 'j':
			how.json = true;
			break;
		case 't':
			how.trace = optarg;
			break;
		case 'h':
			fputs(help, stdout);
			return STATUS_EXPECTED;
		default:
			return complain("'%s': expected --store FILE, --json or --trace "
					"FILE",
				argv[optind - 1]);
		}
	}
	if (optind + 1 != argc)
		return complain("show: expected the number of one cell");
	return show(&how, argv[optind]);
}
