/* SPDX-License-Identifier: BSD-2-Clause */
/* The store: what is written is there, and what is not a store is refused. */
#include "check_suite.h"
#include "results/exchange.h"
#include "results/text_report.h"
#include "results/store.h"
#include "results/wrap.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <sqlite3.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

enum { CELLS = 6 };

static char folder[64], path[96], complaint[COMPLAINT_SIZE];
static struct cell cells[CELLS];
static struct run_info info;

static void setup(void)
{
	strcpy(folder, "store-XXXXXX");
	ck_assert_ptr_nonnull(mkdtemp(folder));
	snprintf(path, sizeof path, "%s/it's.db", folder);
	for (size_t i = 0; i < CELLS; i++) {
		cells[i] = (struct cell){
			.slots = (uint32_t)i + 1,
			.coordinator_on_leader = i & 1,
			.seed = UINT64_MAX - i,
			.cycles = 1000,
			.expected = i == 5 ? EXPECT_RED : EXPECT_GREEN,
		};
		strcpy(cells[i].case_name, "hup-broadcast");
		strcpy(cells[i].subject, "cooperative");
		strcpy(cells[i].placement, i & 1 ? "one-pu" : "unbound");
		strcpy(cells[i].target, i & 1 ? "rotate" : "process");
		cells[i].nudge = i == 2;
		strcpy(cells[i].noise, i == 2 ? "mixed" : "");
		strcpy(cells[i].perturbation, i == 4 ? "futex=eintr" : "");
		if (i == 5)
			strcpy(cells[i].faults, "seed");
	}
	info = (struct run_info){ .started = 1234567890123456789, .seed = UINT64_MAX };
	strcpy(info.version, "0.1.0");
	strcpy(info.command, "hupstorm run --it's \"quoted\"; DROP TABLE run");
	strcpy(info.machine.processor, "A processor");
	info.machine.page_size = 65536;
	strcpy(info.machine.builder, "ppc64 <1>");
	strcpy(info.machine.libc, "glibc 2.36");
	strcpy(info.machine.compiler, "gcc 12.2.0");
	strcpy(info.machine.build, "0123");
	strcpy(info.machine.topology, "f00");
	info.machine.threads_per_core = 8;
	info.machine.emulated = true;
}

static void teardown(void)
{
	static const char *const suffixes[] = { "", "-wal", "-shm", "-journal" };
	char file[128];

	for (size_t i = 0; i < 4; i++) {
		snprintf(file, sizeof file, "%s%s", path, suffixes[i]);
		unlink(file);
	}
	rmdir(folder);
}

static struct store *open_for_writing(void)
{
	struct store *store;
	int error = store_open(&store, path, STORE_WRITE, complaint);

	ck_assert_msg(!error, "%s", complaint);
	return store;
}

static struct outcome outcome_of(size_t i)
{
	struct outcome outcome = { .verdict = i == 5 ? VERDICT_CRASH : VERDICT_PASS,
		.cycles = 1000 + i,
		.sent = UINT64_C(1) << 62,
		.wall = 1000000,
		.threads = 7 };

	if (i == 5)
		strcpy(outcome.reason, "SIGABRT: it's <broken> \"here\"");
	strcpy(outcome.achieved, "unbound");
	if (i == 2) {
		outcome.states = 363995;
		strcpy(outcome.extent, "complete");
		memset(outcome.schedule, '~', sizeof outcome.schedule - 1);
		outcome.overlaps[0] = 1;
		outcome.overlaps[OVERLAPS - 1] = UINT64_MAX;
		outcome.noise_count = 3;
		outcome.noise_time = 4;
		outcome.perturb_count = 5;
		outcome.perturb_time = 6;
		outcome.perturb_stale = 7;
		outcome.perturb_errors = 8;
		strcpy(outcome.evidence, "1-2");
	}
	return outcome;
}

static void begin(struct store *store)
{
	*info.uid = '\0';
	ck_assert_msg(
		!store_begin(store, &info, cells, CELLS, complaint), "%s", complaint);
}

static void add(struct store *store, size_t i)
{
	struct outcome outcome = outcome_of(i);

	ck_assert_msg(
		!store_add(store, info.id, i, &outcome, complaint), "%s", complaint);
}

static struct run *load(int64_t id)
{
	struct store *store;
	struct run *run;

