/* SPDX-License-Identifier: BSD-2-Clause */
#include "align.h"

enum { NOBODY, STOPPER_WAITS, SENDER_WAITS, MET };

/* How long to wait for the other side, and the longest offset. */
#define PATIENCE (200 * UINT64_C(1000))
#define LONGEST	 (2 * OS_MILLISECOND)

void align_wait(uint64_t time)
{
	uint64_t end = os_now() + time;

	while (time && os_now() < end)
		os_relax();
}

/* Where the sender begins, seen from the stopper: anywhere from its own window before to
 * the end of the stopper's. Drawn by whoever comes second, before it says that they met,
 * which orders it. */
static void draw_offset(struct align *align, struct random *random)
{
	uint64_t before = os_counted(&align->window[ALIGN_SENDER]);
	uint64_t after = os_counted(&align->window[ALIGN_STOPPER]);
	uint64_t drawn = random_below(random, (uint32_t)(before + after + 1));

	os_counter_set(&align->offset, LONGEST + drawn - before);
}

/* The one who waited, or gave up: acquire pairs with the release of the one who came. */
static bool await_other(struct align *align, uint32_t waits)
{
	uint64_t end = os_now() + PATIENCE;

	while (os_load(&align->meeting, memory_order_acquire) != MET) {
		if (os_now() >= end &&
			os_cas(&align->meeting, waits, NOBODY, memory_order_acq_rel))
			return false;
		thread_yield();
		safepoint();
		os_yield();
	}
	os_store(&align->meeting, NOBODY, memory_order_release);
	return true;
}

static bool meet(struct align *align, enum align_side side, struct random *random)
{
	uint32_t mine = side == ALIGN_STOPPER ? STOPPER_WAITS : SENDER_WAITS;
	uint32_t other = side == ALIGN_STOPPER ? SENDER_WAITS : STOPPER_WAITS;

	if (os_load(&align->meeting, memory_order_acquire) == other) {
		draw_offset(align, random);
		if (os_cas(&align->meeting, other, MET, memory_order_acq_rel))
			return true;
	}
	if (!os_cas(&align->meeting, NOBODY, mine, memory_order_acq_rel))
		return false;
	return await_other(align, mine);
}

uint64_t align_meet(struct align *align, enum align_side side, struct random *random)
{
	uint64_t offset;

	if (!meet(align, side, random))
		return 0;
	offset = os_counted(&align->offset);
	if (side == ALIGN_SENDER)
		return offset > LONGEST ? offset - LONGEST : 0;
	return offset < LONGEST ? LONGEST - offset : 0;
}

/* A moving average over some eight cycles; what is out of all proportion, because the
 * system had other things to do, is cut. */
void align_measured(struct align *align, enum align_side side, uint64_t time)
{
	uint64_t before = os_counted(&align->window[side]);
	uint64_t now = time < LONGEST / 2 ? time : LONGEST / 2;

	os_counter_set(&align->window[side], before ? (7 * before + now) / 8 : now);
}
