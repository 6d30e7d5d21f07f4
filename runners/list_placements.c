/* SPDX-License-Identifier: BSD-2-Clause */
/* hupstorm list placements: the plan of placements for this machine or another. */
#include "commands.h"

#include "place.h"

#include <errno.h>
#include <getopt.h>
#include <spawn.h>
#include <stdio.h>
#include <string.h>
#include <sys/wait.h>

static const char help[] =
	"usage: hupstorm list placements [--topology WHAT] [--all] [--draw]\n"
	"Show where the threads of a cell can be placed, and in which order the classes\n"
	"by role are tried.\n"
	"\n"
	"  --topology WHAT      another machine: a file of hwloc's XML (lstopo x.xml), "
	"or\n"
	"                       if there is none of that name hwloc's synthetic format,\n"
	"                       like 'pack:2 [numa] l3:4 core:4 pu:2'\n"
	"  --all                every class by role, not just those that are tried "
	"first\n"
	"  --draw               draw the machine first, by lstopo of hwloc-nox\n"
	"\n"
	"Exit status: 0, or 2 for usage or environment.\n";

struct request {
	const char *topology; /* NULL: this machine */
	bool all, draw, help;
};

static void print_sets(const struct placement *placement)
{
	char set[256];

	if (!placement->available || !placement->count)
		return;
	printf("    PUs:");
	for (size_t i = 0; i < placement->count; i++) {
		hwloc_bitmap_list_snprintf(set, sizeof set, placement->sets[i]);
		printf(" %s", set);
	}
	printf("\n");
}

static void print_fixed(const struct placements *placements)
{
	for (size_t i = 0; i < PLACEMENT_COUNT; i++) {
		const struct placement *p = &placements->at[i];

		printf("%-16s %s%s%s%s\n", p->name, p->summary,
			p->available ? "" : " (no: ", p->why_not,
			p->available ? "" : ")");
		print_sets(p);
	}
}

/* By the first letter of each. */
static void print_pair(enum storm_party one, enum storm_party other)
{
	printf(" %c%c", *storm_party_name(one), *storm_party_name(other));
}

/* Those pairs of which `added` has the relation of sharing so many levels. */
static void print_added_at(const struct levels *levels, uint64_t added, size_t shared)
{
	bool any = false;

	for (int a = 0; a < PARTY_COUNT; a++)
		for (int b = a + 1; b < PARTY_COUNT; b++) {
			if (!(added & class_relation((enum storm_party)a,
					      (enum storm_party)b, shared)))
				continue;
			if (!any)
				printf("  %s:", levels_name(levels, shared));
			any = true;
			print_pair((enum storm_party)a, (enum storm_party)b);
		}
}

static void print_class(
	const struct placements *placements, size_t number, uint64_t *there)
{
	const struct levels *levels = &placements->levels;
	const struct role_class *class = &placements->classes.at[number];
	uint64_t added = class->relations & ~*there;

	printf("    %-42s", class->name);
	for (size_t r = 0; r < PARTY_COUNT; r++)
		printf(" %4u", levels->pus[class->pus[r]].system_number);
	for (size_t shared = levels->count + 1; shared-- > 0;)
		print_added_at(levels, added, shared);
	printf("\n");
	*there |= added;
}

static void print_levels(const struct levels *levels)
{
	for (size_t i = 0; i < levels->count; i++)
		printf("%s%s", i ? ", " : "", levels->names[i]);
}

static void print_by_role(const struct placements *placements, bool all)
{
	const struct role_classes *classes = &placements->classes;
	uint64_t there = 0;

	printf("%-16s each role on one processing unit%s%s%s\n", BY_ROLE,
		placements->why_not_by_role ? " (no: " : "",
		placements->why_not_by_role ? placements->why_not_by_role : "",
		placements->why_not_by_role ? ")" : "");
	if (placements->why_not_by_role)
		return;
	printf("    %zu classes over ", classes->count);
	print_levels(&placements->levels);
	printf("; the first %zu give every relation that two roles can have\n",
		classes->cover);
	printf("    Digits: the groups of coordinator, sender, receiver and workers at "
	       "that level;\n    below it, who is together stays so. Then the PU of "
	       "each, "
	       "and whom it is the\n    first to bring so near and no nearer, by their "
	       "initials.\n");
	for (size_t i = 0; i < (all ? classes->count : classes->cover); i++)
		print_class(placements, i, &there);
	if (!all && classes->count > classes->cover)
		printf("    and %zu more, by turn (--all)\n",
			classes->count - classes->cover);
}

/* Its output comes between ours. */
static int draw(const char *topology)
{
	extern char **environ;
	const char *const arguments[] = { "lstopo-no-graphics", "--no-io", "--of",
		"ascii", topology ? "-i" : NULL, topology, NULL };
	pid_t child;
	int status;

	fflush(stdout);
	if (posix_spawnp(
		    &child, arguments[0], NULL, NULL, (char *const *)arguments, environ))
		return complain("--draw: expected %s in the PATH: install the package "
				"hwloc-nox",
			arguments[0]);
	while (waitpid(child, &status, 0) < 0)
		if (errno != EINTR)
			return complain("%s: %s", arguments[0], strerror(errno));
	if (status)
		return complain("--draw: %s has failed", arguments[0]);
	printf("\n");
	return STATUS_EXPECTED;
}

static int complain_of_topology(const char *topology)
{
	if (!topology)
		return complain("hwloc cannot read the topology of this machine");
	return complain("--topology '%s': expected a file of hwloc's XML, or hwloc's "
			"synthetic format, like 'pack:2 [numa] l3:4 core:4 pu:2'",
		topology);
}

static int read_request(int argc, char **argv, struct request *request)
{
	static const struct option options[] = {
		{ "topology", required_argument, NULL, 't' },
		{ "all", no_argument, NULL, 'a' },
		{ "draw", no_argument, NULL, 'd' },
		{ "help", no_argument, NULL, 'h' },
		{ NULL, 0, NULL, 0 },
	};
	int option;

	*request = (struct request){ 0 };
	optind = 0;
	opterr = 0;
	while ((option = getopt_long(argc, argv, "", options, NULL)) >= 0) {
		if (option == '?')
			return complain(
				"'%s': expected --topology WHAT, --all, --draw or "
				"--help",
				argv[optind - 1]);
		if (option == 't')
			request->topology = optarg;
		request->all |= option == 'a';
		request->draw |= option == 'd';
		request->help |= option == 'h';
	}
	if (optind < argc)
		return complain(
			"unexpected argument '%s'; expected options alone", argv[optind]);
	return STATUS_EXPECTED;
}

int list_placements(int argc, char **argv)
{
	struct placements placements;
	struct request request;
	int status = read_request(argc, argv, &request);

	if (status)
		return status;
	if (request.help) {
		fputs(help, stdout);
		return STATUS_EXPECTED;
	}
	if (placements_load(&placements, request.topology))
		return complain_of_topology(request.topology);
	if (request.draw)
		status = draw(request.topology);
	if (!status) {
		print_fixed(&placements);
		print_by_role(&placements, request.all);
	}
	placements_free(&placements);
	return status;
}
