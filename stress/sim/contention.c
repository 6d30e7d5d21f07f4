/* SPDX-License-Identifier: BSD-2-Clause */
#include "inside.h"

#include <string.h>

/* Who has accessed each word, and who did nothing but bump it: bit 2 * thread, plus 1 in
 * a handler. */
enum { ACCESSED_WORDS = 4096 };

static struct {
	uint64_t classes;
	struct accessed_word {
		const void *word;
		uint64_t by[2], bumped_by[2];
		bool written;
	} words[ACCESSED_WORDS];
} contention;

static bool is_contended(const struct accessed_word *at)
{
	bool bumped = at->bumped_by[0] | at->bumped_by[1];
	bool accessed = at->by[0] | at->by[1];
	int who = __builtin_popcountll(at->by[0] | at->bumped_by[0]) +
		  __builtin_popcountll(at->by[1] | at->bumped_by[1]);

	return who > 1 && (at->written || (bumped && accessed));
}

void note_access(enum sim_operation operation, const void *word, int class)
{
	unsigned who = 2 * machine.current + running_local()->in_handler;
	uintptr_t slot = (uintptr_t)word / sizeof(os_word) * 2654435761U;
	struct accessed_word *at;

	do {
		at = &contention.words[slot++ % ACCESSED_WORDS];
	} while (at->word && at->word != word);
	at->word = word;
	if (operation == SIM_OP_BUMP)
		at->bumped_by[who / 64] |= UINT64_C(1) << who % 64;
	else
		at->by[who / 64] |= UINT64_C(1) << who % 64;
	at->written |= operation != SIM_OP_LOAD && operation != SIM_OP_BUMP;
	if (is_contended(at))
		contention.classes |= UINT64_C(1) << class;
}

uint64_t sim_contended(void)
{
	return contention.classes;
}

void sim_forget_contention(void)
{
	memset(&contention, 0, sizeof contention);
}
