/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * results: what was learnt, as plain data.
 *
 * A cell says what is run, an outcome what came of it. They are made by runners, kept by
 * the store and read by the reports; nothing here knows how a cell is run. Times are
 * nanoseconds.
 */
#ifndef HUPSTORM_RESULTS_RESULTS_H
#define HUPSTORM_RESULTS_RESULTS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum verdict {
	VERDICT_MISSING,     /* planned, and not run (yet) */
	VERDICT_PASS,	     /* budget done, every oracle held */
	VERDICT_DEADLOCK,    /* no progress, everybody asleep */
	VERDICT_LIVELOCK,    /* no progress, CPU time advancing */
	VERDICT_LOST_SIGNAL, /* sent, wanted, and never handled */
	VERDICT_ORACLE,	     /* an invariant broke */
	VERDICT_CRASH,	     /* a signal or an abort */
	VERDICT_SLOW,	     /* progress, but under the rate asked for */
	VERDICT_STARVED,     /* runnable but not run: the host's fault */
	VERDICT_INVALID,     /* what ran is not what was asked */
	VERDICT_SKIPPED,     /* cannot run here */
	VERDICT_COUNT
};

/* "pass", "lost-signal", ... */
const char *verdict_name(enum verdict verdict);
/* VERDICT_COUNT if there is none of that name. */
enum verdict verdict_named(const char *name);
/* True for the verdicts that speak against the subject: deadlock to crash. */
bool verdict_is_red(enum verdict verdict);
/* One that does not get on, in whatever way. */
bool verdict_is_hang(enum verdict verdict);
/* True for those that speak neither for nor against it, perhaps for reasons that pass: slow,
 * starved, invalid. */
bool verdict_is_unsure(enum verdict verdict);

enum expectation { EXPECT_GREEN, EXPECT_RED, EXPECT_NOTHING };

enum engine {
	ENGINE_STORM,	 /* real threads and signals */
	ENGINE_EXPLORED, /* the simulated machine, one step at a time */
	ENGINE_EXECUTED, /* a foreign program, by hupstorm exec */
	ENGINE_COUNT
};

/* "storm", "explored", "executed" */
const char *engine_name(enum engine engine);
/* ENGINE_STORM if there is none of that name. */
enum engine engine_named(const char *name);

enum {
	NAME_SIZE = 32,
	PLACEMENT_SIZE = 64,
	FAULTS_SIZE = 256,
	REASON_SIZE = 512,
	WORLD_SIZE = 1024,
	SIGN_SIZE = 96,
	NOISE_SIZE = 96,
	PERTURBATION_SIZE = 1024,
	EVIDENCE_SIZE = 64,
	ANCHOR_SIZE = 64,
	SCHEDULE_SIZE = 4096,
	UID_SIZE = 40,
	BUILD_SIZE = 48
};

#define CYCLES_NO_END (UINT64_C(1) << 40)

struct cell {
	char case_name[NAME_SIZE];
	char subject[NAME_SIZE];
	char faults[FAULTS_SIZE];	/* as fault_print writes them; "" for none */
	char placement[PLACEMENT_SIZE]; /* "NAME", or "FAMILY:WHICH" */
	uint32_t slots;
	uint32_t workers; /* in place of the case's number; 0: the case's */
	bool coordinator_on_leader;
	char target[NAME_SIZE]; /* to whom signals are sent: "process", "rotate", ... */
	bool nudge;		/* safepoints are asked for with SIGURG too */
	char noise[NOISE_SIZE]; /* delays inside the runtime; "" for none */
	char perturbation[PERTURBATION_SIZE]; /* at its system calls; "" for none */
	uint64_t seed;
	uint64_t cycles;     /* at the most; CYCLES_NO_END: until its time is up */
	uint64_t time_limit; /* after which no new cycle begins; 0: none */
	enum expectation expected;
	/* By what a known failure is known: a verdict, or "red" for any red one, and behind
	 * ": " words of the reason, if that is not enough; with a "?" behind the verdict if
	 * it has not been made to fail so far. Cells that have one test the harness, and no subject. */
	char sign[SIGN_SIZE];
	enum engine engine;
	char world[WORLD_SIZE]; /* explored: what and how, as "option=value ...";
				   executed: the options and the command */
};

/* Signals that were sent, handled and received in each phase of the world: idle, being
 * stopped, stopped, in a broadcast, being started. */
