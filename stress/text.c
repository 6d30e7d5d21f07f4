/* SPDX-License-Identifier: BSD-2-Clause */
#include "text.h"

#include <stdint.h>
#include <string.h>

struct output {
	char *text;
	size_t size, used;
};

static void put(struct output *out, char c)
{
	if (out->used + 1 < out->size)
		out->text[out->used++] = c;
}

static void put_string(struct output *out, const char *string)
{
	for (; *string; string++)
		put(out, *string);
}

static void put_number(struct output *out, uint64_t number, unsigned base)
{
	char digits[20];
	unsigned count = 0;

	do {
		digits[count++] = "0123456789abcdef"[number % base];
		number /= base;
	} while (number);
	while (count)
		put(out, digits[--count]);
}

static void put_signed(struct output *out, int number)
{
	uint64_t magnitude = (uint64_t)number;

	if (number < 0) {
		put(out, '-');
		magnitude = -magnitude;
	}
	put_number(out, magnitude, 10);
}

size_t text_format(char *text, size_t size, const char *format, va_list arguments)
{
	struct output out = { .text = text, .size = size };

	for (; *format; format++) {
		if (*format != '%') {
			put(&out, *format);
			continue;
		}
		format++;
		if (*format == 's')
			put_string(&out, va_arg(arguments, const char *));
		else if (*format == 'c')
			put(&out, (char)va_arg(arguments, int));
		else if (*format == 'd')
			put_signed(&out, va_arg(arguments, int));
		else if (*format == 'u')
			put_number(&out, va_arg(arguments, unsigned), 10);
		else if (*format == 'x')
			put_number(&out, va_arg(arguments, unsigned), 16);
		else if (*format == 'l' && *++format == 'u')
			put_number(&out, va_arg(arguments, unsigned long), 10);
		else if (*format == '%')
			put(&out, '%');
		if (!*format)
			break;
	}
	text[out.used] = '\0';
	return out.used;
}

size_t text_append(char *text, size_t size, const char *format, ...)
{
	size_t used = strlen(text);
	va_list arguments;

	va_start(arguments, format);
	used += text_format(text + used, size - used, format, arguments);
	va_end(arguments);
	return used;
}
