/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Some of the schedules by chance, one after the other, until one fails. Several processes may have a share each; such a
 * process is hupstorm-chance, in which the runtime and the machine are compiled for speed (chance_main.c).
 */
#ifndef HUPSTORM_RUNNERS_EXPLORE_SHARE_H
#define HUPSTORM_RUNNERS_EXPLORE_SHARE_H

#include "scheduler.h"

struct share {
	int scheduler;	 /* enum scheduler_kind; -1: each of them in turn */
	unsigned depth;	 /* of PCT */
	uint64_t seed;	 /* of schedule 0; each next has the next */
	uint64_t first;	 /* schedule */
	uint64_t stride; /* from one to the next, at least 1 */
	uint64_t end;	 /* before that schedule */
	uint64_t budget; /* ns */
};

/* One schedule. */
struct trial {
	enum scheduler_kind kind;
	uint64_t seed;
	struct attempt attempt;
};

#define NONE_FAILS UINT64_MAX

struct share_result {
	uint64_t schedules, steps; /* that were run */
	uint64_t sampled;	   /* share_sample */
	uint64_t fails;		   /* the schedule that does; NONE_FAILS */
};

/* Run that schedule, until the time at the most (0: to its end); its actions are put into the list, if there is one. */
void share_try(struct program *program, const struct share *share, uint64_t schedule,
	uint64_t until, struct opening *opening, struct schedule *list,
	struct trial *trial);

/* A number for the actions at the beginning of the first schedules of all, whatever is in the share: two programs in which
 * it is the same run the same schedules. */
uint64_t share_sample(struct program *program, const struct share *share);

/* What was tried last is left in list and `last`. A schedule that the budget cuts short was not run, and fails nothing. */
struct share_result share_search(struct program *program, const struct share *share,
	struct schedule *list, struct trial *last);

/* As an argument for hupstorm-chance, and back; false: it is none. */
enum { SHARE_TEXT = 160 };
void share_print(const struct share *share, char text[SHARE_TEXT]);
bool share_parse(struct share *share, const char *text);

#endif
