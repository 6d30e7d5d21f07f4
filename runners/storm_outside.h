/* SPDX-License-Identifier: BSD-2-Clause */
/* A storm from outside: which signals a program is sent, how often, and to whom. */
#ifndef HUPSTORM_RUNNERS_STORM_OUTSIDE_H
#define HUPSTORM_RUNNERS_STORM_OUTSIDE_H

#include <stddef.h>
#include <stdint.h>

enum { STREAMS_MAX = 8, STREAM_TEXT_SIZE = 48 };

enum stream_target {
	STREAM_PROCESS, /* whichever thread the kernel picks */
	STREAM_LEADER,	/* the thread-group leader */
	STREAM_ROTATE,	/* each thread in turn */
};

struct stream {
	int signal;
	uint32_t rate; /* per second, 1 to 1,000,000 */
	enum stream_target target;
};

struct storm_outside {
	size_t count;
	struct stream streams[STREAMS_MAX];
};

/* Read "HUP:2000:rotate": a signal by name or number, the rate, and to whom (may be left out:
 * process). -EINVAL if it is none, or a signal that cannot be caught. */
int stream_parse(const char *text, struct stream *stream);

/* The same the other way round. Returns what snprintf does. */
int stream_print(const struct stream *stream, char *text, size_t size);

#endif
