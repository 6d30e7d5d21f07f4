/* SPDX-License-Identifier: BSD-2-Clause */
#include "fresh.h"

#include <signal.h>
#include <unistd.h>

void fresh_signals(void)
{
	struct sigaction action = { .sa_handler = SIG_DFL };

	for (int signal = 1; signal < NSIG; signal++)
		if (signal != SIGKILL && signal != SIGSTOP)
			sigaction(signal, &action, NULL);
}

/* The lowest of those that are at least `from`; -1: none. */
static int next_kept(const int *kept, size_t count, int from)
{
	int next = -1;

	for (size_t i = 0; i < count; i++)
		if (kept[i] >= from && (next < 0 || kept[i] < next))
			next = kept[i];
	return next;
}

void fresh_descriptors(const int *kept, size_t count)
{
	int from = STDERR_FILENO + 1, next;

	while ((next = next_kept(kept, count, from)) >= 0) {
		if (next > from)
			close_range((unsigned)from, (unsigned)next - 1, 0);
		from = next + 1;
	}
	close_range((unsigned)from, ~0U, 0);
}
