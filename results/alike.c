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

size_t kind_of_reason(const char *reason, char kind[REASON_SIZE])
{
	unsigned clauses = 0;
	size_t used = 0;

	for (reason = skip_particulars(reason); *reason && used < REASON_SIZE - 1;
		reason = skip_particulars(reason + 1)) {
		if (*reason == ';' && ++clauses == 2)
			break;
		kind[used++] = *reason;
	}
	kind[used] = '\0';
	return used;
}

bool same_kind_of_reason(const char *a, const char *b)
{
	char kind[REASON_SIZE], other[REASON_SIZE];

	kind_of_reason(a, kind);
	kind_of_reason(b, other);
	return !strcmp(kind, other);
}

bool same_kind_of_failure(const struct outcome *a, const struct outcome *b)
{
	return a->verdict == b->verdict && !strcmp(a->anchor, b->anchor) &&
	       same_kind_of_reason(a->reason, b->reason);
}

static bool same_failure(const struct run *run, size_t a, size_t b)
{
	return same_row(&run->cells[a], &run->cells[b]) &&
	       same_kind_of_failure(&run->outcomes[a], &run->outcomes[b]);
}

bool is_noteworthy(const struct run *run, size_t i)
{
	return run->outcomes[i].verdict > VERDICT_PASS && !is_of_score(&run->cells[i]);
}

size_t count_alike(const struct run *run, size_t i)
{
	size_t alike = 1 + run->outcomes[i].more;

	for (size_t k = 0; k < run->count; k++) {
		if (k == i || !is_noteworthy(run, k) || !same_failure(run, i, k))
			continue;
		if (k < i)
			return 0;
		alike += 1 + run->outcomes[k].more;
	}
	return alike;
}