	ck_assert_msg(!store_open(&store, path, STORE_READ, complaint), "%s", complaint);
	ck_assert_msg(!store_load(store, id, &run, complaint), "%s", complaint);
	store_close(store);
	return run;
}

START_TEST(run_is_read_back)
{
	struct store *store = open_for_writing();
	struct run *run;

	cells[1].engine = ENGINE_EXECUTED;
	cells[2].engine = ENGINE_EXPLORED;
	memset(cells[2].world, '=', sizeof cells[2].world - 1);
	begin(store);
	for (size_t i = 0; i < CELLS; i++)
		add(store, i);
	ck_assert_int_eq(store_finish(store, info.id, 99, complaint), 0);
	store_close(store);
	run = load(0);
	info.finished = 99;
	ck_assert_int_eq(memcmp(&run->info, &info, sizeof info), 0);
	ck_assert_uint_eq(run->count, CELLS);
	for (size_t i = 0; i < CELLS; i++) {
		struct outcome outcome = outcome_of(i);

		ck_assert_int_eq(memcmp(&run->cells[i], &cells[i], sizeof cells[i]), 0);
		ck_assert_int_eq(memcmp(&run->outcomes[i], &outcome, sizeof outcome), 0);
	}
	run_free(run);
}
END_TEST

/*
 * Folded
 */
enum { MANY = 600 };

static const struct {
	enum verdict verdict;
	const char *reason;
} endings[] = {
	{ VERDICT_PASS, "" },
	{ VERDICT_PASS, "" },
	{ VERDICT_DEADLOCK, "everybody sleeps after cycle %zu (thread %zu); x" },
	{ VERDICT_DEADLOCK, "everybody sleeps after cycle %zu; y" },
	{ VERDICT_CRASH, "double wakeup (leader)" },
	{ VERDICT_CRASH, "double wakeup (thread %zu)" },
	{ VERDICT_STARVED, "" },
};
enum { ENDINGS = sizeof endings / sizeof endings[0] };

/* Of a few kinds, in no order; some of them test the harness, and some are missing. */
static struct cell one_of_many(size_t i)
{
	static const char *const signs[] = { "", "", "", "deadlock", "crash: (leader)",
		"red?" };
	struct cell cell = cells[i * 7 % CELLS];
	const char *sign = signs[i % 6];

	cell.seed = i;
	strcpy(cell.sign, sign);
	if (*sign) {
		strcpy(cell.faults, "seed");
		cell.expected = EXPECT_RED;
	}
	if (i % 10 == 0)
		cell.expected = EXPECT_NOTHING;
	if (i % 11 == 0)
		strcpy(cell.noise, "mixed");
	return cell;
}

static struct outcome outcome_of_many(size_t i)
{
	size_t which = i * 31 / 7 % ENDINGS;
	struct outcome outcome = { .verdict = endings[which].verdict,
		.cycles = 100 + i,
		.wall = 1000000 * (1 + i * 17 % 101),
		.noise_count = i,
		.sent = i };

	outcome.overlaps[3] = i;
	outcome.overlaps[OVERLAPS - 1] = 2 * i;
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wformat-nonliteral"
	snprintf(outcome.reason, sizeof outcome.reason, endings[which].reason, i, i);
#pragma GCC diagnostic pop
	if (which > 1)
		snprintf(outcome.evidence, sizeof outcome.evidence, "1-%zu", i + 1);
	if (verdict_is_hang(outcome.verdict))
		strcpy(outcome.anchor, i % 2 ? "world_stop" : "");
	return outcome;
}

static void write_many(void)
{
	struct cell *many = calloc(MANY, sizeof *many);
	struct store *store = open_for_writing();

	for (size_t i = 0; i < MANY; i++)
		many[i] = one_of_many(i);
	ck_assert_int_eq(store_begin(store, &info, many, MANY, complaint), 0);
	for (size_t i = 0; i < MANY; i++) {
		struct outcome outcome = outcome_of_many(i);

		if (i % 13)
			ck_assert_int_eq(
				store_add(store, info.id, i, &outcome, complaint), 0);
	}
	store_close(store);
	free(many);
}

