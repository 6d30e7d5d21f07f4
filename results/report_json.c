/* SPDX-License-Identifier: BSD-2-Clause */
#include "again.h"
#include "formats.h"
#include "json.h"
#include "rate.h"
#include "tally.h"

#include <inttypes.h>

static const char *const standings[STANDING_COUNT] = {
	[STANDING_AS_EXPECTED] = "as-expected",
	[STANDING_UNEXPECTED] = "unexpected",
	[STANDING_NOT_JUDGED] = "not-judged",
};

static void put_text(FILE *out, const char *name, const char *text)
{
	fprintf(out, ",\"%s\":", name);
	json_string(out, text);
}

static void put_number(FILE *out, const char *name, uint64_t number)
{
	fprintf(out, ",\"%s\":%" PRIu64, name, number);
}

/* Seeds have 64 bits, of which JavaScript's numbers lose some. */
static void put_seed(FILE *out, uint64_t seed)
{
	fprintf(out, ",\"seed\":\"%#" PRIx64 "\"", seed);
}

static void put_tally(FILE *out, const struct tally *tally)
{
	const char *before = "";

	fprintf(out, ",\"cells\":%zu,\"verdicts\":{", tally->cells);
	for (int v = 0; v < VERDICT_COUNT; v++) {
		if (!tally->of[v])
			continue;
		fprintf(out, "%s\"%s\":%zu", before, verdict_name((enum verdict)v),
			tally->of[v]);
		before = ",";
	}
	fputs("},\"standings\":{", out);
	for (int s = 0; s < STANDING_COUNT; s++)
		fprintf(out, "%s\"%s\":%zu", s ? "," : "", standings[s],
			tally->of_standing[s]);
	fputc('}', out);
}

static void put_run(FILE *out, const struct run *run)
{
	const struct run_info *info = &run->info;
	const struct machine *machine = &info->machine;
	const struct tally all = tally_run(run);

	fprintf(out,
		"{\"run\":{\"id\":%" PRId64 ",\"started\":%" PRId64
		",\"finished\":%" PRId64,
		info->id, info->started, info->finished);
	put_text(out, "uid", info->uid);
	put_seed(out, info->seed);
	put_text(out, "version", info->version);
	put_text(out, "command", info->command);
	put_text(out, "processor", machine->processor);
	put_text(out, "architecture", machine->architecture);
	put_text(out, "kernel", machine->kernel);
	put_text(out, "byte_order", machine->byte_order);
	put_number(out, "page_size", machine->page_size);
	put_number(out, "processing_units", machine->processing_units);
	put_number(out, "cores", machine->cores);
	put_number(out, "packages", machine->packages);
	put_number(out, "numa_nodes", machine->numa_nodes);
	put_number(out, "threads_per_core", machine->threads_per_core);
	put_text(out, "builder", machine->builder);
	fprintf(out, ",\"emulated\":%s", machine->emulated ? "true" : "false");
	put_text(out, "topology", machine->topology);
	put_text(out, "libc", machine->libc);
	put_text(out, "compiler", machine->compiler);
	put_text(out, "build", machine->build);
	put_tally(out, &all);
	fputc('}', out);
}

/* Bounds of 95 %, per cycle or run. */
static void put_rate(FILE *out, const struct rate *rate)
{
	struct bounds bounds = rate_bounds(rate);

	put_number(out, "failures", rate->failures);
	put_number(out, rate->runs ? "runs" : "exposed_cycles", rate->exposure);
	if (rate->exposure)
		fprintf(out, ",\"rate_low\":%.6e,\"rate_high\":%.6e", bounds.low,
			bounds.high);
}

static void put_row(FILE *out, const struct run *run, const struct cell *row)
{
	const struct tally tally = tally_row(run, row, NULL);
	const struct rate rate = rate_of(run, row, NULL);

	fputs("{\"engine\":", out);
	json_string(out, engine_name(row->engine));
	put_text(out, "case", row->case_name);
	put_text(out, "subject", row->subject);
	put_text(out, "faults", row->faults);
	put_tally(out, &tally);
	put_rate(out, &rate);
	fputc('}', out);
}

static void put_outcome(FILE *out, const struct outcome *outcome)
{
	put_text(out, "verdict", verdict_name(outcome->verdict));
	put_text(out, "reason", outcome->reason);
	put_text(out, "placement_achieved", outcome->achieved);
	put_number(out, "cycles", outcome->cycles);
	put_number(out, "sent", outcome->sent);
	put_number(out, "handled", outcome->handled);
	put_number(out, "received", outcome->received);
	put_number(out, "stops", outcome->stops);
	put_number(out, "broadcasts", outcome->broadcasts);
	put_number(out, "wall_ns", outcome->wall);
	put_number(out, "cpu_ns", outcome->cpu);
	put_number(out, "run_delay_ns", outcome->run_delay);
	put_number(out, "perturbed", outcome->perturb_count);
	put_number(out, "perturbed_ns", outcome->perturb_time);
	put_text(out, "evidence", outcome->evidence);
	put_text(out, "anchor", outcome->anchor);
}

static void put_cell(FILE *out, const struct run *run, size_t i)
{
	const struct cell *cell = &run->cells[i];
	const struct outcome *outcome = &run->outcomes[i];
	char command[COMMAND_SIZE];

	fprintf(out, "{\"number\":%zu", run_number(run, i));
	put_text(out, "engine", engine_name(cell->engine));
	put_text(out, "case", cell->case_name);
	put_text(out, "subject", cell->subject);
	put_text(out, "faults", cell->faults);
	put_text(out, "placement", cell->placement);
	put_number(out, "slots", cell->slots);
	put_text(out, "coordinator", cell->coordinator_on_leader ? "leader" : "thread");
	put_text(out, "target", cell->target);
	put_text(out, "noise", cell->noise);
	put_text(out, "perturbation", cell->perturbation);
	put_seed(out, cell->seed);
	put_text(out, "standing", standings[cell_standing(cell, outcome)]);
	put_outcome(out, outcome);
	cell_command(cell, outcome, command, sizeof command);
	put_text(out, "again", command);
	fputc('}', out);
}

void report_json(FILE *out, const struct run *run)
{
	const char *before = "";

	put_run(out, run);
	fputs(",\n\"rows\":[", out);
	for (size_t i = 0; i < run->count; i++) {
		if (!is_first_of_row(run, i))
			continue;
		fprintf(out, "%s\n", before);
		put_row(out, run, &run->cells[i]);
		before = ",";
	}
	fputs("\n],\n\"cells\":[", out);
	for (size_t i = 0; i < run->count; i++) {
		fputs(i ? ",\n" : "\n", out);
		put_cell(out, run, i);
	}
	fputs("\n]}\n", out);
}
