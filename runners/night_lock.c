/* SPDX-License-Identifier: BSD-2-Clause */
#include "night_lock.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdbool.h>
#include <stdio.h>
#include <sys/stat.h>
#include <unistd.h>

static void name_file(const char *folder, char path[PATH_MAX])
{
	snprintf(path, PATH_MAX, "%s/lock", folder);
}

/* Who waits for nobody may still have opened a file that its holder has taken away since: then it guards nothing. */
static bool is_still_there(int descriptor, const char *path)
{
	struct stat held, there;

	return !fstat(descriptor, &held) && !stat(path, &there) &&
	       held.st_dev == there.st_dev && held.st_ino == there.st_ino;
}

int night_lock(const char *folder)
{
	struct flock whole = { .l_type = F_WRLCK, .l_whence = SEEK_SET };
	char path[PATH_MAX];
	int descriptor, error;

	name_file(folder, path);
	for (;;) {
		descriptor = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0666);
		if (descriptor < 0)
			return -errno;
		if (fcntl(descriptor, F_OFD_SETLK, &whole)) {
			error = errno == EAGAIN || errno == EACCES ? -EBUSY : -errno;
			close(descriptor);
			return error;
		}
		if (is_still_there(descriptor, path))
			return descriptor;
		close(descriptor);
	}
}

void night_unlock(const char *folder, int descriptor)
{
	char path[PATH_MAX];

	name_file(folder, path);
	unlink(path);
	close(descriptor);
	rmdir(folder);
}
