/* SPDX-License-Identifier: BSD-2-Clause */
/* Numbers and times as they are given on a command line. */
#ifndef HUPSTORM_RUNNERS_PARSE_H
#define HUPSTORM_RUNNERS_PARSE_H

#include <stdbool.h>
#include <stdint.h>

/* A whole number from `least` to `most`, in decimal, or with 0x or 0; false if `text` is none. */
bool parse_number(const char *text, uint64_t least, uint64_t most, uint64_t *number);

/* A time like 250ms, 30s, 5m or 2h (a bare number: seconds), from 1 ms to 10^6 s, in ns;
 * false if `text` is none. */
bool parse_time(const char *text, uint64_t *time);

#endif
