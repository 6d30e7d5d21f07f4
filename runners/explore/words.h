/* SPDX-License-Identifier: BSD-2-Clause */
/* A step of a simulated thread in the words of the source. */
#ifndef HUPSTORM_RUNNERS_EXPLORE_WORDS_H
#define HUPSTORM_RUNNERS_EXPLORE_WORDS_H

#include "stress/sim/machine.h"

/* What the action is about to do, before it does it; cut to `size`. */
void step_describe(struct sim_action action, char *text, size_t size);

/* The class of a word of the runtime (sim_config.class_of), -1 for others. */
int word_class(const void *word);

#endif
