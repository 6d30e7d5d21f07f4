/* SPDX-License-Identifier: BSD-2-Clause */
/* UTF-8 after RFC 3629: no overlong forms, no surrogates, nothing beyond U+10FFFF. Pure. */
#ifndef HUPSTORM_RESULTS_UTF8_H
#define HUPSTORM_RESULTS_UTF8_H

#include <stddef.h>

/* The length of the character that begins here; 0 if none does. */
size_t utf8_character(const char *text);

/* Make each byte that is part of none a question mark. */
void utf8_clean(char *text);

#endif
