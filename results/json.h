/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef HUPSTORM_RESULTS_JSON_H
#define HUPSTORM_RESULTS_JSON_H

#include <stdio.h>

/* Write the text as a JSON string with its quotes. What is no UTF-8 becomes U+FFFD, byte by byte. */
void json_string(FILE *out, const char *text);

#endif
