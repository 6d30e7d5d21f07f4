/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The simulated machine: virtual threads that run one at a time, and the part of a
 * kernel that the seam (os.h) asks for.
 *
 * Every call of the seam and every access to an os_word is a point. A thread runs from
 * one point to the next in one action, so a schedule is a list of actions, and a schedule
 * can be run again exactly. Three actions are possible on a thread that is at a point:
 *
 *   run		it goes on; if it sleeps, because what it waits for has come
 *   signal	a handler begins on it, on top of what it was doing: a signal that is
 *		pending for it or for the process, and that it does not block. A sleep is
 *		left for that, and taken up again as the kernel restarts the call
 *		(epoll_wait and nanosleep are not: they return -EINTR)
 *   time out	its sleep has a deadline, the earliest of all. The clock stands at that
 *		then; it never moves otherwise. Any thread may be slow, so this is allowed
 *		at any time
 *
 * There are two levels. At the fine one, locks and notes are the runtime's own code over
 * the futex, and every access is a point. At the coarse one to take a lock, to give it
 * back, to post to a note, to sleep on it and to take its events are one step each; and a
 * relaxed access is no point, but happens together with the point before it. That is
 * exact where the word is protected by a lock or is the thread's own, and elsewhere
 * leaves out the orders in which the relaxed access comes late.
 *
 * With abstract time the clock stands still. A thread whose sleep times out sees the
 * clock at its deadline until it next takes a lock, or an event of a note. Any sleep may time out at any time,
 * in any order, but for those of a second or more, which never do. So the states of a
 * machine do not differ in how late it is, and can be finitely many.
 *
 * The quota of pending signals is used up: real-time signals are refused with -EAGAIN.
 *
 * What it does not model: memory that is weaker than sequentially consistent, the choice
 * that the kernel makes of a thread for a process-directed signal (any thread may be
 * chosen here), a futex that is woken out of order, two processors that do two things at
 * once between two points, real-time signals that queue (they are refused), a process that
 * is stopped, other processes and limits; with
 * abstract time, that a thread has run for long.
 */
#ifndef HUPSTORM_STRESS_SIM_MACHINE_H
#define HUPSTORM_STRESS_SIM_MACHINE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum { SIM_THREADS_MAX = 48, SIM_CHOICES_MAX = SIM_THREADS_MAX * 4, SIM_WORDS = 512 };

enum sim_action_kind { SIM_RUN, SIM_SIGNAL, SIM_TIME_OUT };

struct sim_action {
	uint8_t thread;
	uint8_t kind;
	uint8_t signal; /* SIM_SIGNAL only */
	uint8_t yields; /* the thread asked to let others run; ignored by sim_same_action */
};

static inline bool sim_same_action(struct sim_action a, struct sim_action b)
{
	return a.thread == b.thread && a.kind == b.kind && a.signal == b.signal;
}

/* How a schedule ended. */
enum sim_end {
	SIM_DONE,     /* the program returned */
	SIM_ABORTED,  /* os_abort: a fatal check */
	SIM_EXITED,   /* os_exit: an oracle */
	SIM_DEADLOCK, /* no action is possible */
	SIM_CUT,      /* the scheduler would not go on: a suspected livelock */
	SIM_UNOPENED, /* the opening came to no end: a suspected livelock */
};

struct sim_result {
	enum sim_end end;
	uint64_t steps;	       /* actions */
	char words[SIM_WORDS]; /* the last words of the program */
};

/* What a thread is about to do at its point, for those who watch. */
enum sim_operation {
	SIM_OP_START,
	SIM_OP_LOAD,
	SIM_OP_STORE,
	SIM_OP_EXCHANGE,
	SIM_OP_CAS,
	SIM_OP_ADD,
	SIM_OP_BUMP,
	SIM_OP_SUB,
	SIM_OP_OR,
	SIM_OP_AND,
	SIM_OP_FUTEX_WAIT,
	SIM_OP_FUTEX_WAKE,
	SIM_OP_YIELD,
	SIM_OP_MASK,
	SIM_OP_KILL_PROCESS,
	SIM_OP_KILL_THREAD,
	SIM_OP_CREATE,
	SIM_OP_JOIN,
	SIM_OP_POLL,
	SIM_OP_POST,
	SIM_OP_PIPE,
	SIM_OP_ATTRIBUTE,
	SIM_OP_HANDLER_RETURN,
	SIM_OP_LOCK,
	SIM_OP_UNLOCK,
	SIM_OP_NOTE_SLEEP,
	SIM_OP_NOTE_POST,
	SIM_OP_NOTE_TAKE,
	SIM_OP_GATE,
	SIM_OP_SLEEP,
	SIM_OP_COUNT
};

