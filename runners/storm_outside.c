/* SPDX-License-Identifier: BSD-2-Clause */
#include "storm_outside.h"

#include "parse.h"

#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>

static const char *const targets[] = {
	[STREAM_PROCESS] = "process",
	[STREAM_LEADER] = "leader",
	[STREAM_ROTATE] = "rotate",
};

enum { TARGETS = sizeof targets / sizeof targets[0] };

/* The number of a signal given as HUP, SIGHUP or 1; 0: none that can be caught. */
static int signal_named(const char *name)
{
	uint64_t number;

	if (parse_number(name, 1, NSIG - 1, &number))
		return number == SIGKILL || number == SIGSTOP ? 0 : (int)number;
	if (!strncmp(name, "SIG", 3))
		name += 3;
	for (int signal = 1; signal < NSIG; signal++) {
		const char *known = sigabbrev_np(signal);

		if (known && !strcmp(known, name))
			return signal == SIGKILL || signal == SIGSTOP ? 0 : signal;
	}
	return 0;
}

static int target_named(const char *name)
{
	int target = 0;

	while (target < TARGETS && strcmp(targets[target], name))
		target++;
	return target;
}

int stream_parse(const char *text, struct stream *stream)
{
	char words[STREAM_TEXT_SIZE], *rest = words, *name, *rate, *target;
	uint64_t number;

	if (strlen(text) >= sizeof words)
		return -EINVAL;
	strcpy(words, text);
	name = strsep(&rest, ":");
	rate = strsep(&rest, ":");
	target = strsep(&rest, ":");
	*stream = (struct stream){ .signal = signal_named(name) };
	if (!stream->signal || rest || !rate || !parse_number(rate, 1, 1000000, &number))
		return -EINVAL;
	stream->rate = (uint32_t)number;
	number = target ? (uint64_t)target_named(target) : STREAM_PROCESS;
	stream->target = (enum stream_target)number;
	return number < TARGETS ? 0 : -EINVAL;
}

int stream_print(const struct stream *stream, char *text, size_t size)
{
	const char *name = sigabbrev_np(stream->signal);
	char number[16];

	snprintf(number, sizeof number, "%d", stream->signal);
	return snprintf(text, size, "%s:%u:%s", name ? name : number, stream->rate,
		targets[stream->target]);
}
