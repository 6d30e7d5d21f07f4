/* SPDX-License-Identifier: BSD-2-Clause */
/* Text that is longer than the screen. */
#ifndef HUPSTORM_RUNNERS_PAGER_H
#define HUPSTORM_RUNNERS_PAGER_H

#include <sys/types.h>

struct pager {
	pid_t process; /* 0: there is none */
	int terminal;  /* what was standard output */
};

/*
 * If standard output is a terminal, put a pager before it: what $PAGER says, or less -FRX, or if there is no
 * such program nothing. With PAGER set to nothing or to cat there is none. What has colours is to be found out
 * before.
 */
void pager_begin(struct pager *pager);

/* Blocks until the reader has had enough. */
void pager_end(struct pager *pager);

#endif
