/* SPDX-License-Identifier: BSD-2-Clause */
#include "store_inside.h"

#include <errno.h>
#include <fcntl.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

enum {
	APPLICATION_ID = 0x68757073, /* "hups" */
	PATIENCE_MS =
		60000 /* with other writers, who have each a transaction at a time */
};

/* What makes a store of each version of one of the version before; of none, the first. New
 * columns come last, for store_write.c gives values in the order of the columns. */
static const char *const migrations[] = {
	"CREATE TABLE run ("
	" id INTEGER PRIMARY KEY AUTOINCREMENT,"
	" started INTEGER NOT NULL, finished INTEGER NOT NULL DEFAULT 0,"
	" seed INTEGER NOT NULL, version TEXT NOT NULL, command TEXT NOT NULL,"
	" architecture TEXT NOT NULL, kernel TEXT NOT NULL, processor TEXT NOT NULL,"
	" byte_order TEXT NOT NULL, page_size INTEGER NOT NULL,"
	" processing_units INTEGER NOT NULL, cores INTEGER NOT NULL,"
	" packages INTEGER NOT NULL, numa_nodes INTEGER NOT NULL);"
	"CREATE TABLE cell ("
	" run INTEGER NOT NULL REFERENCES run(id), number INTEGER NOT NULL,"
	" case_name TEXT NOT NULL, subject TEXT NOT NULL, faults TEXT NOT NULL,"
	" placement TEXT NOT NULL, slots INTEGER NOT NULL, workers INTEGER NOT NULL,"
	" coordinator_on_leader INTEGER NOT NULL, rotate INTEGER NOT NULL,"
	" seed INTEGER NOT NULL, cycles INTEGER NOT NULL, time_limit INTEGER NOT NULL,"
	" expected INTEGER NOT NULL, PRIMARY KEY (run, number)) WITHOUT ROWID;"
	"CREATE TABLE outcome ("
	" run INTEGER NOT NULL, number INTEGER NOT NULL,"
	" verdict TEXT NOT NULL, reason TEXT NOT NULL, achieved TEXT NOT NULL,"
	" cycles INTEGER NOT NULL, sent INTEGER NOT NULL, handled INTEGER NOT NULL,"
	" received INTEGER NOT NULL, stops INTEGER NOT NULL, broadcasts INTEGER NOT NULL,"
	" migrations INTEGER NOT NULL, threads INTEGER NOT NULL,"
	" wall INTEGER NOT NULL, cpu INTEGER NOT NULL, run_delay INTEGER NOT NULL,"
	" PRIMARY KEY (run, number),"
	" FOREIGN KEY (run, number) REFERENCES cell(run, number)) WITHOUT ROWID;",
	"ALTER TABLE cell ADD COLUMN engine TEXT NOT NULL DEFAULT 'storm';"
	"ALTER TABLE cell ADD COLUMN world TEXT NOT NULL DEFAULT '';"
	"ALTER TABLE outcome ADD COLUMN states INTEGER NOT NULL DEFAULT 0;"
	"ALTER TABLE outcome ADD COLUMN extent TEXT NOT NULL DEFAULT '';"
	"ALTER TABLE outcome ADD COLUMN schedule TEXT NOT NULL DEFAULT '';",
	"ALTER TABLE cell ADD COLUMN target TEXT NOT NULL DEFAULT '';"
	"ALTER TABLE cell ADD COLUMN nudge INTEGER NOT NULL DEFAULT 0;"
	"ALTER TABLE cell ADD COLUMN noise TEXT NOT NULL DEFAULT '';"
	"ALTER TABLE cell ADD COLUMN sign TEXT NOT NULL DEFAULT '';"
	"UPDATE cell SET target = CASE rotate WHEN 1 THEN 'rotate' ELSE 'process' END;"
	"ALTER TABLE cell DROP COLUMN rotate;"
	"ALTER TABLE outcome ADD COLUMN overlaps TEXT NOT NULL DEFAULT '';"
	"ALTER TABLE outcome ADD COLUMN noise_count INTEGER NOT NULL DEFAULT 0;"
	"ALTER TABLE outcome ADD COLUMN noise_time INTEGER NOT NULL DEFAULT 0;",
	"ALTER TABLE cell ADD COLUMN perturbation TEXT NOT NULL DEFAULT '';"
	"ALTER TABLE outcome ADD COLUMN perturb_count INTEGER NOT NULL DEFAULT 0;"
	"ALTER TABLE outcome ADD COLUMN perturb_time INTEGER NOT NULL DEFAULT 0;"
	"ALTER TABLE outcome ADD COLUMN perturb_stale INTEGER NOT NULL DEFAULT 0;"
	"ALTER TABLE outcome ADD COLUMN perturb_errors INTEGER NOT NULL DEFAULT 0;"
	"ALTER TABLE outcome ADD COLUMN evidence TEXT NOT NULL DEFAULT '';",
	"ALTER TABLE run ADD COLUMN uid TEXT NOT NULL DEFAULT '';"
	"UPDATE run SET uid = printf('%016x%016x', started, seed);"
	"CREATE UNIQUE INDEX run_uid ON run(uid);",
	"ALTER TABLE run ADD COLUMN builder TEXT NOT NULL DEFAULT '';"
	"ALTER TABLE run ADD COLUMN libc TEXT NOT NULL DEFAULT '';"
	"ALTER TABLE run ADD COLUMN compiler TEXT NOT NULL DEFAULT '';"
	"ALTER TABLE run ADD COLUMN build TEXT NOT NULL DEFAULT '';"
	"ALTER TABLE run ADD COLUMN topology TEXT NOT NULL DEFAULT '';"
	"ALTER TABLE run ADD COLUMN threads_per_core INTEGER NOT NULL DEFAULT 0;"
	"ALTER TABLE run ADD COLUMN emulated INTEGER NOT NULL DEFAULT 0;"
	"CREATE TABLE topology ("
	" hash TEXT PRIMARY KEY NOT NULL, xml TEXT NOT NULL) WITHOUT ROWID;",
	"ALTER TABLE outcome ADD COLUMN anchor TEXT NOT NULL DEFAULT '';",
};

