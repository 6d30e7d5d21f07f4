/* SPDX-License-Identifier: BSD-2-Clause */
#include "night.h"

#include "night_lock.h"
#include "results/formats.h"
#include "stress/os.h"
#include "taking.h"

#include <errno.h>
#include <fcntl.h>
#include <ftw.h>
#include <inttypes.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

enum { FIXED_ARGUMENTS = 16, BUILDER_FAILED = 125, CHILD_FAILED = 127 };

/* Where a builder works. */
struct place {
	char folder[PATH_MAX], store[PATH_MAX + 32], log[PATH_MAX + 32];
};

static int remove_one(
	const char *path, const struct stat *status, int type, struct FTW *where)
{
	(void)status;
	(void)type;
	(void)where;
	return remove(path);
}

static void remove_folder(const char *folder)
{
	nftw(folder, remove_one, 16, FTW_DEPTH | FTW_PHYS);
}

int night_begin(struct night *night, char *complaint)
{
	char outer[PATH_MAX];

	snprintf(outer, sizeof outer, "%s.nightly", night->store_path);
	if ((mkdir(outer, 0777) && errno != EEXIST) || !realpath(outer, night->folder)) {
		int error = -errno;

		snprintf(
			complaint, COMPLAINT_SIZE, "%.200s: %s", outer, strerror(-error));
		return error;
	}
	night->lock = night_lock(night->folder);
	if (night->lock == -EBUSY)
		snprintf(complaint, COMPLAINT_SIZE,
			"--store '%.200s': there is a night for it already; expected one "
			"at a time",
			night->store_path);
	else if (night->lock < 0)
		snprintf(complaint, COMPLAINT_SIZE, "%.200s: %s", outer,
			strerror(-night->lock));
	return night->lock < 0 ? night->lock : 0;
}

void night_end(struct night *night)
{
	night_unlock(night->folder, night->lock);
}

static int make_place(const struct night *night, const struct builder *builder,
	struct place *place, char *complaint)
{
	if (strlen(night->folder) + NAME_SIZE + 1 >= sizeof place->folder) {
		snprintf(complaint, COMPLAINT_SIZE, "--store: expected a shorter name");
		return -ENAMETOOLONG;
	}
	strcat(strcat(strcpy(place->folder, night->folder), "/"), builder->name);
	snprintf(place->store, sizeof place->store, "%s/work/store.db", place->folder);
	snprintf(place->log, sizeof place->log, "%s/log", place->folder);
	return 0;
}

static void tell_cell(const struct run *run, size_t i, struct night_result *result)
{
	const struct outcome *outcome = &run->outcomes[i];
	char title[256];

	if (cell_standing(&run->cells[i], outcome) != STANDING_UNEXPECTED ||
		result->told == NIGHT_TOLD)
		return;
	cell_title(&run->cells[i], title, sizeof title);
	snprintf(result->telling[result->told++], NIGHT_TOLD_SIZE,
		"! %s: %s%s (hupstorm rerun %" PRId64 "/%zu)\n", title,
		verdict_name(outcome->verdict),
		outcome->verdict == VERDICT_PASS ? ", but it is known to be wrong" : "",
		run->info.id, run_number(run, i));
}

static void add_run(const struct run *run, struct night_result *result)
{
	result->runs++;
	result->as_expected += run_standing(run, STANDING_AS_EXPECTED);
	result->unexpected += run_standing(run, STANDING_UNEXPECTED);
	result->not_judged += run_standing(run, STANDING_NOT_JUDGED);
	for (size_t i = 0; i < run->count; i++) {
		result->missing += run->outcomes[i].verdict == VERDICT_MISSING;
		tell_cell(run, i, result);
	}
}

/* Runs are appended: those that are new are the last ones. */
static int count_new(struct store *store, int64_t new_runs, struct night_result *result,
	char *complaint)
{
	size_t count;
	int64_t *ids;
	int error = store_runs(store, &ids, &count, complaint);

	if (error)
		return error;
	for (size_t i = count - (size_t)new_runs; !error && i < count; i++) {
		struct run *run;

		error = store_load(store, ids[i], &run, complaint);
		if (error)
			break;
		add_run(run, result);
		run_free(run);
	}
	free(ids);
	return error;
}

static int take_store(const struct night *night, const struct place *place,
	struct night_result *result, char *complaint)
{
	struct exchanged exchanged;
	int error;

	if (access(place->store, R_OK))
		return 0;
	error = take_runs(
		night->store, night->store_path, place->store, &exchanged, complaint);
	return error ? error : count_new(night->store, exchanged.runs, result, complaint);
}

static void tell(const char *name, uint64_t value)
{
	char text[32];

	snprintf(text, sizeof text, "%" PRIu64, value);
	setenv(name, text, 1);
}

static void tell_of_builder(const struct night *night, const struct builder *builder)
{
	setenv("HUPSTORM", night->program, 1);
	setenv("HUPSTORM_BUILDER", builder->name, 1);
	if (builder->emulated)
		setenv("HUPSTORM_EMULATED", "1", 1);
	setenv("BUILDER_ARCH", builder->architecture, 1);
	setenv("BUILDER_HOST", builder->host, 1);
	tell("BUILDER_NODES", builder->nodes);
	tell("BUILDER_LIMIT", (builder->limit + OS_SECOND - 1) / OS_SECOND);
}

