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

static void be_looked_at(void)
{
	if (world && world->config.before_death)
		world->config.before_death(world->config.before_death_argument);
}

/* With its signals open: a handler that waits keeps the lock from all others. */
static _Noreturn void die_under_lock(const char *what)
{
	while (os_exchange(&world->dying, 1, memory_order_acq_rel))
		os_yield();
	say("fatal", "", what);
	noise(NOISE_LAST_WORDS);
	os_abort();
}

void die(const char *format, ...)
{
	char what[LAST_WORDS];
	va_list arguments;

	va_start(arguments, format);
	text_format(what, sizeof what, format, arguments);
	va_end(arguments);
	if (world && fault(FAULT_DEATH_LOCKS))
		die_under_lock(what);
	os_signals_block_all();
	say("fatal", "", what);
	be_looked_at();
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
	be_looked_at();
	os_exit(EXIT_ORACLE);
}
