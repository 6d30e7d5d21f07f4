/* SPDX-License-Identifier: BSD-2-Clause */
/* The runtime's own locks and notes, under the names that the simulated build gives them. */
#ifndef HUPSTORM_STRESS_SIM_LEVEL_H
#define HUPSTORM_STRESS_SIM_LEVEL_H

#include "stress/lock.h"
#include "stress/note.h"

void fine_lock_acquire(struct lock *lock);
void fine_lock_release(struct lock *lock);
uint32_t fine_note_post(struct note *note, uint32_t events);
void fine_note_wake(struct note *note);
uint32_t fine_note_sleep(struct note *note, uint64_t deadline);
uint32_t fine_note_take(struct note *note);

#endif