/* What a builder is to do. */
struct work {
	const struct night *night;
	const struct builder *builder;
	const struct lookback *lookback;
	uint64_t budget;
};

static void name_turn(const struct work *work, char turn[32], char pace[32])
{
	if (work->night->seed_given)
		snprintf(turn, 32, "--seed=%" PRIu64, work->night->seed);
	else
		snprintf(turn, 32, "--night=%" PRIu64, work->lookback->nights);
	snprintf(pace, 32, "--pace=%u", pace_of(work->builder, work->lookback));
}

static _Noreturn void be_builder(const struct work *work, struct place *place)
{
	const struct night *night = work->night;
	const struct builder *builder = work->builder;
	char script[PATH_MAX], budget[32], turn[32], pace[32], patience[32], options[256];
	char *arguments[FIXED_ARGUMENTS + BUILDER_OPTIONS_MAX + 1];
	char run[] = "run", store_word[] = "--store", store[] = "store.db";
	char *const fixed[] = { script, place->folder, run, store_word, store, budget,
		turn, pace, patience };
	size_t count = sizeof fixed / sizeof fixed[0];
	int log = open(place->log, O_WRONLY | O_CREAT | O_TRUNC, 0666);
	int null = open("/dev/null", O_RDONLY);

	snprintf(script, sizeof script, "%s/how-%s", builders_folder(), builder->how);
	snprintf(budget, sizeof budget, "--budget=%" PRIu64 "ms",
		work->budget / OS_MILLISECOND);
	name_turn(work, turn, pace);
	snprintf(patience, sizeof patience, "--patience=%u", builder->patience);
	/* It goes on for nobody if this process is killed. */
	prctl(PR_SET_PDEATHSIG, SIGTERM);
	memcpy(arguments, fixed, sizeof fixed);
	snprintf(options, sizeof options, "%s", builder->options);
	for (char *word = strtok(options, " \t"); word; word = strtok(NULL, " \t"))
		arguments[count++] = word;
	arguments[count] = NULL;
	tell_of_builder(night, builder);
	dup2(null, STDIN_FILENO);
	dup2(log, STDOUT_FILENO);
	dup2(log, STDERR_FILENO);
	execv(script, arguments);
	fprintf(stderr, "%s: %s\n", script, strerror(errno));
	_exit(CHILD_FAILED);
}

/* The last line that there is: a script says there why it has failed. */
static void read_reason(const struct place *place, int status, char *reason, size_t size)
{
	FILE *file = fopen(place->log, "re");
	char line[512], last[512] = "";

	while (file && fgets(line, sizeof line, file)) {
		line[strcspn(line, "\n")] = '\0';
		if (*line)
			snprintf(last, sizeof last, "%s", line);
	}
	if (file)
		fclose(file);
	if (*last)
		snprintf(reason, size, "%s", last);
	else if (WIFSIGNALED(status))
		snprintf(reason, size, "ended by SIG%s", sigabbrev_np(WTERMSIG(status)));
	else
		snprintf(reason, size, "status %d", WEXITSTATUS(status));
}

static int run_script(
	const struct work *work, struct place *place, struct night_result *result)
{
	uint64_t began = os_now();
	pid_t child;
	int status;

	fflush(stdout);
	child = fork();
	if (child < 0)
		return -errno;
	if (!child)
		be_builder(work, place);
	while (waitpid(child, &status, 0) < 0 && errno == EINTR)
		;
	result->took = os_now() - began;
	/* hupstorm's own statuses are those of cells; all others are of what should have run it. */
	result->failed = !WIFEXITED(status) || WEXITSTATUS(status) > 1;
	if (result->failed)
		read_reason(place, status, result->reason, sizeof result->reason);
	return 0;
}

int night_run_builder(const struct night *night, const struct builder *builder,
	const struct lookback *lookback, uint64_t budget, struct night_result *result,
	char *complaint)
{
	const struct work work = { night, builder, lookback, budget };
	struct night_result earlier = { 0 };
	struct place place;
	int error = make_place(night, builder, &place, complaint);

	*result = (struct night_result){ 0 };
	if (!error)
		error = take_store(night, &place, &earlier, complaint);
	if (error)
		return error;
	remove_folder(place.folder);
	if (mkdir(place.folder, 0777)) {
		error = -errno;
		snprintf(complaint, COMPLAINT_SIZE, "%.400s: %s", place.folder,
			strerror(-error));
		return error;
	}
	error = run_script(&work, &place, result);
	if (error) {
		snprintf(complaint, COMPLAINT_SIZE, "cannot start a process: %s",
			strerror(-error));
		return error;
	}
	error = take_store(night, &place, result, complaint);
	if (!error && !result->failed && !result->runs) {
		result->failed = true;
		snprintf(result->reason, sizeof result->reason,
			"it has left no run in its store");
	}
	if (!error && !result->failed)
		remove_folder(place.folder);
	return error;
}
