/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * hupstorm-chance PROGRAM SHARE: schedules by chance, for hupstorm-explore, which begins it with what is to be run
 * (program.h) and which schedules (share.h), reads a struct share_result from it, and runs again what fails.
 *
 * It is made of the same files. But where a graph has to know what a step reads and leaves behind (stress/sim/touch.h,
 * scrub.h), and is compiled to tell, a schedule is just run: so here they are compiled for speed. That a schedule that
 * fails in one fails in the other is what running it again shows; that one that passes here passes there stands on both
 * having been made of the same, for which a sample of the schedules is compared.
 */
#include "program.h"
#include "share.h"

#include "runners/commands.h"

#include <stdlib.h>
#include <unistd.h>

int main(int argc, char **argv)
{
	struct program program;
	struct share share;
	struct trial last;
	struct share_result result;
	char complaint[256];
	const char *end;

	if (argc != 3)
		return complain("chance: a part of hupstorm explore (see hupstorm "
				"explore --help); expected a program and a share of its "
				"schedules");
	if (program_parse(&program, argv[1], &end, complaint, sizeof complaint))
		return complain("chance: %s", complaint);
	if (!share_parse(&share, argv[2]))
		return complain("chance: '%s': expected scheduler, depth, seed, first, "
				"stride, end, budget",
			argv[2]);
	result = share_search(&program, &share, NULL, &last);
	result.sampled = share_sample(&program, &share);
	free(program.config.memory);
	return write(STDOUT_FILENO, &result, sizeof result) == sizeof result
		       ? STATUS_EXPECTED
		       : STATUS_ENVIRONMENT;
}
