/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What a history says to somebody who has a minute: nights that are missing or short, builders that were
 * broken, what must not happen and did, and rates that have changed.
 *
 * Errors. A forbidden outcome needs no test: it was seen. A change of a rate is called by a test: of all
 * splits of a row's nights on one builder the one whose two sides differ most (rates_equal), times the number
 * of splits (Bonferroni), and adjusted over all rows in which anything failed (Benjamini and Hochberg). If
 * nothing changes, 5 % of histories at the most have any such finding; of many findings, 5 % at the most are
 * wrong on average. A rate that differs from night to night by more than chance is none that does not change.
 */
#ifndef HUPSTORM_RESULTS_FINDINGS_H
#define HUPSTORM_RESULTS_FINDINGS_H

#include "history.h"
#include "rate.h"
#include "select.h"

enum finding_kind {
	FINDING_BROKEN, /* most rows failed on one builder while they did not on others */
	FINDING_FORBIDDEN, /* a red outcome of a cell that was expected to be green, in the last night or not */
	FINDING_MORE,  /* a rate has risen */
	FINDING_LESS,  /* or fallen */
	FINDING_SHORT, /* cells of a night are missing */
	FINDING_GAP,   /* whole nights are */
	FINDING_COUNT
};

struct finding {
	enum finding_kind kind;
	size_t builder, row; /* the second of forbidden outcomes and rates alone */
	/* Numbers of nights in the history. Of broken, forbidden and short: from the first to the last of
	 * them; of a gap, those around it; of rates, the first two that the rate may have changed in,
	 * the likelier one first, or twice the same one. */
	size_t first, last;
	uint64_t count; /* cells, or nights that are missing */
	uint64_t of;	/* of so many cells, or so many rows */
	struct rate before, now;
	double p; /* adjusted */
	double likely,
		second; /* the probabilities of the two nights, if there was one change */
	/* The probability that a failure is still there of which none was seen since; 1: it was seen in
	 * the last night. */
	double still;
};

struct findings {
	size_t count;
	struct finding *at; /* by kind */
};

/* -ENOMEM. */
int findings_of(const struct history *history, struct findings *findings);
/* Keep those of the builders, cases, subjects and faults that are selected, and what concerns whole nights. */
void findings_narrow(struct findings *findings, const struct history *history,
	const struct selection *selection);

void findings_free(struct findings *findings);

/* For a terminal of 80 columns. */
void findings_write(
	FILE *out, const struct history *history, const struct findings *findings);

/* One of them, in some lines. */
void finding_write(
	FILE *out, const struct history *history, const struct finding *finding);

/* As JSON: {"history":{...},"findings":[...]}. */
void findings_json(
	FILE *out, const struct history *history, const struct findings *findings);

#endif