START_TEST(folded_run_reads_the_same)
{
	static const struct matrix_style plain = { 0 };
	struct store *store;
	struct run *whole, *folded;
	char *text, *again;

	write_many();
	ck_assert_int_eq(store_open(&store, path, STORE_READ, complaint), 0);
	ck_assert_int_eq(store_load(store, 0, &whole, complaint), 0);
	ck_assert_int_eq(store_load_folded(store, 0, &folded, complaint), 0);
	store_close(store);
	ck_assert_uint_eq(whole->count, MANY);
	ck_assert_uint_lt(folded->count, MANY / 3);
	text = report_text(whole, &plain);
	again = report_text(folded, &plain);
	ck_assert(!strcmp(again, text));
	for (enum standing s = 0; s < STANDING_COUNT; s++)
		ck_assert_uint_eq(run_standing(folded, s), run_standing(whole, s));
	free(text);
	free(again);
	run_free(whole);
	run_free(folded);
}
END_TEST

START_TEST(missing_cells_are_seen)
{
	struct store *store = open_for_writing();
	struct run *run;

	begin(store);
	add(store, 2);
	store_close(store);
	run = load(0);
	ck_assert_int_eq(run->outcomes[1].verdict, VERDICT_MISSING);
	ck_assert_int_eq(run->outcomes[2].verdict, VERDICT_PASS);
	ck_assert_int_eq(run->info.finished, 0);
	run_free(run);
}
END_TEST

START_TEST(runs_are_kept_apart)
{
	struct store *store = open_for_writing();
	int64_t first;
	struct run *run;

	begin(store);
	first = info.id;
	add(store, 0);
	begin(store);
	add(store, 1);
	store_close(store);
	run = load(0);
	ck_assert_int_eq(run->info.id, info.id);
	ck_assert_int_eq(run->outcomes[0].verdict, VERDICT_MISSING);
	run_free(run);
	run = load(first);
	ck_assert_int_eq(run->outcomes[0].verdict, VERDICT_PASS);
	run_free(run);
}
END_TEST

static void refuse(enum store_mode mode, int error, const char *words)
{
	struct store *store;

	ck_assert_int_eq(store_open(&store, path, mode, complaint), error);
	ck_assert_msg(strstr(complaint, words), "'%s' is not in '%s'", words, complaint);
}

enum { WRITERS = 200 };

/* Begin when the gate opens; its end is closed for all of them at once. */
static void write_a_run(int gate)
{
	struct store *store;
	char byte;

	read(gate, &byte, 1);
	store = open_for_writing();
	begin(store);
	for (size_t i = 0; i < CELLS; i++)
		add(store, i);
	ck_assert_int_eq(store_finish(store, info.id, 99, complaint), 0);
	store_close(store);
	_exit(0);
}

START_TEST(two_hundred_writers_lose_nothing)
{
	int gate[2], status, done = 0;
	struct run *run;

	ck_assert_int_eq(pipe(gate), 0);
	for (int i = 0; i < WRITERS; i++) {
		if (fork())
			continue;
		close(gate[1]);
		write_a_run(gate[0]);
	}
	close(gate[1]);
	for (int i = 0; i < WRITERS; i++) {
		ck_assert_int_gt(wait(&status), 0);
		done += status == 0;
	}
	close(gate[0]);
	ck_assert_int_eq(done, WRITERS);
	for (int64_t id = 1; id <= WRITERS; id++) {
		run = load(id);
		ck_assert_int_eq(run->info.finished, 99);
		ck_assert_uint_eq(run->count, CELLS);
		for (size_t i = 0; i < CELLS; i++)
			ck_assert_int_eq(run->outcomes[i].verdict, outcome_of(i).verdict);
		run_free(run);
	}
}
END_TEST

/* As one does that brings the tables up: until it has ended nobody else may write. */
START_TEST(writer_of_another_version_is_alone)
{
	struct flock byte = { .l_type = F_WRLCK, .l_start = 0x40010000, .l_len = 1 };
	int fd;

	store_close(open_for_writing());
	fd = open(path, O_RDWR | O_CLOEXEC);
	ck_assert_int_eq(fcntl(fd, F_OFD_SETLK, &byte), 0);
	refuse(STORE_WRITE, -EBUSY, "another version");
	close(fd);
	store_close(open_for_writing());
}
END_TEST

START_TEST(machine_is_drawn_once)
{
	struct store *store = open_for_writing();
	char *xml;

	ck_assert_int_eq(store_keep_topology(store, "f00", "<a>'\"", complaint), 0);
	ck_assert_int_eq(store_keep_topology(store, "f00", "<b/>", complaint), 0);
	ck_assert_int_eq(store_topology(store, "f00", &xml, complaint), 0);
	ck_assert_str_eq(xml, "<a>'\"");
	free(xml);
	ck_assert_int_eq(store_topology(store, "f01", &xml, complaint), 0);
	ck_assert_ptr_null(xml);
	store_close(store);
}
END_TEST

