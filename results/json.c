/* SPDX-License-Identifier: BSD-2-Clause */
#include "json.h"

#include <stddef.h>

/* The length of the UTF-8 character that begins here, after RFC 3629: no overlong forms, no surrogates,
 * nothing beyond U+10FFFF; 0 if none does. */
static size_t character(const unsigned char *s)
{
	unsigned char low = 0x80, high = 0xbf;
	size_t length;

	if (s[0] < 0x80)
		return 1;
	if (s[0] < 0xc2 || s[0] > 0xf4)
		return 0;
	length = s[0] < 0xe0 ? 2 : s[0] < 0xf0 ? 3 : 4;
	if (s[0] == 0xe0)
		low = 0xa0;
	else if (s[0] == 0xed)
		high = 0x9f;
	else if (s[0] == 0xf0)
		low = 0x90;
	else if (s[0] == 0xf4)
		high = 0x8f;
	for (size_t i = 1; i < length; i++, low = 0x80, high = 0xbf)
		if (s[i] < low || s[i] > high)
			return 0;
	return length;
}

void json_string(FILE *out, const char *text)
{
	const unsigned char *s = (const unsigned char *)text;

	fputc('"', out);
	while (*s) {
		size_t length = character(s);

		if (!length) {
			fputs("\\ufffd", out);
			length = 1;
		} else if (*s == '"' || *s == '\\') {
			fprintf(out, "\\%c", *s);
		} else if (*s < ' ') {
			fprintf(out, "\\u%04x", *s);
		} else {
			fwrite(s, 1, length, out);
		}
		s += length;
	}
	fputc('"', out);
}
