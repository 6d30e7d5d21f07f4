/* SPDX-License-Identifier: BSD-2-Clause */
/* What a program writes: the end of it is kept, and lines that match are counted. */
#ifndef HUPSTORM_RUNNERS_OUTPUT_H
#define HUPSTORM_RUNNERS_OUTPUT_H

#include <regex.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum { OUTPUT_KEPT = 64 * 1024, OUTPUT_LINE = 1024 };

struct output {
	int descriptor;		   /* to read from, non-blocking; -1: it was closed */
	const regex_t *expression; /* NULL: none */
	uint64_t bytes, matches;
	size_t line_length; /* of the line that has not ended; cut to OUTPUT_LINE */
	char line[OUTPUT_LINE];
	char last[OUTPUT_LINE]; /* line that was not empty */
	char kept[OUTPUT_KEPT]; /* a ring: byte k of the output is at k modulo its size */
};

/* Take of what there is. False: there was nothing; the descriptor is closed at the end. Does not
 * block. */
bool output_read(struct output *output);

/* The end of the output, in order: up to `size` bytes. Returns how many. */
size_t output_tail(const struct output *output, char *text, size_t size);

/* The last line that was not empty, ended or not, without control characters; "" for none. */
void output_last_line(const struct output *output, char *text, size_t size);

#endif