/* At its point: what it is about to do. */
struct sim_point_view {
	enum sim_operation operation;
	const void *word;
	uint32_t value, expected;
	bool sleeps, in_handler;
};

/*
 * Chooses the next action among `count` (at least 1) choices; `current` ran last and may
 * not be among them. Returns the index, or -1 to cut the schedule short. It is called on a virtual thread's stack, of
 * which most is free, and has to return.
 */
struct sim_scheduler {
	int (*choose)(void *context, const struct sim_action *choices, unsigned count,
		unsigned current);
	void *context;
};

/*
 * Words may be of up to 64 classes. An access to a word of a class that is not among
 * `points` is no point: it happens together with the point before it. That is exact as
 * long as each such word is never written, or is only bumped, or is accessed by no more
 * than one thread outside its handlers, or by no more than one thread's handlers: then
 * the access commutes with whatever anybody else does. sim_contended tells whether it was so.
 */
struct sim_config {
	bool coarse;			   /* the level */
	bool abstract_time;		   /* the clock */
	int (*class_of)(const void *word); /* -1: none; NULL: every access is a point */
	uint64_t points;
};

/* The classes with a word that was contended since sim_forget_contention. */
uint64_t sim_contended(void);
void sim_forget_contention(void);

/*
 * Run program(argument) as virtual thread 0 on a machine that has just been switched on,
 * until it ends or cannot go on. One at a time in each process; the program must leave
 * nothing behind but in memory that the next run sets up again. Not async-signal-safe.
 */
void sim_run(void (*program)(void *argument), void *argument,
	const struct sim_config *config, const struct sim_scheduler *scheduler,
	struct sim_result *result);

/* The same from where the machine is now on. */
void sim_go_on(const struct sim_scheduler *scheduler);

/* The machine, which may have ended, is put back as it was before by whoever has taken
 * what it consists of (inside.h); its steps are counted from here on. */
void sim_resume(struct sim_result *result);

/*
 * The same, step by step. sim_begin switches the machine on, with thread 0 about to
 * begin. sim_choices lists what is possible; the list is the machine's. sim_step does one
 * of these, and returns false if the machine has ended. sim_end_now ends it.
 */
void sim_begin(void (*program)(void *argument), void *argument,
	const struct sim_config *config, struct sim_result *result);
unsigned sim_choices(const struct sim_action **choices);
bool sim_step(struct sim_action action);
void sim_end_now(enum sim_end end);

/*
 * An opening: threads wait at the gate, and nothing but plain runs are chosen, the
 * youngest thread first, until nobody can run (sleeps time out before anybody has come to
 * the gate); then the gate opens, and each thread at it
 * goes on to its first point. sim_gate is called by threads of the program, sim_opening
 * after sim_begin; false if the machine has ended, as it does after SIM_OPENING_MAX steps of an opening.
 */
enum { SIM_OPENING_MAX = 256 * 1024 };
void sim_gate(void);
bool sim_opening(void);

/* Nobody is to do that to the word before the machine is open: whoever is about to is left
 * where he is. */
void sim_hold(enum sim_operation operation, const void *word);

/* The end of the program, on any of its threads. */
_Noreturn void sim_done(void);

/* The thread that the last step has made, UINT32_MAX if it made none. */
unsigned sim_made(void);

/* For schedulers: what the thread is about to do. */
struct sim_point_view sim_point_of(unsigned thread);

/* The attribute (os.h) of the thread that runs, without a point. */
bool sim_attribute_seen(void);

/* The thread's record in the runtime, NULL if it has none now. */
struct thread *sim_record_of(unsigned thread);

#endif
