/* SPDX-License-Identifier: BSD-2-Clause */
/* Formatting that is safe in a signal handler and in a dying process. */
#ifndef HUPSTORM_STRESS_TEXT_H
#define HUPSTORM_STRESS_TEXT_H

#include <stdarg.h>
#include <stddef.h>

/*
 * Like vsnprintf, for %s %c %d %u %x %lu %% only, without field widths: writes at most
 * size - 1 bytes and a terminating NUL (`size` > 0), and returns the number of bytes
 * written without the NUL. Async-signal-safe; takes no lock.
 */
size_t text_format(char *text, size_t size, const char *format, va_list arguments)
	__attribute__((format(printf, 3, 0)));

/* The same, behind the string that `text` holds already; returns the length of the whole.
 */
size_t text_append(char *text, size_t size, const char *format, ...)
	__attribute__((format(printf, 3, 4)));

#endif
