/* SPDX-License-Identifier: BSD-2-Clause */
#include "exhibit.h"

#include "drawing.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* So much of the evidence of one cell, about so much of a drawing, and all that is on one page. */
enum {
	EVIDENCE_SHOWN = 64 * 1024,
	LANES_SHOWN = 14 * 1024,
	TRACE_READ = 1024 * 1024,
	PAGE_EVIDENCE = 1024 * 1024
};

/* No more than `most` of it; NULL: it is not there, or there is no memory. */
static char *read_file(
	const struct exhibit *exhibit, const char *name, const char *file, size_t most)
{
	FILE *in =
		exhibit->has_bundles ? bundle_open(&exhibit->bundles, name, file) : NULL;
	char *text = in ? malloc(most + 1) : NULL, *fitting;
	size_t length;

	if (text) {
		length = fread(text, 1, most, in);
		text[length] = '\0';
		fitting = realloc(text, length + 1);
		text = fitting ? fitting : text;
	}
	if (in)
		fclose(in);
	return text;
}

static bool is_full(const struct exhibit *exhibit)
{
	return exhibit->shown >= PAGE_EVIDENCE;
}

char *exhibit_text(void *argument, const char *name)
{
	struct exhibit *exhibit = argument;
	char *text = read_file(exhibit, name, "report.txt", EVIDENCE_SHOWN);

	if (!text)
		return NULL;
	if (is_full(exhibit)) {
		free(text);
		return asprintf(&text, "%s/%s/report.txt", exhibit->bundles.folder,
			       name) < 0
			       ? NULL
			       : text;
	}
	exhibit->shown += strlen(text);
	return text;
}

bool exhibit_lanes(void *argument, const char *name, struct lanes *lanes)
{
	struct exhibit *exhibit = argument;
	char *trace;
	bool read;

	if (is_full(exhibit))
		return false;
	trace = read_file(exhibit, name, "trace.json", TRACE_READ);
	read = trace && !lanes_read(lanes, trace);
	free(trace);
	if (read)
		exhibit->shown += LANES_SHOWN;
	return read;
}

char *exhibit_drawing(
	void *argument, const struct run *run, const char *placement, char **caption)
{
	struct exhibit *exhibit = argument;
	char complaint[COMPLAINT_SIZE], *xml, *drawing = NULL;

	*caption = NULL;
	if (store_topology(exhibit->store, run->info.machine.topology, &xml, complaint))
		return NULL;
	if (xml)
		drawing = drawing_make(xml, placement, caption);
	else
		*caption = strdup(
			"not drawn: the machine's description is not in the store");
	free(xml);
	return drawing;
}
