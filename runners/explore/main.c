/* SPDX-License-Identifier: BSD-2-Clause */
/* hupstorm explore, prove and replay: the program behind the three commands. */
#include "explore.h"
#include "recipe.h"
#include "table.h"

#include "runners/commands.h"

#include <inttypes.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static int replay_string(const char *text)
{
	struct program program;
	struct schedule list = { 0 };
	struct attempt attempt;
	enum tail tail;
	int status = recipe_parse(text, &program, &list, &tail);

	if (status)
		return status;
	replay(&program, &list, tail, NULL, NULL, NULL, &attempt);
	if (attempt.diverged)
		return complain("schedule: %" PRIu64 " actions are not possible in this "
				"build",
			attempt.diverged);
	if (verdict_is_red(attempt.verdict)) {
		table_print(stdout, &program, &list);
		table_print_end(stdout, &program, &list, &attempt);
	} else {
		puts(attempt.verdict == VERDICT_PASS
				? "pass"
				: "it did not fail by the end of the schedule");
	}
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
	/* Where it is ignored nobody can be waited for. */
	signal(SIGCHLD, SIG_DFL);
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
