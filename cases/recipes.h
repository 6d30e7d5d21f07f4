/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Recipes: for each known fault the cell that shows it best, as `hupstorm hunt` found it or
 * the fault's nature has it. What the harness is measured by.
 */
#ifndef HUPSTORM_CASES_RECIPES_H
#define HUPSTORM_CASES_RECIPES_H

#include "stress/fault.h"

#include <stdint.h>

struct recipe {
	enum fault fault;
	const char *subject; /* NULL: the fault's, or cooperative */
	const char *case_name;
	const char *placement; /* NULL: unbound */
	const char *target;    /* NULL: process */
	const char *noise;     /* NULL: none */
	/* Another cell in which it shows, by what is done at system calls, with this noise in place of
	 * the above; NULL: none. */
	const char *perturbation, *perturbed_noise;
	const char *sign; /* see struct cell; NULL: any red verdict */
	uint32_t slots;	  /* 0: 2 */
	uint32_t workers; /* 0: the case's */
	uint64_t cycles;  /* that are enough; 0: until it fails */
	bool leader, nudge;
	bool quick; /* seen within a second or so, practically always */
};

/* The recipes in order; NULL past the last one. */
const struct recipe *recipe_at(size_t index);

/* The recipe of that fault; NULL if there is none. */
const struct recipe *recipe_of(enum fault fault);

#endif
