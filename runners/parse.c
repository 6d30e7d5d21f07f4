/* SPDX-License-Identifier: BSD-2-Clause */
#include "parse.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

bool parse_number(const char *text, uint64_t least, uint64_t most, uint64_t *number)
{
	char *end;

	errno = 0;
	*number = strtoull(text, &end, 0);
	return *text && *text != '-' && !*end && !errno && *number >= least &&
	       *number <= most;
}

bool parse_time(const char *text, uint64_t *time)
{
	static const struct {
		const char *unit;
		double seconds;
	} units[] = { { "ms", 0.001 }, { "s", 1 }, { "m", 60 }, { "h", 3600 },
		{ "", 1 } };
	double value;
	char *end;

	value = strtod(text, &end);
	for (size_t i = 0; i < sizeof units / sizeof units[0]; i++) {
		double seconds = value * units[i].seconds;

		if (strcmp(end, units[i].unit) || end == text)
			continue;
		if (!(seconds >= 0.001 && seconds <= 1e6))
			return false;
		*time = (uint64_t)(seconds * 1e9);
		return true;
	}
	return false;
}
