/* SPDX-License-Identifier: BSD-2-Clause */
/* The oracles: what must hold in a storm, by name. */
#ifndef HUPSTORM_STRESS_ORACLES_H
#define HUPSTORM_STRESS_ORACLES_H

/* Those marked with a plus are judged from outside the process; those with a star are
 * fatal checks of the runtime, which end it as a crash. */
enum oracle_id {
	ORACLE_NONE,
	ORACLE_EXACTLY_ONCE,
	ORACLE_ATOMICITY,
	ORACLE_STATE,
	ORACLE_AGREEMENT,
	ORACLE_MASKS,	       /* inside, and + */
	ORACLE_PENDING,	       /* + */
	ORACLE_THREADS,	       /* + */
	ORACLE_NO_LOST_SIGNAL, /* + */
	ORACLE_HANDLER,	       /* + */
	ORACLE_TRACE,
	ORACLE_REFUSAL,
	ORACLE_ORDER,
	ORACLE_STEPS, /* * */
	ORACLE_NOT_INVENTED,
	ORACLE_FULL_CHANNEL,
	ORACLE_SIGNAL_QUEUE,
	ORACLE_DEFAULT_ACTION, /* + */
	ORACLE_HANDLER_CONTEXT,
	ORACLE_LATENCY, /* told, never held against anybody */
	ORACLE_STALL,
	ORACLE_FAR_TIMER,
	ORACLE_WATCHDOG, /* + */
	ORACLE_HANG,	 /* + */
	ORACLE_FAIRNESS,
	ORACLE_TIMERS,
	ORACLE_SUBSCRIPTIONS,
	ORACLE_COUNT
};

struct oracle_info {
	const char *name; /* of one word or three; stays as it is */
	const char
		*numbers;  /* among O1 to O23, the usual list of oracles for such code */
	const char *holds; /* a sentence */
};

/* `oracle` from 1 to ORACLE_COUNT - 1. */
const struct oracle_info *oracle_info(enum oracle_id oracle);

/* The status with which a process ends in which an oracle was broken. */
enum { EXIT_ORACLE = 70 };

/*
 * A storm saw something that must not be: say so in one write(2) to standard error and
 * end the process with EXIT_ORACLE. Formats as in text.h. Any context, handlers too;
 * blocks all signals, takes no lock.
 */
_Noreturn void oracle_broken(enum oracle_id oracle, const char *format, ...)
	__attribute__((format(printf, 2, 3)));

#endif