enum {
	OVERLAP_PHASES = 5,
	OVERLAP_MOMENTS = 3,
	OVERLAPS = OVERLAP_PHASES * OVERLAP_MOMENTS
};

struct outcome {
	enum verdict verdict;
	/* So many other cells ended alike, and are counted in the numbers below: store_load_folded. */
	uint64_t more;
	char reason[REASON_SIZE]; /* "" for a pass */
	char achieved
		[PLACEMENT_SIZE]; /* the placement that was verified; "" if none was */
	uint64_t cycles, sent, handled, received, stops, broadcasts;
	uint64_t migrations;
	uint32_t threads; /* alive at the end of the cycles */
	uint64_t wall, cpu, run_delay;
	uint64_t overlaps[OVERLAPS];	  /* phase by phase, three moments each */
	uint64_t noise_count, noise_time; /* delays inside: how often, ns */
	/* What was done at system calls: delays, ns of them, calls that were gone before they
	 * were answered, errors. */
	uint64_t perturb_count, perturb_time, perturb_stale, perturb_errors;
	uint64_t states;	      /* explored: of the graph; 0: by chance */
	char extent[NAME_SIZE];	      /* explored: "complete", "within bound 1", ... */
	char schedule[SCHEDULE_SIZE]; /* that fails, for hupstorm replay; or "" */
	char evidence[EVIDENCE_SIZE]; /* its folder in that of the store; or "" */
	/* The function in which whoever runs the cycles waited, when it hung; "" if that is not known. */
	char anchor[ANCHOR_SIZE];
};

/* What a cell and its outcome are to the reader of a matrix. */
enum standing {
	STANDING_AS_EXPECTED,
	STANDING_UNEXPECTED,
	STANDING_NOT_JUDGED,
	STANDING_COUNT
};

/* True if the outcome is the failure by which a known-red cell is known; and the same of its words. */
bool cell_shows_sign(const struct cell *cell, const struct outcome *outcome);
bool sign_is_shown(const char *sign, enum verdict verdict, const char *reason);

/* Not judged: skipped, starved, slow, invalid and missing cells, those of which nothing is
 * expected, and those that have failed in another way than they are known for. */
enum standing cell_standing(const struct cell *cell, const struct outcome *outcome);

struct machine {
	char architecture[NAME_SIZE]; /* as uname -m */
	char kernel[128];
	char processor[128]; /* the CPU's own name */
	char byte_order[NAME_SIZE];
	uint32_t page_size, processing_units, cores, packages, numa_nodes;
	char builder[NAME_SIZE]; /* what the machine is called, among those of a night */
	char libc[NAME_SIZE], compiler[NAME_SIZE]; /* "glibc 2.36", "gcc 12.2.0" */
	char build
		[BUILD_SIZE]; /* the linker's id of this very program; "" if it has none */
	char topology[NAME_SIZE];  /* a hash of its shape; its drawing is in the store */
	uint32_t threads_per_core; /* at the most; 0: not known */
	bool emulated; /* its instructions: never to be pooled with hardware */
};

/* True if what was seen on the one may be pooled with what was seen on the other. */
bool same_hardware(const struct machine *a, const struct machine *b);

struct run_info {
	int64_t id;	    /* in the store */
	char uid[UID_SIZE]; /* of its own wherever it is: set when it begins */
	int64_t started;    /* ns since 1970 */
	int64_t finished;   /* 0: not, or killed */
	uint64_t seed;
	char version[NAME_SIZE];
	char command[512];
	struct machine machine;
};

/* One cell of the score of a folded run: cells[at], and how long it took. */
struct round {
	size_t at;
	uint64_t wall, cycles;
};

/*
 * A run as it was planned and as far as it got: outcomes[i] belongs to cells[i]. In a folded run one of
 * them stands for many; numbers[i] is then the first of them in the run, from 0 on, and rounds are all
 * cells of the score in the order in which they were planned. Otherwise both are NULL.
 */
struct run {
	struct run_info info;
	size_t count;
	struct cell *cells;
	struct outcome *outcomes;
	size_t *numbers;
	struct round *rounds;
	size_t round_count;
};

/* The number in the run of what is at `i`, from 1 on. */
size_t run_number(const struct run *run, size_t i);

/* How many cells of the run are of that standing. */
size_t run_standing(const struct run *run, enum standing standing);

void run_free(struct run *run);

#endif
