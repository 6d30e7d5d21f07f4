/* SPDX-License-Identifier: BSD-2-Clause */
/* A supervised cell for a unit test. */
#ifndef HUPSTORM_CASES_CHECK_CELL_H
#define HUPSTORM_CASES_CHECK_CELL_H

#include "runners/cell.h"

#include <check.h>
#include <poll.h>
#include <stdio.h>
#include <string.h>

/* This machine, and how cells run on it; a test's fixture loads and frees it. */
static struct placements placements;
static const struct cell_settings settings = {
	.placements = &placements, .patience = 1, .sandboxed = true
};

static inline void load_placements(void)
{
	ck_assert_int_eq(placements_load(&placements, NULL), 0);
}

static inline void free_placements(void)
{
	placements_free(&placements);
}

/* It runs, unbound, until it is red. */
static inline struct cell cell_of(
	const char *subject, const char *case_name, const char *faults)
{
	struct cell cell = { .slots = 2, .seed = 1, .cycles = 1 << 30 };

	snprintf(cell.case_name, sizeof cell.case_name, "%s", case_name);
	snprintf(cell.subject, sizeof cell.subject, "%s", subject);
	snprintf(cell.faults, sizeof cell.faults, "%s", faults);
	snprintf(cell.placement, sizeof cell.placement, "unbound");
	return cell;
}

/* The axes, for a loop test: 3 numbers of slots, the coordinator's place, the target. */
enum { COMBINATIONS = 12 };

static inline void set_axes(struct cell *cell, int i)
{
	static const uint32_t slots[] = { 1, 2, 8 };

	cell->slots = slots[i % 3];
	cell->coordinator_on_leader = i / 3 % 2;
	strcpy(cell->target, i / 6 ? "rotate" : "process");
}

/* One look; false when the cell has ended. */
static inline bool look_at_cell(struct running_cell *running)
{
	struct pollfd polled[2] = {
		{ .fd = cell_ended_descriptor(running), .events = POLLIN },
		{ .fd = cell_audit_descriptor(running), .events = POLLIN },
	};

	poll(polled, 2, WATCH_TICK_MS);
	if (polled[0].revents)
		return false;
	if (polled[1].revents)
		cell_audit(running);
	cell_look(running);
	return true;
}

static inline struct outcome run_cell(
	const struct cell *cell, const struct cell_settings *how)
{
	struct running_cell *running;
	struct outcome outcome;

	ck_assert_int_eq(cell_start(&running, cell, how), 0);
	while (look_at_cell(running))
		;
	cell_collect(running, &outcome, NULL);
	return outcome;
}

#endif
