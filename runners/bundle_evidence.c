/* SPDX-License-Identifier: BSD-2-Clause */
/* The evidence of a cell as the files of a bundle. */
#include "bundle.h"
#include "evidence.h"

static void write_report(FILE *out, const void *evidence)
{
	evidence_print(out, evidence);
}

static void write_json(FILE *out, const void *evidence)
{
	evidence_write_json(out, evidence);
}

static void write_trace(FILE *out, const void *evidence)
{
	const struct evidence *e = evidence;

	timeline_write_trace(out, &e->timeline, &e->after.view);
}

static void write_output(FILE *out, const void *evidence)
{
	const struct evidence *e = evidence;

	fwrite(e->output, 1, e->output_length, out);
}

static int write_files(const char *path, const void *evidence)
{
	const struct evidence *e = evidence;
	int error = bundle_file(path, "report.txt", write_report, e);

	if (!error)
		error = bundle_file(path, "evidence.json", write_json, e);
	if (!error && e->timeline.count)
		error = bundle_file(path, "trace.json", write_trace, e);
	if (!error && e->output_length)
		error = bundle_file(path, "output.txt", write_output, e);
	return error;
}

int bundle_write(struct bundles *bundles, int64_t run, size_t number,
	const struct evidence *evidence, char name[EVIDENCE_SIZE])
{
	return bundle_fill(bundles, run, number, write_files, evidence, name);
}
