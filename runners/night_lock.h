/* SPDX-License-Identifier: BSD-2-Clause */
/* One night at a time for a store. */
#ifndef HUPSTORM_RUNNERS_NIGHT_LOCK_H
#define HUPSTORM_RUNNERS_NIGHT_LOCK_H

/* Take the lock of the folder where the builders of a night work, which is there; a descriptor, or -EBUSY: there is a
 * night already, or another negative errno. It is dropped when its holder ends, however that is. */
int night_lock(const char *folder);

/* Take the lock's file away, and then the folder if there is nothing else in it. */
void night_unlock(const char *folder, int descriptor);

#endif