_Static_assert(sizeof migrations / sizeof migrations[0] == SCHEMA_VERSION, "versions");

int store_complain(char *complaint, int error, const char *format, ...)
{
	va_list arguments;

	va_start(arguments, format);
	vsnprintf(complaint, COMPLAINT_SIZE, format, arguments);
	va_end(arguments);
	return error;
}

int store_complain_of_sqlite(
	const struct store *store, const char *doing, char *complaint)
{
	int code = sqlite3_errcode(store->db);

	if (code == SQLITE_NOTADB)
		return store_complain(complaint, -EMEDIUMTYPE,
			"%s: not an SQLite file; expected a store of hupstorm",
			store->path);
	return store_complain(complaint, code == SQLITE_FULL ? -ENOSPC : -EIO,
		"%s: cannot %s: %s", store->path, doing, sqlite3_errmsg(store->db));
}

int store_execute(
	struct store *store, const char *sql, const char *doing, char *complaint)
{
	if (sqlite3_exec(store->db, sql, NULL, NULL, NULL) == SQLITE_OK)
		return 0;
	return store_complain_of_sqlite(store, doing, complaint);
}

int store_read_number(
	struct store *store, const char *sql, int64_t *number, char *complaint)
{
	sqlite3_stmt *statement;
	int code = sqlite3_prepare_v2(store->db, sql, -1, &statement, NULL);

	if (code == SQLITE_OK)
		code = sqlite3_step(statement);
	if (code == SQLITE_ROW)
		*number = sqlite3_column_int64(statement, 0);
	sqlite3_finalize(statement);
	return code == SQLITE_ROW ? 0
				  : store_complain_of_sqlite(store, "read it", complaint);
}

