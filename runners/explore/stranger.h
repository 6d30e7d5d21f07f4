/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * A stranger: an all-threads mechanism that is none of this runtime's, explored in the same
 * way.
 *
 * It is a program for the simulated machine (stress/sim/machine.h), in one file, with one
 * line in strangers.c. It may call
 *
 *	stress/atomic.h	os_load, os_store, os_cas, ... on os_words: each is a step, and
 *			anything may happen before it
 *	stress/os.h	os_futex_wait and os_futex_wake, os_yield, os_signals_get and
 *			os_signals_set, os_signal_dispose, os_kill_process and
 *			os_kill_thread, os_thread_create, os_thread_enter,
 *			os_attribute_set and os_attribute_get
 *	stress/note.h	note_post, note_sleep and note_take
 *	machine.h	sim_gate, where those who are to do something wait until all is
 *			set up, and sim_done
 *
 * All that its threads share lies in `state`, and all that a thread has for itself on its
 * stack; both are copied and compared, so neither may hold what differs from run to run.
 * What is not an os_word is ordinary memory: to touch it is no step. os_self() is whatever
 * the thread handed to os_thread_enter. Handlers run with all signals blocked.
 *
 * Which parts of `state` a step reads and writes has to be known (steps.h): of the C library
 * nothing but memcpy, memmove, memset, memcmp, strlen, strcmp and strncpy may be handed a
 * pointer into it; and no structure in it may be an argument, or the result of a call be
 * assigned to one, for GCC tells of neither.
 */
#ifndef HUPSTORM_RUNNERS_EXPLORE_STRANGER_H
#define HUPSTORM_RUNNERS_EXPLORE_STRANGER_H

#include "small.h"

#include "stress/sim/machine.h"

enum { STRANGER_FAULTS = 8 };

struct stranger {
	const char *name, *summary;
	const char *faults[STRANGER_FAULTS]; /* bit 1 << index of `faults` below */
	void *state;			     /* zeroed before each run */
	size_t state_size;		     /* bytes, up to 32 kB */
	/* Thread 0. It sees to it that sim_done is called when the work is done, and does
	 * not return. Of the plan it takes what it has a use for. */
	void (*run)(const struct small_plan *plan, uint32_t faults);
	/* What must hold between any two steps, by `state` alone: NULL, or what does not. May
	 * be NULL. */
	const char *(*invariant)(void);
	/* For tables; thread names by number. */
	const char *(*thread_name)(unsigned thread);
	const char *(*word_name)(const void *word);
};

/* NULL if there is none of that name. */
const struct stranger *stranger_named(const char *name);

/* The bits of the names, which commas separate; false if one is unknown. */
bool stranger_faults(
	const struct stranger *stranger, const char *names, uint32_t *faults);

/* An oracle broke: the end of the run. */
_Noreturn void stranger_broken(const char *words);

#endif
