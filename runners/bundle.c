/* SPDX-License-Identifier: BSD-2-Clause */
#include "bundle.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

bool bundles_of(struct bundles *bundles, const char *store, uint64_t limit)
{
	int length =
		snprintf(bundles->folder, sizeof bundles->folder, "%s.evidence", store);

	bundles->limit = limit;
	bundles->measured = false;
	return length > 0 && (size_t)length < sizeof bundles->folder;
}

static void path_of(const struct bundles *bundles, const char *name, const char *file,
	char path[BUNDLE_PATH_SIZE])
{
	snprintf(path, BUNDLE_PATH_SIZE, "%s/%s%s%s", bundles->folder, name,
		*file ? "/" : "", file);
}

FILE *bundle_open(const struct bundles *bundles, const char *name, const char *file)
{
	char path[BUNDLE_PATH_SIZE];

	path_of(bundles, name, file, path);
	return fopen(path, "re");
}

/* Call `visit` for each file of a bundle. */
static void visit_files(const char *path,
	void (*visit)(int folder, const char *file, void *argument), void *argument)
{
	DIR *folder = opendir(path);
	struct dirent *entry;

	while (folder && (entry = readdir(folder)))
		if (*entry->d_name != '.')
			visit(dirfd(folder), entry->d_name, argument);
	if (folder)
		closedir(folder);
}

static void add_size(int folder, const char *file, void *size)
{
	struct stat status;

	if (!fstatat(folder, file, &status, AT_SYMLINK_NOFOLLOW))
		*(uint64_t *)size += (uint64_t)status.st_size;
}

static void remove_file(int folder, const char *file, void *unused)
{
	(void)unused;
	unlinkat(folder, file, 0);
}

static uint64_t size_of(const struct bundles *bundles, const char *name)
{
	char path[BUNDLE_PATH_SIZE];
	uint64_t size = 0;

	path_of(bundles, name, "", path);
	visit_files(path, add_size, &size);
	return size;
}

static void remove_bundle(const struct bundles *bundles, const char *name)
{
	char path[BUNDLE_PATH_SIZE];

	path_of(bundles, name, "", path);
	visit_files(path, remove_file, NULL);
	rmdir(path);
}

/* RUN-CELL; false: something else that is in the folder. */
static bool read_name(const char *name, int64_t *run, uint64_t *number)
{
	int used = 0;

	return sscanf(name, "%" SCNd64 "-%" SCNu64 "%n", run, number, &used) == 2 &&
	       !name[used];
}

/* The one that was written first: runs and their cells are numbered as they come. */
static bool find_oldest(const struct bundles *bundles, char oldest[EVIDENCE_SIZE])
{
	DIR *folder = opendir(bundles->folder);
	int64_t oldest_run = 0, run;
	uint64_t oldest_number = 0, number;
	struct dirent *entry;

	*oldest = '\0';
	while (folder && (entry = readdir(folder))) {
		if (!read_name(entry->d_name, &run, &number))
			continue;
		if (*oldest && (run > oldest_run ||
				       (run == oldest_run && number > oldest_number)))
			continue;
		oldest_run = run;
		oldest_number = number;
		snprintf(oldest, EVIDENCE_SIZE, "%" PRId64 "-%" PRIu64, run, number);
	}
	if (folder)
		closedir(folder);
	return *oldest;
}

static void measure(struct bundles *bundles)
{
	DIR *folder;
	struct dirent *entry;
	uint64_t number;
	int64_t run;

	if (bundles->measured)
		return;
	bundles->measured = true;
	bundles->used = 0;
	folder = opendir(bundles->folder);
	while (folder && (entry = readdir(folder)))
		if (read_name(entry->d_name, &run, &number))
			bundles->used += size_of(bundles, entry->d_name);
	if (folder)
		closedir(folder);
}

static void write_down_drop(const struct bundles *bundles, const char *name)
{
	char path[BUNDLE_PATH_SIZE], when[DROPPED_SIZE];
	time_t now = time(NULL);
	struct tm utc;
	FILE *file;

	path_of(bundles, "dropped", "", path);
	file = fopen(path, "ae");
	if (!file)
		return;
	gmtime_r(&now, &utc);
	strftime(when, sizeof when, "%Y-%m-%d", &utc);
	fprintf(file, "%s %s\n", name, when);
	fclose(file);
}

static void make_room(struct bundles *bundles, const char *but)
{
	char oldest[EVIDENCE_SIZE];

	measure(bundles);
	while (bundles->used > bundles->limit && find_oldest(bundles, oldest) &&
		strcmp(oldest, but) != 0) {
		uint64_t size = size_of(bundles, oldest);

		remove_bundle(bundles, oldest);
		write_down_drop(bundles, oldest);
		bundles->used -= size < bundles->used ? size : bundles->used;
	}
}