static int migrate(struct store *store, char *complaint)
{
	char pragmas[96];
	int error = store_read_number(
		store, "PRAGMA user_version", &store->version, complaint);

	for (; store->version < SCHEMA_VERSION && !error; store->version++)
		error = store_execute(store, migrations[store->version],
			"make its tables those of this version", complaint);
	snprintf(pragmas, sizeof pragmas,
		"PRAGMA application_id=%d; PRAGMA user_version=%d;", APPLICATION_ID,
		SCHEMA_VERSION);
	return error ? error : store_execute(store, pragmas, "set it up", complaint);
}

/* All of it, or nothing. */
static int upgrade(struct store *store, char *complaint)
{
	char unheard[COMPLAINT_SIZE];
	int error = store_execute(store, "BEGIN IMMEDIATE", "set it up", complaint);

	if (!error)
		error = migrate(store, complaint);
	if (!error)
		return store_execute(store, "COMMIT", "set it up", complaint);
	store_execute(store, "ROLLBACK", "set it up", unheard);
	return error;
}

/* A byte far behind those on which SQLite has its own locks (1 GiB and 512 bytes from there). */
#define LOCK_BYTE ((off_t)0x40000000 + 65536)

static int lock(struct store *store, short kind, char *complaint)
{
	struct flock byte = {
		.l_type = kind, .l_whence = SEEK_SET, .l_start = LOCK_BYTE, .l_len = 1
	};

	if (!fcntl(store->lock, F_OFD_SETLK, &byte))
		return 0;
	return store_complain(complaint, -EBUSY,
		"%s: another hupstorm is writing to it, and one of them is of another "
		"version; wait for it, or name another with --store",
		store->path);
}

/*
 * Writers take turns by SQLite's own locks, a transaction each, and share this one. Who brings the tables to a newer
 * version is alone. The kernel drops the lock when its holder ends, however it ends.
 *
 * Not flock(2): on network file systems that is a lock of the whole file of the kind that SQLite takes, and the two
 * would wait for each other. This one belongs to the descriptor. SQLite's belong to the process, and closing any
 * descriptor of the file drops them: so this one stays open until the database is closed.
 */
static int take_lock(struct store *store, char *complaint)
{
	store->lock = open(store->path, O_RDWR | O_CREAT | O_CLOEXEC, 0666);
	if (store->lock < 0)
		return store_complain(complaint, -errno,
			"%s: cannot open it for writing: %s", store->path,
			strerror(errno));
	return lock(store, F_RDLCK, complaint);
}

static int upgrade_alone(struct store *store, char *complaint)
{
	int error = lock(store, F_WRLCK, complaint);

	if (!error)
		error = upgrade(store, complaint);
	return error ? error : lock(store, F_RDLCK, complaint);
}

/* Of one moment, for another process may be setting it up. */
static int read_identity(
	struct store *store, int64_t *application, int64_t *objects, char *complaint)
{
	struct statement s;
	int code, error = statement_prepare(&s, store,
			  "SELECT application_id, user_version, (SELECT count(*) FROM "
			  "sqlite_master)"
			  " FROM pragma_application_id, pragma_user_version",
			  complaint);

	if (error)
		return error;
	code = sqlite3_step(s.sql);
	*application = sqlite3_column_int64(s.sql, 0);
	store->version = sqlite3_column_int64(s.sql, 1);
	*objects = sqlite3_column_int64(s.sql, 2);
	sqlite3_finalize(s.sql);
	return code == SQLITE_ROW ? 0
				  : store_complain_of_sqlite(store, "read it", complaint);
}

static int check_schema(struct store *store, enum store_mode mode, char *complaint)
{
	int64_t application, objects;

	if (read_identity(store, &application, &objects, complaint))
		return -EMEDIUMTYPE;
	if (!application && !objects && mode == STORE_WRITE)
		return upgrade(store, complaint);
	if (application != APPLICATION_ID)
		return store_complain(complaint, -EMEDIUMTYPE,
			"%s: an SQLite file of another program; expected a store of "
			"hupstorm",
			store->path);
	if (store->version < 1 || store->version > SCHEMA_VERSION)
		return store_complain(complaint, -EMEDIUMTYPE,
			"%s: a store of schema version %lld; this hupstorm reads "
			"versions 1 to %d",
			store->path, (long long)store->version, SCHEMA_VERSION);
	if (mode == STORE_WRITE && store->version < SCHEMA_VERSION)
		return upgrade_alone(store, complaint);
	return 0;
}

