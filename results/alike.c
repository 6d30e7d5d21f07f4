/* SPDX-License-Identifier: BSD-2-Clause */
#include "alike.h"

#include "score.h"
#include "tally.h"

#include <ctype.h>
#include <string.h>

/* What of a reason tells one kind of failure from another: no numbers, no names in
 * brackets, and of what the watchdog saw no more than the phase. */
static const char *skip_particulars(const char *reason)
{
	for (;;) {
		char open = *reason;

		if (isdigit((unsigned char)open)) {
			reason++;
		} else if (open == '(' || open == '[') {
			reason += strcspn(reason, open == '(' ? ")" : "]");
			reason += *reason != '\0';
		} else {
			return reason;
		}
	}
}

bool same_kind_of_reason(const char *a, const char *b)
{
	unsigned clauses = 0;

	for (;; a++, b++) {
		a = skip_particulars(a);
		b = skip_particulars(b);
		if (*a != *b)
			return false;
		if (!*a || (*a == ';' && ++clauses == 2))
			return true;
	}
}

static bool same_failure(const struct run *run, size_t a, size_t b)
{
	return run->outcomes[a].verdict == run->outcomes[b].verdict &&
	       same_row(&run->cells[a], &run->cells[b]) &&
	       same_kind_of_reason(run->outcomes[a].reason, run->outcomes[b].reason);
}

bool is_noteworthy(const struct run *run, size_t i)
{
	return run->outcomes[i].verdict > VERDICT_PASS && !is_of_score(&run->cells[i]);
}

size_t count_alike(const struct run *run, size_t i)
{
	size_t alike = 1;

	for (size_t k = 0; k < run->count; k++) {
		if (k == i || !is_noteworthy(run, k) || !same_failure(run, i, k))
			continue;
		if (k < i)
			return 0;
		alike++;
	}
	return alike;
}