/* A writer that is killed in the middle loses nothing that it had committed. */
START_TEST(killed_writer_loses_nothing)
{
	int pipe_ends[2], status;
	struct run *run;
	pid_t child;
	char byte;

	ck_assert_int_eq(pipe(pipe_ends), 0);
	child = fork();
	if (!child) {
		struct store *store = open_for_writing();

		begin(store);
		for (size_t i = 0; i < 4; i++)
			add(store, i);
		ck_assert_int_eq(write(pipe_ends[1], "x", 1), 1);
		pause();
	}
	ck_assert_int_eq(read(pipe_ends[0], &byte, 1), 1);
	kill(child, SIGKILL);
	waitpid(child, &status, 0);
	run = load(0);
	for (size_t i = 0; i < CELLS; i++)
		ck_assert_int_eq(
			run->outcomes[i].verdict, i < 4 ? VERDICT_PASS : VERDICT_MISSING);
	run_free(run);
	store_close(open_for_writing());
}
END_TEST

static void write_file(const char *text, size_t length)
{
	FILE *file = fopen(path, "w");

	fwrite(text, 1, length, file);
	fclose(file);
}

START_TEST(other_files_are_refused)
{
	static const char text[] =
		"This is a text of more than a hundred bytes, so that "
		"SQLite looks at it and does not take it for an empty file.";

	refuse(STORE_READ, -ENOENT, "No such file");
	write_file("", 0);
	refuse(STORE_READ, -EMEDIUMTYPE, "empty");
	write_file(text, sizeof text);
	refuse(STORE_READ, -EMEDIUMTYPE, "not an SQLite file");
	refuse(STORE_WRITE, -EMEDIUMTYPE, "not an SQLite file");
	unlink(path);
	mkdir(path, 0777);
	refuse(STORE_READ, -EMEDIUMTYPE, "not a regular file");
	refuse(STORE_WRITE, -EMEDIUMTYPE, "not a regular file");
	rmdir(path);
}
END_TEST

static void execute(const char *sql)
{
	sqlite3 *db;

	ck_assert_int_eq(sqlite3_open(path, &db), SQLITE_OK);
	ck_assert_int_eq(sqlite3_exec(db, sql, NULL, NULL, NULL), SQLITE_OK);
	sqlite3_close(db);
}

START_TEST(foreign_databases_are_refused)
{
	execute("CREATE TABLE somebody_elses (x)");
	refuse(STORE_READ, -EMEDIUMTYPE, "another program");
	refuse(STORE_WRITE, -EMEDIUMTYPE, "another program");
}
END_TEST

START_TEST(newer_stores_are_refused)
{
	store_close(open_for_writing());
	execute("PRAGMA user_version = 999");
	refuse(STORE_READ, -EMEDIUMTYPE, "version 999");
	refuse(STORE_WRITE, -EMEDIUMTYPE, "version 999");
}
END_TEST

/* Before it was told where what hung was stuck. */
static void make_it_version_6(void)
{
	execute("ALTER TABLE outcome DROP COLUMN anchor; PRAGMA user_version = 6");
}

/* Before a run knew more of its machine than its processor. */
static void make_it_version_5(void)
{
	make_it_version_6();
	execute("DROP TABLE topology; ALTER TABLE run DROP COLUMN builder;"
		"ALTER TABLE run DROP COLUMN libc; ALTER TABLE run DROP COLUMN compiler;"
		"ALTER TABLE run DROP COLUMN build; ALTER TABLE run DROP COLUMN topology;"
		"ALTER TABLE run DROP COLUMN threads_per_core;"
		"ALTER TABLE run DROP COLUMN emulated; PRAGMA user_version = 5");
}

/* Before runs had names of their own. */
static void make_it_version_4(void)
{
	make_it_version_5();
	execute("DROP INDEX run_uid; ALTER TABLE run DROP COLUMN uid; PRAGMA "
		"user_version = 4");
}

