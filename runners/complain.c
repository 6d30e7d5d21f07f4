/* SPDX-License-Identifier: BSD-2-Clause */
#include "commands.h"

#include <stdarg.h>
#include <stdio.h>

int complain(const char *format, ...)
{
	va_list arguments;

	va_start(arguments, format);
	fputs("hupstorm: ", stderr);
	vfprintf(stderr, format, arguments);
	fputc('\n', stderr);
	va_end(arguments);
	return STATUS_ENVIRONMENT;
}
