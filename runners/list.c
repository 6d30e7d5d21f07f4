/* SPDX-License-Identifier: BSD-2-Clause */
/* hupstorm list: what there is. */
#include "commands.h"

#include "cases/cases.h"
#include "perturbation.h"
#include "suggest.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

/* To whom it sends beside the process and each thread in turn. */
static void print_targets_of(const struct stress_case *c)
{
	for (size_t t = 0; t < TARGET_COUNT && c->targets[t]; t++)
		printf("%s %s",
			t ? "," : "    signals to:", storm_target_name(c->targets[t]));
	if (c->targets[0])
		printf("\n");
}

static void print_cases(void)
{
	const struct stress_case *c;

	for (size_t i = 0; (c = case_at(i)); i++) {
		printf("%s%s\n    %s\n    guards:", c->name, c->sparse ? " (sparse)" : "",
			c->summary);
		for (size_t g = 0; g < CASE_LIST_MAX && c->guards[g]; g++)
			printf("%s %s", g ? "," : "", c->guards[g]);
		printf("\n");
		print_targets_of(c);
		for (size_t o = 0; c->oracles[o]; o++)
			printf("    %s: %s\n", oracle_info(c->oracles[o])->name,
				oracle_info(c->oracles[o])->holds);
	}
}

static void print_subjects(void)
{
	const struct subject *subject;

	for (size_t i = 0; (subject = subject_at(i)); i++)
		printf("%-14s %s\n", subject->name, subject->summary);
}

/* Whose it is. */
static const char *owner_of(const struct fault_info *info)
{
	if (info->harness)
		return "the harness";
	return info->subject ? info->subject : "every subject";
}

static void print_fault(const struct fault_info *info)
{
	printf("%-22s (%s), of %s\n    taken out: %s\n    seen as:   %s\n", info->name,
		info->reference, owner_of(info), info->taken_out, info->seen_as);
	if (info->with)
		printf("    with:      %s\n", info->with);
}

static void print_faults(void)
{
	const struct fault_preset *preset;

	for (size_t i = 0; (preset = fault_preset(i)); i++)
		printf("%-22s preset of %s: %s\n", preset->name, preset->subject,
			preset->summary);
	for (int f = 0; f < FAULT_COUNT; f++)
		print_fault(fault_info((enum fault)f));
}

static void print_targets(void)
{
	for (int t = 0; t < TARGET_COUNT; t++)
		printf("%-14s %s\n", storm_target_name((enum storm_target)t),
			storm_target_summary((enum storm_target)t));
}

static void print_noise(void)
{
	for (int p = 0; p < NOISE_POINT_COUNT; p++)
		printf("%-18s %s\n", noise_point_name((enum noise_point)p),
			noise_point_summary((enum noise_point)p));
}

static void print_perturbations(void)
{
	puts("delays             hold up each of these calls now and then\n"
	     "errors             let those that may fail do so now and then\n"
	     "plain              signals interrupt a call that is held up; else they do "
	     "not, if\n"
	     "                   their handlers have SA_RESTART\n"
	     "CALL[.OPERATION][@SITE][=ERROR][~CALL...]: hold such calls up, let them "
	     "fail,\n"
	     "or hold them until another thread makes the second one; CALL is");
	for (int c = 0; c < PERTURBED_CALLS; c++)
		printf("  %-16s %s%s\n", perturbed_call_name((enum perturbed_call)c),
			perturbed_call_summary((enum perturbed_call)c),
			perturbed_call_may_fail((enum perturbed_call)c, "", EAGAIN)
				? " (may fail)"
				: "");
}

static void print_oracles(void)
{
	for (int o = ORACLE_NONE + 1; o < ORACLE_COUNT; o++) {
		const struct oracle_info *info = oracle_info((enum oracle_id)o);

		printf("%-16s %-6s %s\n", info->name, info->numbers, info->holds);
	}
}

int command_list(int argc, char **argv)
{
	static const char *const known[] = { "cases", "subjects", "faults", "placements",
		"targets", "noise", "perturbations", "oracles", NULL };

	if (argc > 1 && !strcmp(argv[1], "placements"))
		return list_placements(argc - 1, argv + 1);
	if (argc > 2)
		return complain(
			"unexpected argument '%s'; expected one kind of thing", argv[2]);
	if (argc < 2 || !strcmp(argv[1], "--help")) {
		puts("cases\nsubjects\nfaults\nplacements (--help: for another "
		     "machine)\ntargets\nnoise\nperturbations\noracles");
		return STATUS_EXPECTED;
	}
	if (!strcmp(argv[1], "cases"))
		print_cases();
	else if (!strcmp(argv[1], "subjects"))
		print_subjects();
	else if (!strcmp(argv[1], "faults"))
		print_faults();
	else if (!strcmp(argv[1], "targets"))
		print_targets();
	else if (!strcmp(argv[1], "noise"))
		print_noise();
	else if (!strcmp(argv[1], "perturbations"))
		print_perturbations();
	else if (!strcmp(argv[1], "oracles"))
		print_oracles();
	else
		return complain("unknown list '%s'; did you mean '%s'?", argv[1],
			nearest_name(argv[1], known));
	return STATUS_EXPECTED;
}