/* A store as it was before system calls were perturbed and evidence was kept. */
static void make_it_version_3(void)
{
	make_it_version_4();
	execute("ALTER TABLE cell DROP COLUMN perturbation;"
		"ALTER TABLE outcome DROP COLUMN perturb_count;"
		"ALTER TABLE outcome DROP COLUMN perturb_time;"
		"ALTER TABLE outcome DROP COLUMN perturb_stale;"
		"ALTER TABLE outcome DROP COLUMN perturb_errors;"
		"ALTER TABLE outcome DROP COLUMN evidence; PRAGMA user_version = 3");
}

/* Before there was noise. */
static void make_it_version_2(void)
{
	make_it_version_3();
	execute("ALTER TABLE cell ADD COLUMN rotate INTEGER NOT NULL DEFAULT 0;"
		"UPDATE cell SET rotate = target = 'rotate';"
		"ALTER TABLE cell DROP COLUMN target; ALTER TABLE cell DROP COLUMN nudge;"
		"ALTER TABLE cell DROP COLUMN noise; ALTER TABLE cell DROP COLUMN sign;"
		"ALTER TABLE outcome DROP COLUMN overlaps;"
		"ALTER TABLE outcome DROP COLUMN noise_count;"
		"ALTER TABLE outcome DROP COLUMN noise_time; PRAGMA user_version = 2");
}

/* And before anything was explored. */
static void make_it_version_1(void)
{
	make_it_version_2();
	execute("ALTER TABLE cell DROP COLUMN engine; ALTER TABLE cell DROP COLUMN world;"
		"ALTER TABLE outcome DROP COLUMN states;"
		"ALTER TABLE outcome DROP COLUMN extent;"
		"ALTER TABLE outcome DROP COLUMN schedule; PRAGMA user_version = 1");
}

START_TEST(older_stores_are_read_and_brought_up)
{
	static void (*const make[])(void) = { make_it_version_1, make_it_version_2,
		make_it_version_3, make_it_version_4, make_it_version_5,
		make_it_version_6 };
	struct store *store = open_for_writing();
	struct run *run;

	begin(store);
	add(store, 5);
	store_close(store);
	make[_i]();
	run = load(0);
	ck_assert_int_eq(run->outcomes[5].verdict, VERDICT_CRASH);
	ck_assert_int_eq(run->cells[5].engine, ENGINE_STORM);
	ck_assert_str_eq(run->cells[5].target, "rotate");
	run_free(run);
	store = open_for_writing();
	cells[0].engine = ENGINE_EXPLORED;
	begin(store);
	add(store, 0);
	store_close(store);
	run = load(1);
	ck_assert_int_eq(run->outcomes[5].verdict, VERDICT_CRASH);
	ck_assert_str_eq(run->cells[4].target, "process");
	run_free(run);
	run = load(2);
	ck_assert_int_eq(run->cells[0].engine, ENGINE_EXPLORED);
	run_free(run);
}
END_TEST

START_TEST(older_store_is_merged_and_stays)
{
	struct store *store = open_for_writing(), *into;
	struct exchanged exchanged;
	char other[sizeof path + 8];
	struct run *run;

	begin(store);
	add(store, 5);
	store_close(store);
	make_it_version_1();
	snprintf(other, sizeof other, "%s.other", path);
	ck_assert_int_eq(store_open(&into, other, STORE_WRITE, complaint), 0);
	for (int64_t news = 1; news >= 0; news--) {
		ck_assert_int_eq(store_merge(into, path, NULL, &exchanged, complaint), 0);
		ck_assert_int_eq(exchanged.runs, news);
		ck_assert_int_eq(exchanged.outcomes, news);
	}
	ck_assert_int_eq(store_load(into, 0, &run, complaint), 0);
	ck_assert_int_eq(run->outcomes[5].verdict, VERDICT_CRASH);
	run_free(run);
	store_close(into);
	/* It could be read, and was not brought up. */
	ck_assert_int_eq(store_open(&store, path, STORE_READ, complaint), 0);
	ck_assert_int_eq(store_export(store, 0, stdout, complaint), -EMEDIUMTYPE);
	store_close(store);
	unlink(other);
}
END_TEST

/* Nothing of it is lost, and nothing is done by halves. */
START_TEST(older_store_that_cannot_be_brought_up_stays)
{
	struct store *store = open_for_writing();
	struct run *run;

	begin(store);
	add(store, 5);
	store_close(store);
	make_it_version_1();
	execute("ALTER TABLE outcome ADD COLUMN schedule TEXT");
	refuse(STORE_WRITE, -EIO, "duplicate column");
	run = load(0);
	ck_assert_int_eq(run->outcomes[5].verdict, VERDICT_CRASH);
	run_free(run);
}
END_TEST