bool bundle_was_dropped(
	const struct bundles *bundles, const char *name, char when[DROPPED_SIZE])
{
	FILE *file = bundle_open(bundles, "dropped", "");
	char line[EVIDENCE_SIZE + DROPPED_SIZE + 2];
	size_t length = strlen(name);
	bool found = false;

	while (file && fgets(line, sizeof line, file)) {
		if (strncmp(line, name, length) != 0 || line[length] != ' ')
			continue;
		snprintf(when, DROPPED_SIZE, "%.*s",
			(int)strcspn(line + length + 1, "\n"), line + length + 1);
		found = true;
	}
	if (file)
		fclose(file);
	return found;
}

int bundle_file(const char *path, const char *file,
	void (*write)(FILE *out, const void *what), const void *what)
{
	char whole[BUNDLE_PATH_SIZE + 32];
	FILE *out;
	bool failed;

	snprintf(whole, sizeof whole, "%s/%s", path, file);
	out = fopen(whole, "wxe");
	if (!out)
		return -errno;
	write(out, what);
	failed = ferror(out);
	if (fclose(out) || failed)
		return errno ? -errno : -EIO;
	return 0;
}

/* One of that name is left over from a store that is no more. */
static int make_folder(struct bundles *bundles, const char *name, const char *path)
{
	if (!mkdir(path, 0777))
		return 0;
	if (errno != EEXIST)
		return -errno;
	bundles->used -= size_of(bundles, name);
	remove_bundle(bundles, name);
	return mkdir(path, 0777) ? -errno : 0;
}

/* Its name, and its folder, which is made. */
static int begin_bundle(struct bundles *bundles, int64_t run, size_t number,
	char name[EVIDENCE_SIZE], char path[BUNDLE_PATH_SIZE])
{
	measure(bundles);
	if (mkdir(bundles->folder, 0777) && errno != EEXIST)
		return -errno;
	snprintf(name, EVIDENCE_SIZE, "%" PRId64 "-%zu", run, number);
	path_of(bundles, name, "", path);
	return make_folder(bundles, name, path);
}

static int end_bundle(struct bundles *bundles, int error, char name[EVIDENCE_SIZE])
{
	if (!error) {
		bundles->used += size_of(bundles, name);
		make_room(bundles, name);
		return 0;
	}
	if (*name)
		remove_bundle(bundles, name);
	*name = '\0';
	return error;
}

int bundle_fill(struct bundles *bundles, int64_t run, size_t number,
	int (*fill)(const char *path, const void *what), const void *what,
	char name[EVIDENCE_SIZE])
{
	char path[BUNDLE_PATH_SIZE];
	int error;

	*name = '\0';
	if (!bundles->limit)
		return 0;
	error = begin_bundle(bundles, run, number, name, path);
	if (!error)
		error = fill(path, what);
	return end_bundle(bundles, error, name);
}

static void write_text(FILE *out, const void *text)
{
	fputs(text, out);
}

static int fill_report(const char *path, const void *text)
{
	return bundle_file(path, "report.txt", write_text, text);
}

int bundle_write_text(struct bundles *bundles, int64_t run, size_t number,
	const char *text, char name[EVIDENCE_SIZE])
{
	return bundle_fill(bundles, run, number, fill_report, text, name);
}

/* Where the files of a bundle go; how it went. */
struct copy {
	const char *path;
	int error;
};

static int copy_content(int from, int to)
{
	char block[65536];
	ssize_t got;

	while ((got = read(from, block, sizeof block)) > 0)
		if (write(to, block, (size_t)got) != got)
			return errno ? -errno : -EIO;
	return got < 0 ? -errno : 0;
}

/* What is no plain file is none of ours. */
static void copy_file(int folder, const char *file, void *argument)
{
	struct copy *copy = argument;
	char whole[BUNDLE_PATH_SIZE + NAME_MAX + 2];
	int from = openat(folder, file, O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK);
	struct stat status;
	int to = -1;

	if (from < 0 || fstat(from, &status) || !S_ISREG(status.st_mode)) {
		if (from >= 0)
			close(from);
		return;
	}
	snprintf(whole, sizeof whole, "%s/%s", copy->path, file);
	if (!copy->error) {
		to = open(whole, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0666);
		copy->error = to < 0 ? -errno : copy_content(from, to);
	}
	if (to >= 0 && close(to) && !copy->error)
		copy->error = -errno;
	close(from);
}

int bundle_copy(struct bundles *bundles, int64_t run, size_t number,
	const struct bundles *from, const char *old, char name[EVIDENCE_SIZE])
{
	char path[BUNDLE_PATH_SIZE], there[BUNDLE_PATH_SIZE];
	struct copy copy = { .path = path };
	uint64_t old_number;
	int64_t old_run;

	*name = '\0';
	if (!read_name(old, &old_run, &old_number))
		return -EINVAL;
	path_of(from, old, "", there);
	if (access(there, R_OK | X_OK))
		return -errno;
	copy.error = begin_bundle(bundles, run, number, name, path);
	if (!copy.error)
		visit_files(there, copy_file, &copy);
	return end_bundle(bundles, copy.error, name);
}
