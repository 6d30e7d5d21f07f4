/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * A perturbation: a plan of what to do to a program at the boundary of its system calls.
 *
 * As text it is a list of words, separated by commas:
 *
 *	delays		hold up each of the calls below now and then
 *	errors		let those that may fail do so now and then
 *	PLACE		hold up the calls at this place, and often
 *	PLACE=ERROR	let these fail, and often
 *	PLACE~PLACE	hold these until another thread is at the second place
 *	plain		a signal interrupts a call that is held, as it would one that blocks; else it comes
 *			when the call is let go, and no call fails for it that could not have
 *
 * A place is CALL[.OPERATION][@SITE]: `futex`, `futex.wait`, `prctl@set_attribute+0x1f`. The site is
 * where the call is made, as site.h names it, or the symbol alone.
 */
#ifndef HUPSTORM_RUNNERS_PERTURBATION_H
#define HUPSTORM_RUNNERS_PERTURBATION_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum perturbed_call {
	PERTURB_FUTEX,
	PERTURB_TGKILL,
	PERTURB_KILL,
	PERTURB_SIGPROCMASK,
	PERTURB_CLONE,
	PERTURB_YIELD,
	PERTURB_SLEEP,
	PERTURB_EPOLL,
	PERTURB_EVENTFD, /* a write of 8 bytes */
	PERTURB_PRCTL,
	PERTURBED_CALLS
};

enum {
	PLACES_MAX = 32,
	OPERATION_SIZE = 16,
	SITE_SIZE = 96,
	PLACE_TEXT_SIZE = 128,
	ITEM_TEXT_SIZE = 256
};

struct perturbed_place {
	enum perturbed_call call;
	char operation[OPERATION_SIZE]; /* "": any */
	char site[SITE_SIZE];		/* "": any */
};

struct perturbed_item {
	struct perturbed_place place;
	int error; /* that it fails with; 0: it is held up */
	bool holds;
	struct perturbed_place until; /* if it holds */
};

struct perturbation {
	bool delays, errors, plain;
	size_t count;
	struct perturbed_item items[PLACES_MAX];
};

/*
 * Read a plan. "" and "none" are no plan. -EINVAL: *wrong points to the word that is none, *length is
 * its length. -E2BIG: more than PLACES_MAX places. Pure.
 */
int perturbation_parse(
	const char *text, struct perturbation *plan, const char **wrong, size_t *length);

/* The same for an option: -EINVAL with one line in `complaint` (of `size` bytes). */
int perturbation_check(const char *text, char *complaint, size_t size);

/* True if there is anything to do at calls of that kind. */
bool perturbation_wants(const struct perturbation *plan, enum perturbed_call call);

/* True if the plan does anything at all. */
bool perturbation_is_any(const struct perturbation *plan);

/* True if it asks where a call is made. */
bool perturbation_has_sites(const struct perturbation *plan);

/* "futex", ...; and what it is to a program. */
const char *perturbed_call_name(enum perturbed_call call);
const char *perturbed_call_summary(enum perturbed_call call);

/* True if by its contract the call may fail so, with nothing else the matter; "" is any operation that
 * may. */
bool perturbed_call_may_fail(enum perturbed_call call, const char *operation, int error);

/* An item of a plan as text; `error` and `until` may be 0 and NULL. */
void perturbed_item_print(const struct perturbed_place *place, int error,
	const struct perturbed_place *until, char text[ITEM_TEXT_SIZE]);

/* The call of this number, with its operation; PERTURBED_CALLS: it is none of these. */
enum perturbed_call perturbed_call_of(
	int number, const uint64_t arguments[6], char operation[OPERATION_SIZE]);

/* The numbers of its system calls, ended by -1. */
const int *perturbed_call_numbers(enum perturbed_call call);

/* True if a call with this operation, made at this site, is at the place. A symbol alone has all its
 * sites. */
bool perturbed_place_has(const struct perturbed_place *place, enum perturbed_call call,
	const char *operation, const char *site);

#endif