START_TEST(cut_store_is_refused)
{
	struct stat status;

	store_close(open_for_writing());
	ck_assert_int_eq(stat(path, &status), 0);
	ck_assert_int_eq(truncate(path, status.st_size / 2), 0);

	struct store *store;
	struct run *run;
	int error = store_open(&store, path, STORE_READ, complaint);

	if (!error) {
		error = store_load(store, 0, &run, complaint);
		store_close(store);
	}
	ck_assert_int_lt(error, 0);
	ck_assert_ptr_nonnull(strstr(complaint, path));
}
END_TEST

/* A full disk, as a limit on the size of files: what was committed stays, and the
 * complaint says what is wrong. */
START_TEST(full_disk_keeps_what_was_committed)
{
	struct rlimit limit = { 160 * 1024, RLIM_INFINITY };
	struct store *store = open_for_writing();
	struct outcome outcome = outcome_of(5);
	size_t kept = 0;
	struct run *run;

	signal(SIGXFSZ, SIG_IGN);
	begin(store);
	ck_assert_int_eq(setrlimit(RLIMIT_FSIZE, &limit), 0);
	for (;;) {
		if (store_add(store, info.id, kept % CELLS, &outcome, complaint))
			break;
		kept++;
		if (kept % CELLS)
			continue;
		*info.uid = '\0';
		if (store_begin(store, &info, cells, CELLS, complaint))
			break;
		ck_assert_uint_lt(kept, 100000);
	}
	ck_assert_ptr_nonnull(strstr(complaint, path));
	store_close(store);
	limit.rlim_cur = RLIM_INFINITY;
	setrlimit(RLIMIT_FSIZE, &limit);
	run = load(1);
	for (size_t i = 0; i < CELLS; i++)
		ck_assert_int_eq(run->outcomes[i].verdict, VERDICT_CRASH);
	run_free(run);
}
END_TEST

/*
 * What is said about outcomes
 */
START_TEST(standing_of_cells)
{
	static const struct {
		enum expectation expected;
		enum verdict verdict;
		enum standing standing;
	} rules[] = {
		{ EXPECT_GREEN, VERDICT_PASS, STANDING_AS_EXPECTED },
		{ EXPECT_GREEN, VERDICT_DEADLOCK, STANDING_UNEXPECTED },
		{ EXPECT_GREEN, VERDICT_CRASH, STANDING_UNEXPECTED },
		{ EXPECT_RED, VERDICT_PASS, STANDING_UNEXPECTED },
		{ EXPECT_RED, VERDICT_LIVELOCK, STANDING_AS_EXPECTED },
		{ EXPECT_RED, VERDICT_SKIPPED, STANDING_NOT_JUDGED },
		{ EXPECT_GREEN, VERDICT_STARVED, STANDING_NOT_JUDGED },
		{ EXPECT_GREEN, VERDICT_SLOW, STANDING_NOT_JUDGED },
		{ EXPECT_GREEN, VERDICT_INVALID, STANDING_NOT_JUDGED },
		{ EXPECT_GREEN, VERDICT_MISSING, STANDING_NOT_JUDGED },
		{ EXPECT_NOTHING, VERDICT_CRASH, STANDING_NOT_JUDGED },
	};

	for (size_t i = 0; i < sizeof rules / sizeof rules[0]; i++) {
		struct cell cell = { .expected = rules[i].expected };
		struct outcome outcome = { .verdict = rules[i].verdict };

		ck_assert_int_eq(cell_standing(&cell, &outcome), rules[i].standing);
	}
	for (enum verdict v = 0; v < VERDICT_COUNT; v++)
		ck_assert_int_eq(verdict_named(verdict_name(v)), v);
	ck_assert_int_eq(verdict_named("nonsense"), VERDICT_COUNT);
}
END_TEST

static struct outcome outcomes[CELLS];
static struct run shown = { .count = CELLS, .cells = cells, .outcomes = outcomes };

static void expect_in(const char *text, const char *words)
{
	ck_assert_msg(strstr(text, words), "'%s' is not in:\n%s", words, text);
}

