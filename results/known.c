/* SPDX-License-Identifier: BSD-2-Clause */
#include "known.h"

#include "rate.h"
#include "statistics.h"

#include <errno.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

enum { CONDITIONS_MAX = 8, VALUE_SIZE = 128 };

#define EXPIRED 0.05

enum key { CASE, SUBJECT, FAULT, PLACEMENT, TARGET, VERDICT, REASON, ARCHITECTURE, KEYS };

static const char *const keys[KEYS] = { "case", "subject", "fault", "placement", "target",
	"verdict", "reason", "architecture" };

struct condition {
	enum key key;
	bool part; /* of the value is enough */
	char value[VALUE_SIZE];
};

struct rule {
	char name[NAME_SIZE];
	unsigned line;
	size_t count;
	struct condition conditions[CONDITIONS_MAX];
	uint64_t fitted; /* failures of the run that is shown */
	/* Of all runs: failures, what was run until the last of them, and since. */
	struct rate until;
	uint64_t since;
};

struct known {
	size_t count;
	struct rule *rules;
};

static const char *value_of(const struct run *run, size_t i, enum key key)
{
	const struct cell *cell = &run->cells[i];

	switch (key) {
	case CASE:
		return cell->case_name;
	case SUBJECT:
		return cell->subject;
	case FAULT:
		return cell->faults;
	case PLACEMENT:
		return cell->placement;
	case TARGET:
		return cell->target;
	case VERDICT:
		return verdict_name(run->outcomes[i].verdict);
	case REASON:
		return run->outcomes[i].reason;
	default:
		return run->info.machine.architecture;
	}
}

static bool is_met(const struct condition *condition, const char *value)
{
	return condition->part ? strstr(value, condition->value) != NULL
			       : !strcmp(value, condition->value);
}

/* Of the cell alone; and of what came of it. */
static bool fits(const struct rule *rule, const struct run *run, size_t i, bool outcome)
{
	for (size_t c = 0; c < rule->count; c++) {
		const struct condition *condition = &rule->conditions[c];
		bool of_outcome = condition->key == VERDICT || condition->key == REASON;

		if (of_outcome == outcome &&
			!is_met(condition, value_of(run, i, condition->key)))
			return false;
	}
	return true;
}

static bool is_failure(const struct rule *rule, const struct run *run, size_t i)
{
	return verdict_is_red(run->outcomes[i].verdict) && fits(rule, run, i, true);
}

/* A failure of another kind says nothing of this one. */
static void learn_run(struct rule *rule, const struct run *run)
{
	struct rate seen = { 0 }, clean = { 0 };

	for (size_t i = 0; i < run->count; i++) {
		struct rate rate = { 0 };

		if (!fits(rule, run, i, false))
			continue;
		rate_add(&rate, &run->cells[i], &run->outcomes[i]);
		if (!rate.failures) {
			clean.exposure += rate.exposure;
		} else if (is_failure(rule, run, i)) {
			seen.failures += rate.failures;
			seen.exposure += rate.exposure;
		}
	}
	rule->since += clean.exposure;
	if (!seen.failures)
		return;
	rule->until.failures += seen.failures;
	rule->until.exposure += rule->since + seen.exposure;
	rule->since = 0;
}

void known_learn(struct known *known, const struct run *run)
{
	for (size_t r = 0; r < known->count; r++)
		learn_run(&known->rules[r], run);
}

static double probability(const struct rule *rule)
{
	if (!rule->until.failures || !rule->until.exposure)
		return 1;
	return still_there(
		rule->until.failures, (double)rule->until.exposure, (double)rule->since);
}

static bool has_expired(const struct rule *rule)
{
	return probability(rule) < EXPIRED;
}

static struct rule *rule_for(const struct known *known, const struct run *run, size_t i)
{
	for (size_t r = 0; r < known->count; r++) {
		struct rule *rule = &known->rules[r];

		if (!has_expired(rule) && fits(rule, run, i, false) &&
			is_failure(rule, run, i))
			return rule;
	}
	return NULL;
}

void known_apply(struct known *known, struct run *run)
{
	for (size_t i = 0; i < run->count; i++) {
		char *reason = run->outcomes[i].reason;
		size_t used = strlen(reason);
		struct rule *rule;

		if (cell_standing(&run->cells[i], &run->outcomes[i]) !=
				STANDING_UNEXPECTED ||
			!verdict_is_red(run->outcomes[i].verdict))
			continue;
		rule = rule_for(known, run, i);
		if (!rule)
			continue;
		rule->fitted++;
		run->cells[i].expected = EXPECT_RED;
		snprintf(reason + used, REASON_SIZE - used, " (known: %s)", rule->name);
	}
	known_learn(known, run);
}

