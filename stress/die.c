/* SPDX-License-Identifier: BSD-2-Clause */
#include "die.h"
#include "oracles.h"
#include "runtime.h"
#include "text.h"

enum { LAST_WORDS = 512 };

static void say(const char *kind, const char *name, const char *what)
{
	const struct thread *self = os_self();
	char line[LAST_WORDS + 128] = "";
	size_t used;

	text_append(line, sizeof line, "%s%s: %s", kind, name, what);
	if (self)
		text_append(line, sizeof line, " [thread %u, %s]", self->id, self->name);
	used = text_append(line, sizeof line, "\n");
	os_last_words(line, used);
}

void die(const char *format, ...)
{
	char what[LAST_WORDS];
	va_list arguments;

	os_signals_block_all();
	va_start(arguments, format);
	text_format(what, sizeof what, format, arguments);
	va_end(arguments);
	say("fatal", "", what);
	os_abort();
}

void oracle_broken(enum oracle_id oracle, const char *format, ...)
{
	char what[LAST_WORDS];
	va_list arguments;

	os_signals_block_all();
	va_start(arguments, format);
	text_format(what, sizeof what, format, arguments);
	va_end(arguments);
	say("oracle ", oracle_info(oracle)->name, what);
	os_exit(EXIT_ORACLE);
}
