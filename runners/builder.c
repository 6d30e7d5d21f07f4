/* SPDX-License-Identifier: BSD-2-Clause */
#include "builder.h"

#include "parse.h"

#include <ctype.h>
#include <errno.h>
#include <glob.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

struct reading {
	const char *path;
	unsigned line;
	char *complaint;
	size_t size;
};

static int refuse(const struct reading *r, const char *word, const char *expected)
{
	snprintf(r->complaint, r->size, "%s:%u: '%s': expected %s", r->path, r->line,
		word, expected);
	return -EINVAL;
}

static int take_text(const struct reading *r, char *to, size_t size, const char *text)
{
	if ((size_t)snprintf(to, size, "%s", text) >= size)
		return refuse(r, text, "something shorter");
	return 0;
}

/* A part of the name of a script: nothing that leads elsewhere. */
static int take_name(const struct reading *r, char to[NAME_SIZE], const char *text)
{
	for (const char *at = text; *at; at++)
		if (!isalnum((unsigned char)*at) && !strchr("-_", *at))
			return refuse(r, text, "letters, digits, - and _");
	return take_text(r, to, NAME_SIZE, text);
}

static int take_number(const struct reading *r, uint32_t *to, const char *text)
{
	uint64_t number;

	if (!parse_number(text, 1, 1000, &number))
		return refuse(r, text, "a number from 1 to 1000");
	*to = (uint32_t)number;
	return 0;
}

static int take_truth(const struct reading *r, bool *to, const char *text)
{
	*to = !strcmp(text, "yes");
	return *to || !strcmp(text, "no") ? 0 : refuse(r, text, "yes or no");
}

static int take_options(const struct reading *r, struct builder *b, const char *text)
{
	size_t count = 0;

	for (const char *word = text; *word; count++) {
		word += strcspn(word, " \t");
		word += strspn(word, " \t");
	}
	if (count > BUILDER_OPTIONS_MAX)
		return refuse(r, text, "16 words at the most");
	return take_text(r, b->options, sizeof b->options, text);
}

static int take(
	const struct reading *r, struct builder *b, const char *word, const char *text)
{
	if (!strcmp(word, "arch"))
		return take_name(r, b->architecture, text);
	if (!strcmp(word, "how"))
		return take_name(r, b->how, text);
	if (!strcmp(word, "host"))
		return take_text(r, b->host, sizeof b->host, text);
	if (!strcmp(word, "options"))
		return take_options(r, b, text);
	if (!strcmp(word, "patience"))
		return take_number(r, &b->patience, text);
	if (!strcmp(word, "nodes"))
		return take_number(r, &b->nodes, text);
	if (!strcmp(word, "limit"))
		return parse_time(text, &b->limit) ? 0
						   : refuse(r, text, "a time like 2h");
	if (!strcmp(word, "emulated"))
		return take_truth(r, &b->emulated, text);
	if (!strcmp(word, "default"))
		return take_truth(r, &b->is_default, text);
	return refuse(r, word,
		"arch, how, patience, limit, emulated, default, options, host or nodes");
}

/* Cut a line into a word and the rest, without what is around it; false if there is nothing. */
static bool cut(char *line, char **word, char **rest)
{
	char *end;

	line[strcspn(line, "#\n")] = '\0';
	line += strspn(line, " \t");
	for (end = line + strlen(line); end > line && strchr(" \t", end[-1]);)
		*--end = '\0';
	*word = line;
	*rest = line + strcspn(line, " \t");
	if (**rest)
		*(*rest)++ = '\0';
	*rest += strspn(*rest, " \t");
	return *line;
}

/* The file's own, without folder and ending. */
static int name_it(const struct reading *r, struct builder *b)
{
	const char *slash = strrchr(r->path, '/'), *begin = slash ? slash + 1 : r->path;
	char name[PATH_MAX];

	snprintf(name, sizeof name, "%s", begin);
	name[strcspn(name, ".")] = '\0';
	return take_name(r, b->name, name);
}

static int read_lines(struct reading *r, struct builder *b, FILE *file)
{
	char line[512], *word, *rest;
	int error = name_it(r, b);

	while (!error && fgets(line, sizeof line, file)) {
		r->line++;
		if (!cut(line, &word, &rest))
			continue;
		error = *rest ? take(r, b, word, rest)
			      : refuse(r, word, "something after it");
	}
	if (!error && !*b->architecture)
		error = refuse(r, b->name, "a line 'arch'");
	if (!error && !*b->how)
		error = refuse(r, b->name, "a line 'how'");
	return error;
}

int builder_read(struct builder *builder, const char *path, char *complaint, size_t size)
{
	struct reading r = { .path = path, .complaint = complaint, .size = size };
	FILE *file = fopen(path, "re");
	int error;

	*builder = (struct builder){ .patience = 1,
		.nodes = 1,
		.is_default = true,
		.limit = 3600 * UINT64_C(1000000000) };
	if (!file) {
		error = -errno;
		snprintf(complaint, size, "%s: %s", path, strerror(errno));
		return error;
	}
	error = read_lines(&r, builder, file);
	fclose(file);
	return error;
}

const char *builders_folder(void)
{
	const char *told = getenv("HUPSTORM_BUILDERS");

	if (told && *told)
		return told;
	return access(BUILDERS_OF_SOURCES, R_OK) ? BUILDERS_INSTALLED
						 : BUILDERS_OF_SOURCES;
}

int builders_read(struct builder **builders, size_t *count, char *complaint, size_t size)
{
	char pattern[PATH_MAX];
	glob_t found;
	int error = 0;

	*builders = NULL;
	*count = 0;
	snprintf(pattern, sizeof pattern, "%s/*.builder", builders_folder());
	if (glob(pattern, 0, NULL, &found)) {
		snprintf(complaint, size, "%s: no builders there", pattern);
		return -ENOENT;
	}
	*builders = calloc(found.gl_pathc, sizeof **builders);
	if (!*builders) {
		snprintf(complaint, size, "no memory for %zu builders", found.gl_pathc);
		error = -ENOMEM;
	}
	for (; !error && *count < found.gl_pathc; ++*count)
		error = builder_read(
			&(*builders)[*count], found.gl_pathv[*count], complaint, size);
	globfree(&found);
	if (error) {
		free(*builders);
		*builders = NULL;
	}
	return error;
}
