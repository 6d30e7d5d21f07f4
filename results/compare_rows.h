/* SPDX-License-Identifier: BSD-2-Clause */
/* The rows of a comparison, between compare.c and compare_rows.c. */
#ifndef HUPSTORM_RESULTS_COMPARE_ROWS_H
#define HUPSTORM_RESULTS_COMPARE_ROWS_H

#include "rate.h"

enum change {
	CHANGE_NEW,	/* a forbidden outcome now, and none before */
	CHANGE_STILL,	/* in both */
	CHANGE_UNTRIED, /* before; and no cell of that placement has been judged now */
	CHANGE_GONE,	/* before; and none now */
	CHANGE_MORE,	/* more failures, by the test */
	CHANGE_LESS,	/* fewer */
	CHANGE_NONE, /* no failure that is forbidden, and the test does not see a difference */
	CHANGE_UNTESTED, /* one of the runs has nothing to compare */
	CHANGE_COUNT
};

/* What passed or was red. */
struct counted {
	size_t cells;
	struct rate rate;
	size_t of[VERDICT_COUNT];
};

struct side {
	size_t cells;
	size_t forbidden; /* red, and expected to be green */
	size_t tried;	  /* of these, in placements that both have */
	size_t apart;	  /* counted, in placements in which the other has none */
	struct counted all;
	struct counted pooled; /* in placements that both have */
};

struct compared {
	const struct cell *cell; /* one of it, of the later run if it has one */
	struct side before, now;
	enum change change;
	double p; /* adjusted, of rows that were tested */
};

/* All rows of both, in order; malloced, *count of them. NULL without memory. */
struct compared *compare_rows(
	const struct run *before, const struct run *now, size_t *count);

/* The row of that cell, or NULL. */
struct compared *compared_find(
	struct compared *rows, size_t count, const struct cell *cell);

/* Set what has changed, by tests of that rate of false discoveries. -ENOMEM. */
int compared_judge(struct compared *rows, size_t count, double false_discoveries);

#endif
