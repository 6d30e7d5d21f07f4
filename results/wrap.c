/* SPDX-License-Identifier: BSD-2-Clause */
#include "wrap.h"

#include "utf8.h"

#include <stdbool.h>
#include <string.h>

/* So many bytes make one character, or none that is seen. */
static size_t step(const char *at, size_t *columns)
{
	size_t length = utf8_character(at);

	*columns = 1;
	if (at[0] == '\033' && at[1] == '[') {
		*columns = 0;
		return 2 + strcspn(at + 2, "m") + 1;
	}
	return length ? length : 1;
}

/* Where this line ends if it has so much room: at the last space that leaves what is before it within, or at
 * the first one if there is none such; or at its own end. */
static const char *break_of(const char *line, const char *end, size_t room)
{
	const char *at = line, *space = NULL;
	size_t used = 0, columns;

	while (at < end && *at == ' ')
		at++, used++;
	while (at < end) {
		if (*at == ' ' && (used <= room || !space))
			space = at;
		if (used >= room && space && *at != ' ')
			return space;
		at += step(at, &columns);
		used += columns;
	}
	return used <= room || !space ? end : space;
}

static bool is_command(const char *line, const char *end)
{
	static const char *const heads[] = { "again: hupstorm ", "why: hupstorm ",
		"hupstorm " };

	while (line < end && *line == ' ')
		line++;
	for (size_t i = 0; i < sizeof heads / sizeof heads[0]; i++)
		if (!strncmp(line, heads[i], strlen(heads[i])))
			return true;
	return false;
}

static void wrap_line(FILE *out, const char *line, const char *end, size_t width)
{
	bool command = is_command(line, end);
	size_t indent = strspn(line, " "), mark = command ? 2 : 0;
	const char *stop = break_of(line, end, width);

	if (stop < end)
		stop = break_of(line, end, width - mark);
	fwrite(line, 1, (size_t)(stop - line), out);
	while (stop < end) {
		const char *rest = stop + strspn(stop, " ");

		if (rest >= end)
			break;
		fprintf(out, "%s\n%*s", command ? " \\" : "", (int)indent + 2, "");
		stop = break_of(rest, end, width - indent - 2);
		if (stop < end)
			stop = break_of(rest, end, width - indent - 2 - mark);
		fwrite(rest, 1, (size_t)(stop - rest), out);
	}
	fputc('\n', out);
}

void wrap_write(FILE *out, const char *text, size_t width)
{
	enum { LEAST = 20 };

	if (!width) {
		fputs(text, out);
		return;
	}
	while (*text) {
		const char *end = text + strcspn(text, "\n");

		wrap_line(out, text, end, width < LEAST ? LEAST : width);
		text = *end ? end + 1 : end;
	}
}
