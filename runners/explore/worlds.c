/* SPDX-License-Identifier: BSD-2-Clause */
#include "worlds.h"

#include "pool.h"

#include "runners/commands.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static bool number_of(const char *text, uint32_t least, uint32_t most, uint32_t *number)
{
	char *end;
	unsigned long value;

	if (*text < '0' || *text > '9')
		return false;
	value = strtoul(text, &end, 10);
	*number = (uint32_t)value;
	return !*end && value >= least && value <= most;
}

/* "name=value" */
static bool set_number(struct proof *proof, const char *word)
{
	const char *equals = strchr(word, '=');
	size_t length = equals ? (size_t)(equals - word) : 0;

	if (!equals)
		return false;
	if (!strncmp(word, "slots", length) && length == strlen("slots"))
		return number_of(equals + 1, 1, SLOTS_MAX, &proof->cell.slots);
	if (!strncmp(word, "subject", length) && length == strlen("subject")) {
		snprintf(proof->cell.subject, NAME_SIZE, "%s", equals + 1);
		return true;
	}
	if (!strncmp(word, "level", length) && length == strlen("level")) {
		proof->coarse = !strcmp(equals + 1, "coarse");
		return proof->coarse || !strcmp(equals + 1, "fine");
	}
	for (size_t i = 0; i < SMALL_FIELDS; i++) {
		const struct small_field *f = &small_fields[i];

		if (strlen(f->name) == length && !strncmp(f->name, word, length))
			return number_of(equals + 1, f->least, f->most,
				small_number(&proof->plan, i));
	}
	return false;
}

static bool set_head(
	struct proof *proof, const char *expected, const char *bound, const char *faults)
{
	if (!expected || !bound || !faults)
		return false;
	proof->expected = verdict_named(expected);
	proof->bound = NO_BOUND;
	proof->by_chance = !strcmp(bound, "chance");
	if (strcmp(bound, "all") != 0 && !proof->by_chance &&
		!number_of(bound, 0, 100, &proof->bound))
		return false;
	if (strcmp(faults, "none") != 0)
		snprintf(proof->cell.faults, FAULTS_SIZE, "%s", faults);
	return proof->expected != VERDICT_COUNT;
}

static bool read_line(char *line, struct proof *proof)
{
	char *rest, *word, *head[3];

	*proof = (struct proof){
		.coarse = true,
		.cell = { .case_name = "small", .slots = 2 },
		.plan = { .broadcasters = 1, .numbers = 1 },
	};
	for (int i = 0; i < 3; i++)
		head[i] = strtok_r(i ? NULL : line, " \t\n", &rest);
	if (!set_head(proof, head[0], head[1], head[2]))
		return false;
	while ((word = strtok_r(NULL, " \t\n", &rest))) {
		size_t used = strlen(proof->text);

		if (!set_number(proof, word))
			return false;
		snprintf(proof->text + used, sizeof proof->text - used, "%s%s",
			used ? " " : "", word);
	}
	return true;
}

int worlds_read(const char *path, struct proof **proofs, size_t *count)
{
	FILE *in = fopen(path, "r");
	char *line = NULL, copy[128];
	size_t size = 0, number = 0;
	int status = 0;

	*proofs = NULL;
	*count = 0;
	if (!in)
		return complain("%s: cannot be read; expected a list of worlds", path);
	while (!status && getline(&line, &size, in) > 0) {
		number++;
		if (line[strspn(line, " \t\n")] == '\0' || *line == '#')
			continue;
		snprintf(copy, sizeof copy, "%.*s", (int)strcspn(line, "\n"), line);
		*proofs = reallocate(*proofs, (*count + 1) * sizeof **proofs);
		if (!read_line(line, &(*proofs)[(*count)++]))
			status = complain("%s:%zu: not a world: '%s' (expected: VERDICT "
					  "all|BOUND|chance none|FAULTS NAME=NUMBER...)",
				path, number, copy);
	}
	free(line);
	fclose(in);
	return status;
}