static int open_database(struct store *store, enum store_mode mode, char *complaint)
{
	int flags = mode == STORE_WRITE ? SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE
					: SQLITE_OPEN_READONLY;

	flags |= SQLITE_OPEN_NOMUTEX;
	if (sqlite3_open_v2(store->path, &store->db, flags, NULL) != SQLITE_OK)
		return store_complain_of_sqlite(store, "open it", complaint);
	sqlite3_busy_timeout(store->db, PATIENCE_MS);
	return 0;
}

static int set_up_open(struct store *store, enum store_mode mode, char *complaint)
{
	int error = open_database(store, mode, complaint);

	if (!error)
		error = check_schema(store, mode, complaint);
	if (!error && mode == STORE_WRITE)
		error = store_execute(store,
			"PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL;"
			"PRAGMA foreign_keys=ON;",
			"set it up", complaint);
	return error;
}

/* A new store is made beside its place and put there as a whole, so that however many make it at once,
 * each finds none or one that is ready. Where the file system cannot do that it is made in place. */
static void make_beside(const struct store *store)
{
	char unheard[COMPLAINT_SIZE];
	struct store new = { .lock = -1 };
	char *path = sqlite3_mprintf("%s.new-%ld", store->path, (long)getpid());
	int error;

	if (!path)
		return;
	new.path = path;
	error = set_up_open(&new, STORE_WRITE, unheard);
	sqlite3_close(new.db);
	if (!error)
		renameat2(AT_FDCWD, path, AT_FDCWD, store->path, RENAME_NOREPLACE);
	unlink(path);
	sqlite3_free(path);
}

static int set_up(struct store *store, enum store_mode mode, char *complaint)
{
	int error = 0;

	if (mode == STORE_WRITE) {
		if (access(store->path, F_OK))
			make_beside(store);
		error = take_lock(store, complaint);
	}
	return error ? error : set_up_open(store, mode, complaint);
}

static int check_path(const char *path, enum store_mode mode, char *complaint)
{
	struct stat status;

	if (!*path)
		return store_complain(
			complaint, -EINVAL, "--store: expected the name of a file");
	if (stat(path, &status)) {
		if (mode == STORE_READ || errno != ENOENT)
			return store_complain(
				complaint, -errno, "%s: %s", path, strerror(errno));
		return 0;
	}
	if (!S_ISREG(status.st_mode))
		return store_complain(complaint, -EMEDIUMTYPE,
			"%s: not a regular file; expected a store of hupstorm", path);
	if (mode == STORE_READ && !status.st_size)
		return store_complain(complaint, -EMEDIUMTYPE,
			"%s: an empty file; expected a store of hupstorm", path);
	return 0;
}

int store_open(
	struct store **out, const char *path, enum store_mode mode, char *complaint)
{
	struct store *store;
	int error = check_path(path, mode, complaint);

	if (error)
		return error;
	store = calloc(1, sizeof *store);
	if (store)
		store->path = strdup(path);
	if (!store || !store->path) {
		free(store);
		return store_complain(complaint, -ENOMEM, "%s: no memory", path);
	}
	store->lock = -1;
	error = set_up(store, mode, complaint);
	if (error) {
		store_close(store);
		return error;
	}
	*out = store;
	return 0;
}

void store_close(struct store *store)
{
	if (!store)
		return;
	sqlite3_close(store->db);
	if (store->lock >= 0)
		close(store->lock);
	free(store->path);
	free(store);
}

int statement_prepare(
	struct statement *s, struct store *store, const char *sql, char *complaint)
{
	*s = (struct statement){ .store = store, .next = 1 };
	if (sqlite3_prepare_v2(store->db, sql, -1, &s->sql, NULL) == SQLITE_OK)
		return 0;
	return store_complain_of_sqlite(store, "use it", complaint);
}
