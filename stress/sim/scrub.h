/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Frames that are clean when they are entered.
 *
 * Where the stack is part of a state (runners/explore/capture.h), what earlier calls left
 * in the frame of a later one would make two states of what is one. The simulated build
 * is compiled with -pg -mfentry where the compiler has it: each function calls __fentry__
 * before it makes its frame, and that clears the room below. Elsewhere there are more
 * states, and each is right.
 */
#ifndef HUPSTORM_STRESS_SIM_SCRUB_H
#define HUPSTORM_STRESS_SIM_SCRUB_H

#include <stdint.h>

/* Not 0: do it. */
extern uint8_t sim_scrub;

/* For functions that are never on a virtual thread's stack while it waits for its turn. */
#define SIM_UNSCRUBBED __attribute__((no_instrument_function))

#endif