void known_write(const struct known *known, FILE *out)
{
	if (known->count)
		fputs("\nKnown failures\n", out);
	for (size_t r = 0; r < known->count; r++) {
		const struct rule *rule = &known->rules[r];

		fprintf(out, "  %-24s ", rule->name);
		if (has_expired(rule))
			fprintf(out,
				"has expired: there with a probability of %.1f %%; take "
				"line %u out\n",
				100 * probability(rule), rule->line);
		else if (!rule->until.failures)
			fprintf(out, "has never fitted anything; is line %u right?\n",
				rule->line);
		else
			fprintf(out,
				"%zu in this run, %zu in all; there with a probability "
				"of "
				"%.0f %%\n",
				(size_t)rule->fitted, (size_t)rule->until.failures,
				100 * probability(rule));
	}
}

/*
 * Reading
 */
struct reader {
	const char *name;
	unsigned line;
	char *complaint;
};

static int complain(const struct reader *r, const char *format, ...)
	__attribute__((format(printf, 2, 3)));

static int complain(const struct reader *r, const char *format, ...)
{
	char what[COMPLAINT_SIZE / 2];
	va_list arguments;

	va_start(arguments, format);
	vsnprintf(what, sizeof what, format, arguments);
	va_end(arguments);
	snprintf(r->complaint, COMPLAINT_SIZE, "%.128s: line %u: %s", r->name, r->line,
		what);
	return -EINVAL;
}

static char *trim(char *text)
{
	size_t length;

	text += strspn(text, " \t");
	length = strlen(text);
	while (length && strchr(" \t\n", text[length - 1]))
		text[--length] = '\0';
	return text;
}

/* KEY=VALUE or KEY~WORDS */
static int read_condition(const struct reader *r, char *text, struct condition *condition)
{
	char *sign = text + strcspn(text, "=~"), *value;
	int key = 0;

	if (!*sign)
		return complain(r, "'%s': expected KEY=VALUE or KEY~WORDS", text);
	condition->part = *sign == '~';
	*sign = '\0';
	text = trim(text);
	value = trim(sign + 1);
	while (key < KEYS && strcmp(text, keys[key]) != 0)
		key++;
	if (key == KEYS)
		return complain(r,
			"'%s': expected case, subject, fault, placement, target, "
			"verdict, reason or architecture",
			text);
	if (strlen(value) >= VALUE_SIZE)
		return complain(r, "'%.40s...': too long", value);
	if (key == VERDICT && !condition->part && verdict_named(value) == VERDICT_COUNT)
		return complain(r, "'%s': expected a verdict, like deadlock", value);
	condition->key = (enum key)key;
	strcpy(condition->value, value);
	return 0;
}

static int read_conditions(const struct reader *r, char *text, struct rule *rule)
{
	int error = 0;

	while (text && !error) {
		char *next = strchr(text, '&');

		if (next)
			*next++ = '\0';
		if (rule->count == CONDITIONS_MAX)
			return complain(r, "more than %d conditions", CONDITIONS_MAX);
		error = read_condition(r, trim(text), &rule->conditions[rule->count++]);
		text = next;
	}
	return error;
}

/* known NAME <- CONDITION & ... */
static int read_rule(const struct reader *r, char *text, struct rule *rule)
{
	static const char word[] = "known ";
	char *arrow = strstr(text, "<-"), *name;

	*rule = (struct rule){ .line = r->line };
	if (strncmp(text, word, sizeof word - 1) != 0 || !arrow)
		return complain(r, "expected known NAME <- KEY=VALUE & ...");
	*arrow = '\0';
	name = trim(text + sizeof word - 1);
	if (!*name || strlen(name) >= NAME_SIZE)
		return complain(
			r, "expected a name of 1 to %d characters", NAME_SIZE - 1);
	strcpy(rule->name, name);
	return read_conditions(r, arrow + 2, rule);
}

static int add_line(const struct reader *r, struct known *known, char *text)
{
	struct rule *rules;

	text = trim(text);
	if (!*text || *text == '#')
		return 0;
	rules = realloc(known->rules, (known->count + 1) * sizeof *rules);
	if (!rules)
		return complain(r, "no memory");
	known->rules = rules;
	return read_rule(r, text, &rules[known->count++]);
}

struct known *known_read(FILE *in, const char *name, char *complaint)
{
	struct reader r = { .name = name, .complaint = complaint };
	struct known *known = calloc(1, sizeof *known);
	char *line = NULL;
	size_t size = 0;
	int error = 0;

	if (!known)
		snprintf(complaint, COMPLAINT_SIZE, "%s: no memory", name);
	while (known && !error && getline(&line, &size, in) > 0) {
		r.line++;
		error = add_line(&r, known, line);
	}
	free(line);
	if (!error)
		return known;
	known_free(known);
	return NULL;
}

void known_free(struct known *known)
{
	if (!known)
		return;
	free(known->rules);
	free(known);
}
