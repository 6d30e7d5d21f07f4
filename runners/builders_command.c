/* SPDX-License-Identifier: BSD-2-Clause */
/* hupstorm builders: which there are. */
#include "commands.h"

#include "builder.h"
#include "results/store.h"
#include "stress/os.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const char builders_help[] =
	"usage: hupstorm builders\n"
	"Show which builders there are: files NAME.builder, in the folder that\n"
	"HUPSTORM_BUILDERS names, or in the one that comes with hupstorm.\n";

static void show(const struct builder *b)
{
	printf("%-16s %-8s %-12s %4" PRIu64 " min  %s%s\n", b->name, b->architecture,
		b->how, b->limit / (60 * OS_SECOND), b->emulated ? "emulated" : "",
		b->is_default ? "" : " (when it is named)");
}

int command_builders(int argc, char **argv)
{
	char complaint[COMPLAINT_SIZE];
	struct builder *builders;
	size_t count;

	if (argc > 1 && !strcmp(argv[1], "--help")) {
		fputs(builders_help, stdout);
		return STATUS_EXPECTED;
	}
	if (argc > 1)
		return complain("unexpected argument '%s'; expected none", argv[1]);
	if (builders_read(&builders, &count, complaint, sizeof complaint))
		return complain("%s", complaint);
	for (size_t i = 0; i < count; i++)
		show(&builders[i]);
	free(builders);
	return STATUS_EXPECTED;
}
