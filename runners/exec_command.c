/* SPDX-License-Identifier: BSD-2-Clause */
#include "exec_command.h"

#include "commands.h"
#include "go.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>
#include <wordexp.h>

/* Where execvp finds the command: in PATH, unless it has a slash. */
static bool find_command(const char *name, char *path, size_t size)
{
	const char *folder = getenv("PATH");

	snprintf(path, size, "%s", name);
	if (strchr(name, '/'))
		return !access(path, X_OK);
	while (folder && *folder) {
		size_t length = strcspn(folder, ":");

		snprintf(path, size, "%.*s/%s", (int)length, folder, name);
		if (!access(path, X_OK))
			return true;
		folder += length + (folder[length] != '\0');
	}
	return false;
}

/* A filter needs that a process gains no privileges any more. */
int exec_command_check(const struct session *s, struct program_plan *plan)
{
	const char *name = plan->command[0];
	struct stat status;
	char path[4096];

	if (!find_command(name, path, sizeof path))
		return complain("'%s': %s; expected a program that can be executed", name,
			strerror(errno ? errno : ENOENT));
	if (stat(path, &status) || !S_ISREG(status.st_mode))
		return complain("'%s': expected a program, not a folder", name);
	if (s->options.sandboxed && status.st_mode & (S_ISUID | S_ISGID))
		return complain("'%s': it is set-user-ID or set-group-ID, and would run "
				"without these privileges in the sandbox; expected "
				"--no-sandbox",
			path);
	plan->is_go = go_is_program(path);
	return 0;
}

/* Its words were quoted (exec_options_print), so that nothing else in them means anything. */
static int parse_words(
	struct session *s, const wordexp_t *words, struct exec_options *options)
{
	struct run_options common;
	int error = exec_options_parse((int)words->we_wordc, words->we_wordv,
		&s->placements, options, &common, s->complaint, sizeof s->complaint);

	return error ? complain("the cell in the store: %s", s->complaint) : 0;
}

int exec_command_load(struct session *s, const struct cell *cell,
	struct exec_options *options, wordexp_t *words)
{
	char text[WORLD_SIZE + 8];
	int status;

	snprintf(text, sizeof text, "exec%s", cell->world);
	if (wordexp(text, words, WRDE_NOCMD | WRDE_UNDEF))
		return complain("the cell in the store: '%s' is no command", text);
	status = parse_words(s, words, options);
	return status ? status : exec_command_check(s, &options->plan);
}
