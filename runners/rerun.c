/* SPDX-License-Identifier: BSD-2-Clause */
/* hupstorm rerun: one cell once more, just as it was. */
#include "commands.h"

#include "info.h"
#include "parse.h"
#include "results/again.h"
#include "session.h"
#include "stored_cell.h"

#include <errno.h>
#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static const char help[] =
	"usage: hupstorm rerun [--store FILE] [--repeat N] [--patience N] "
	"[--no-sandbox]\n"
	"                      CELL\n"
	"Run one cell again: the same case, subject, faults, axes and seed. CELL is a\n"
	"number of the last run, or RUN/NUMBER. It is a new run in the store.\n"
	"Exit status: as that of run.\n";

struct rerun {
	const char *name;
	uint64_t repeat;
};

static int take_option(struct session *s, struct rerun *rerun, int option)
{
	uint64_t number;

	switch (option) {
	case 's':
		s->options.store = optarg;
		return 0;
	case 'r':
		if (parse_number(optarg, 1, 100000, &rerun->repeat))
			return 0;
		return complain(
			"--repeat '%s': expected a number from 1 to 100000", optarg);
	case 'p':
		if (!parse_number(optarg, 1, 1000, &number))
			return complain(
				"--patience '%s': expected a number from 1 to 1000",
				optarg);
		s->options.patience = (unsigned)number;
		return 0;
	default:
		s->options.sandboxed = false;
		return 0;
	}
}

static int read_options(struct session *s, struct rerun *rerun, int argc, char **argv)
{
	static const struct option options[] = {
		{ "store", required_argument, NULL, 's' },
		{ "repeat", required_argument, NULL, 'r' },
		{ "patience", required_argument, NULL, 'p' },
		{ "no-sandbox", no_argument, NULL, 'n' },
		{ NULL, 0, NULL, 0 },
	};
	int option, status = 0;

	options_set_defaults(&s->options);
	info_command(s->options.command, sizeof s->options.command, argc, argv);
	optind = 0;
	opterr = 0;
	while (!status && (option = getopt_long(argc, argv, "", options, NULL)) >= 0)
		status = option == '?'
				 ? complain("'%s': expected --store FILE, --repeat N, "
					    "--patience N or --no-sandbox",
					   argv[optind - 1])
				 : take_option(s, rerun, option);
	if (!status && optind + 1 != argc)
		status = complain("rerun: expected the number of one cell");
	rerun->name = argv[optind];
	return status;
}

/* By a shell, for which what is in it was quoted. */
static int run_command(const struct session *s, const struct stored_cell *c)
{
	const char *before = "exec \"$HUPSTORM_PROGRAM\"";
	char command[COMMAND_SIZE + 96], text[COMMAND_SIZE], program[4096];
	ssize_t length = readlink("/proc/self/exe", program, sizeof program - 1);
	size_t skipped = strlen("hupstorm");

	if (length < 0)
		return complain("/proc/self/exe: %s", strerror(errno));
	program[length] = '\0';
	if (stored_cell(c)->engine == ENGINE_EXECUTED) {
		before = "exec \"$HUPSTORM_PROGRAM\" exec --store \"$HUPSTORM_STORE\"";
		skipped = strlen("hupstorm exec");
	}
	setenv("HUPSTORM_PROGRAM", program, 1);
	setenv("HUPSTORM_STORE", s->options.store, 1);
	cell_command(stored_cell(c), stored_outcome(c), text, sizeof text);
	snprintf(command, sizeof command, "%s%s", before, text + skipped);
	execl("/bin/sh", "sh", "-c", command, (char *)NULL);
	return complain("/bin/sh: %s", strerror(errno));
}

static int run_storm(struct session *s, const struct cell *cell, uint64_t repeat)
{
	struct cell *cells = calloc(repeat, sizeof *cells);
	int status;

	if (!cells)
		return complain("no memory for %llu cells", (unsigned long long)repeat);
	for (uint64_t i = 0; i < repeat; i++)
		cells[i] = *cell;
	s->options.seed = cell->seed;
	status = session_begin(s, cells, repeat);
	if (!status)
		status = session_run(s, 0, session_end);
	if (status)
		return status;
	session_end(s);
	status = session_finish(s);
	return status ? status : session_status(s);
}

static int rerun(struct session *s, int argc, char **argv)
{
	struct rerun options = { .repeat = 1 };
	struct stored_cell cell;
	int status = read_options(s, &options, argc, argv);

	if (!status)
		status = stored_cell_load(s->options.store, options.name, &cell);
	if (status)
		return status;
	if (stored_cell(&cell)->engine != ENGINE_STORM)
		status = run_command(s, &cell);
	else
		status = run_storm(s, stored_cell(&cell), options.repeat);
	run_free(cell.run);
	return status;
}

int command_rerun(int argc, char **argv)
{
	for (int i = 1; i < argc; i++) {
		if (strcmp(argv[i], "--help") != 0)
			continue;
		fputs(help, stdout);
		return STATUS_EXPECTED;
	}
	return session_without_options(argc, argv, rerun);
}
