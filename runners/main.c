/* SPDX-License-Identifier: BSD-2-Clause */
#include "commands.h"

#include "suggest.h"

#include <stdio.h>
#include <string.h>

static const char help[] =
	"usage: hupstorm COMMAND [OPTION]...\n"
	"Stress all-threads mechanisms against storms of signals.\n"
	"\n"
	"  run      run cells and show the matrix (hupstorm run --help)\n"
	"  power    measure which known faults the harness sees, and how soon\n"
	"  hunt     look for the cell in which a fault, or a subject, fails soonest\n"
	"  exec     run any program under a storm of signals\n"
	"  list     what there is: cases, subjects, faults, placements, targets,\n"
	"           noise, perturbations, oracles\n"
	"  report   show the matrix of the last run again\n"
	"  show     show why a cell is red: stacks, who waits for whom, the last events\n"
	"  rerun    run one cell of a run again\n"
	"  minimise find the system calls at which it must be perturbed to fail\n"
	"  export   write runs as lines of JSON; import reads them again\n"
	"  merge    take the runs of other stores into one\n"
	"  nightly  run the matrix on several builders, into one store; builders: which\n"
	"           there are\n"
	"  explore  search schedules on a simulated machine for one that fails\n"
	"  replay   run such a schedule again\n"
	"  prove    explore every small world on a list\n"
	"  help     this\n"
	"  version  which hupstorm this is\n";

static int command_help(int argc, char **argv)
{
	(void)argc;
	(void)argv;
	fputs(help, stdout);
	return STATUS_EXPECTED;
}

static int command_version(int argc, char **argv)
{
	(void)argc;
	(void)argv;
	puts("hupstorm " PACKAGE_VERSION);
	return STATUS_EXPECTED;
}

static const struct {
	const char *name;
	int (*run)(int argc, char **argv);
} commands[] = {
	{ "run", command_run },
	{ "power", command_power },
	{ "hunt", command_hunt },
	{ "exec", command_exec },
	{ "list", command_list },
	{ "report", command_report },
	{ "show", command_show },
	{ "rerun", command_rerun },
	{ "minimise", command_minimise },
	{ "export", command_export },
	{ "import", command_import },
	{ "merge", command_merge },
	{ "nightly", command_nightly },
	{ "builders", command_builders },
	{ "explore", command_explore },
	{ "replay", command_explore },
	{ "prove", command_explore },
	{ "help", command_help },
	{ "version", command_version },
	{ "--help", command_help },
	{ "--version", command_version },
};

enum { COMMANDS = sizeof commands / sizeof commands[0] };

int main(int argc, char **argv)
{
	const char *known[COMMANDS + 1] = { NULL };

	if (argc < 2) {
		fputs(help, stderr);
		return STATUS_ENVIRONMENT;
	}
	for (size_t i = 0; i < COMMANDS; i++) {
		known[i] = commands[i].name;
		if (!strcmp(argv[1], commands[i].name))
			return commands[i].run(argc - 1, argv + 1);
	}
	return complain("unknown command '%s'; did you mean '%s'? (hupstorm help)",
		argv[1], nearest_name(argv[1], known));
}
