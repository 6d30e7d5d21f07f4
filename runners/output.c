/* SPDX-License-Identifier: BSD-2-Clause */
#include "output.h"

#include <errno.h>
#include <string.h>
#include <unistd.h>

static void end_line(struct output *o)
{
	o->line[o->line_length] = '\0';
	if (o->expression && !regexec(o->expression, o->line, 0, NULL, 0))
		o->matches++;
	if (o->line_length)
		memcpy(o->last, o->line, o->line_length + 1);
	o->line_length = 0;
}

static void take(struct output *o, const char *bytes, size_t count)
{
	for (size_t i = 0; i < count; i++) {
		o->kept[o->bytes++ % OUTPUT_KEPT] = bytes[i];
		if (bytes[i] == '\n')
			end_line(o);
		else if (o->line_length < OUTPUT_LINE - 1)
			o->line[o->line_length++] = bytes[i];
	}
}

/* What comes in one go is bounded, for others want to be served too. */
bool output_read(struct output *o)
{
	char bytes[16384];
	ssize_t length;

	if (o->descriptor < 0)
		return false;
	length = read(o->descriptor, bytes, sizeof bytes);
	if (length > 0) {
		take(o, bytes, (size_t)length);
		return true;
	}
	if (length < 0 && (errno == EAGAIN || errno == EINTR))
		return false;
	close(o->descriptor);
	o->descriptor = -1;
	return false;
}

size_t output_tail(const struct output *o, char *text, size_t size)
{
	uint64_t held = o->bytes < OUTPUT_KEPT ? o->bytes : OUTPUT_KEPT;
	size_t count = held < size ? (size_t)held : size;

	for (size_t i = 0; i < count; i++)
		text[i] = o->kept[(o->bytes - count + i) % OUTPUT_KEPT];
	return count;
}

void output_last_line(const struct output *o, char *text, size_t size)
{
	const char *line = o->line_length ? o->line : o->last;
	size_t length = o->line_length ? o->line_length : strlen(o->last);
	size_t used = 0;

	for (size_t i = 0; i < length && used < size - 1; i++)
		text[used++] =
			(unsigned char)line[i] < ' ' || line[i] == 0x7f ? ' ' : line[i];
	text[used] = '\0';
}
