/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Sites: where in a program a system call is made, as "SYMBOL+0xOFFSET", or "MODULE+0xOFFSET" where
 * there are no symbols, by elfutils' libdw.
 *
 * A call by way of the C library's syscall(3) is made where that was called, as far as it can be told:
 * on x86-64, where the address to return to is on top of the stack.
 */
#ifndef HUPSTORM_RUNNERS_SITE_H
#define HUPSTORM_RUNNERS_SITE_H

#include "perturbation.h"

#include <sys/types.h>

struct sites;

/* NULL: no memory. */
struct sites *sites_new(void);
void sites_free(struct sites *sites);

/*
 * The name of the site of a call that this thread of the process is held in, whose instruction pointer
 * is `pc`. Reads /proc, and what is new the symbols too, which takes some ms. Never NULL; valid until
 * sites_free.
 */
const char *site_name(struct sites *sites, pid_t tid, uint64_t pc);

/* What has been done, and how often, for who wants to do less. */
struct item_tally {
	size_t count;
	struct item_count {
		char item[ITEM_TEXT_SIZE]; /* as in a plan */
		uint64_t count;
	} at[64];
};

/* One more; what finds no room is left out. */
void item_tally_add(struct item_tally *tally, const char *item);

#endif
