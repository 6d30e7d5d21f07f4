/* SPDX-License-Identifier: BSD-2-Clause */
#include "conduct.h"

/* Where very many spin on one processor each has still more. */
enum { STARVED_SHARE = 500 };

bool conduct_observe(const struct snapshot *before, const struct snapshot *after,
	uint32_t i, struct conduct *c)
{
	c->after = &after->threads[i];
	c->before = snapshot_thread(before, c->after->tid);
	c->view = snapshot_view(after, c->after->tid);
	if (!c->before)
		return false;
	c->run = c->after->run - c->before->run;
	c->switches = c->after->switches - c->before->switches;
	c->length = after->time - before->time;
	return true;
}

bool conduct_is_stopped(const struct conduct *c)
{
	return c->after->state == 'T' || c->after->state == 't';
}

/* schedstat counts a thread's waiting only when it gets a processor, so one that got next to none
 * shows by its state. */
bool conduct_is_starved(const struct conduct *c)
{
	return c->before->state == 'R' && c->after->state == 'R' &&
	       c->run <= c->length / STARVED_SHARE;
}