START_TEST(matrix_shows_what_is_there)
{
	struct matrix_style plain = { 0 };
	char *text;

	for (size_t i = 0; i < CELLS; i++)
		outcomes[i] = outcome_of(i);
	outcomes[3].verdict = VERDICT_LIVELOCK;
	strcpy(outcomes[3].reason, "no progress");
	outcomes[4].verdict = VERDICT_MISSING;
	text = report_text(&shown, &plain);
	ck_assert_ptr_nonnull(text);
	expect_in(text, "unbound           one-pu");
	expect_in(text, "  cooperative              2 pass 1 missing !1 live 1 pass");
	expect_in(text, "  cooperative + seed                        *1 crash");
	expect_in(text, "! hup-broadcast, cooperative: 1 livelock\n    no progress\n");
	expect_in(text, "* hup-broadcast, cooperative + seed: 1 crash");
	expect_in(text, "--slots 4 --coordinator leader --target rotate --cycles 1000");
	expect_in(text, "6 cells: 4 as expected, 1 not as expected, 1 not judged (1 of "
			"them missing)");
	ck_assert_ptr_null(strstr(text, "exclude"));
	free(text);
}
END_TEST

/* Colours take no room, nor does what is already short; a word that is too long stays whole. */
START_TEST(long_lines_are_wrapped)
{
	static const char text[] =
		"  \033[1;31ma red line of\033[0m twenty-odd columns\n"
		"    again: hupstorm run --case x\n"
		"short\n"
		"a-word-that-is-longer-than-the-line and more\n"
		"\u25cf\u25cf\u25cf\u25cf\u25cf \u25cf\u25cf\u25cf\u25cf\u25cf "
		"\u25cf\u25cf\u25cf\u25cf\u25cf \u25cf\u25cf\u25cf\u25cf\u25cf\n";
	static const char wrapped[] =
		"  \033[1;31ma red line of\033[0m\n    twenty-odd columns\n"
		"    again: hupstorm \\\n      run --case x\n"
		"short\n"
		"a-word-that-is-longer-than-the-line\n  and more\n"
		"\u25cf\u25cf\u25cf\u25cf\u25cf \u25cf\u25cf\u25cf\u25cf\u25cf "
		"\u25cf\u25cf\u25cf\u25cf\u25cf\n  \u25cf\u25cf\u25cf\u25cf\u25cf\n";
	char *written = NULL;
	size_t size;
	FILE *out = open_memstream(&written, &size);

	wrap_write(out, text, 22);
	fclose(out);
	ck_assert_str_eq(written, wrapped);
	free(written);
}
END_TEST

START_TEST(green_rows_say_what_they_exclude)
{
	struct matrix_style plain = { 0 };
	char *text;

	for (size_t i = 0; i < CELLS; i++)
		outcomes[i] = outcome_of(i);
	text = report_text(&shown, &plain);
	expect_in(text, "0 / 5010 cycles, < 6.0e-04\n");
	free(text);
}
END_TEST

static Suite *store_suite(void)
{
	Suite *suite = suite_create("results");
	TCase *tests = add_tests(suite, "store");

	tcase_add_checked_fixture(tests, setup, teardown);
	tcase_add_test(tests, run_is_read_back);
	tcase_add_test(tests, folded_run_reads_the_same);
	tcase_add_test(tests, missing_cells_are_seen);
	tcase_add_test(tests, runs_are_kept_apart);
	tcase_add_loop_test(tests, two_hundred_writers_lose_nothing, 0, 3);
	tcase_add_test(tests, writer_of_another_version_is_alone);
	tcase_add_test(tests, machine_is_drawn_once);
	tcase_add_test(tests, killed_writer_loses_nothing);
	tcase_add_test(tests, other_files_are_refused);
	tcase_add_test(tests, foreign_databases_are_refused);
	tcase_add_test(tests, newer_stores_are_refused);
	tcase_add_loop_test(tests, older_stores_are_read_and_brought_up, 0, 6);
	tcase_add_test(tests, older_store_is_merged_and_stays);
	tcase_add_test(tests, older_store_that_cannot_be_brought_up_stays);
	tcase_add_test(tests, cut_store_is_refused);
	tcase_add_test(tests, full_disk_keeps_what_was_committed);
	tests = add_tests(suite, "matrix");
	tcase_add_checked_fixture(tests, setup, teardown);
	tcase_add_test(tests, standing_of_cells);
	tcase_add_test(tests, matrix_shows_what_is_there);
	tcase_add_test(tests, long_lines_are_wrapped);
	tcase_add_test(tests, green_rows_say_what_they_exclude);
	return suite;
}

int main(void)
{
	return run_suite(store_suite());
}
