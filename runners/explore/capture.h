/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The state of a simulated machine and the small world in it, taken and put back.
 *
 * A state is what all share (the world's memory, and what the kernel knows), as the
 * number of a tuple of numbers of groups, each of which is a tuple of numbers of parts, and for each thread what is its own: its stack
 * (but for what nobody will read of it, stack.h) and where it is on it. A step of a thread reads and writes nothing but what is shared
 * and its own, so what it does is a function of these two.
 *
 * Left out, because nothing in the runtime depends on it: statistics, event rings, and
 * how large a count is of which only its change is looked at (normalise, capture.c).
 */
#ifndef HUPSTORM_RUNNERS_EXPLORE_CAPTURE_H
#define HUPSTORM_RUNNERS_EXPLORE_CAPTURE_H

#include "intern.h"
#include "program.h"

enum {
	CAPTURE_PARTS = 80,
	PARTS_IN_GROUP = 8,
	CAPTURE_GROUPS = CAPTURE_PARTS / PARTS_IN_GROUP,
	CAPTURE_THREADS = 24,
	LOCAL_MAX = 32 * 1024, /* bytes */
	NO_LOCAL = UINT16_MAX,
	SHARED_MAX = INTERN_MAX - 2, /* by the numbers above others mean something else */
};

struct capture {
	const struct program *program;
	unsigned part_count, thread_count;
	struct part {
		char *at;
		size_t size;
		char *copy; /* of the value that is loaded: it is in the cache */
		struct intern values;
	} parts[CAPTURE_PARTS];
	char *copies;
	unsigned group_count;
	struct intern groups[CAPTURE_GROUPS]; /* tuples of numbers of values */
	struct intern shared;		      /* tuples of numbers of groups */
	struct intern locals[CAPTURE_THREADS];
	struct uncleaned {
		struct intern values;
		struct pool numbers; /* uint16_t: of the local that each becomes */
	} uncleaned[CAPTURE_THREADS];
	uint16_t loaded[CAPTURE_PARTS]; /* the value that is in each part's memory */
	uint32_t loaded_group[CAPTURE_GROUPS]; /* the same for groups */
	uint16_t loaded_local[CAPTURE_THREADS];
	unsigned varied; /* parts that have had more than one value */
	bool full; /* there are more values than numbers: nothing is right any more */
};

/* On a machine that has just been opened; that many threads may be made yet. */
void capture_init(
	struct capture *capture, const struct program *program, unsigned unborn);
void capture_free(struct capture *capture);

/* The numbers of what is there now. Of a thread that is none, the local is NO_LOCAL. */
uint32_t capture_shared(struct capture *capture, bool *is_new);
uint16_t capture_local(struct capture *capture, unsigned thread);

/* Have it there again. A local is only needed by the thread that runs next. */
void restore_shared(struct capture *capture, uint32_t shared);
void restore_local(struct capture *capture, unsigned thread, uint16_t local);

/* What others have left below the thread's stack pointer, and a function may take for its own without writing to it
 * first (a buffer, say): nothing, so that a step always leaves the same behind. */
void capture_clear_below(unsigned thread);

/* Nor does it find any statistics, which are in no state: it looks at some, and may end before it is done with them. */
void capture_clear_statistics(void);

/* What is in memory now is in no table. */
void capture_forget_loaded(struct capture *capture);

/* The numbers that a shared state consists of: those of its groups, and of the parts in each. */
struct shared_view {
	uint32_t numbers[CAPTURE_GROUPS];
	const uint16_t *groups[CAPTURE_GROUPS];
};

static inline void capture_prefetch(const struct capture *capture, uint32_t shared)
{
	__builtin_prefetch(capture->shared.bytes.memory + shared * capture->shared.fixed);
}

void capture_view(
	const struct capture *capture, uint32_t shared, struct shared_view *view);

static inline uint16_t view_value(const struct shared_view *view, unsigned part)
{
	return view->groups[part / PARTS_IN_GROUP][part % PARTS_IN_GROUP];
}

/* It has never had another value. */
static inline bool part_is_constant(const struct capture *capture, unsigned part)
{
	return capture->parts[part].values.count == 1;
}

struct part_change {
	uint16_t part, value;
};

/* What is there now, against what it was: the parts that have changed, in their order. Their number. */
unsigned capture_changes(const struct capture *capture, const struct shared_view *view,
	struct part_change changes[CAPTURE_PARTS]);

/* The number of the shared state with these changes. Nothing is put there. */
uint32_t capture_changed(struct capture *capture, const struct shared_view *view,
	const struct part_change *changes, unsigned count, bool *is_new);

/* A bit for each part that some byte of that memory is of. */
struct part_set {
	uint64_t bits[(CAPTURE_PARTS + 63) / 64];
};
void capture_parts_of(
	const struct capture *capture, const void *at, size_t size, struct part_set *set);

/* The part that begins there. */
unsigned capture_part_at(const struct capture *capture, const void *at);

/* The part that is the thread's in the kernel, and what the kernel has for all. */
static inline unsigned kernel_part(const struct capture *capture, unsigned thread)
{
	return capture->part_count - capture->thread_count + thread;
}

static inline unsigned common_part(const struct capture *capture)
{
	return capture->part_count - capture->thread_count - 1;
}

/* The thread is at a point because it yields. */
bool local_yields(const struct capture *capture, unsigned thread, uint16_t local);

/* All that it holds, in bytes. */
size_t capture_size(const struct capture *capture);

#endif
