/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * How a world ends that broke one of its own invariants.
 *
 * May be called anywhere, in a handler too. It blocks all signals, takes no lock, says in
 * one write(2) to standard error which thread found what, and ends the process: a crash
 * report that waits for a lock is a hang (golang/go#44193, the last of the ways in which
 * its fix fails).
 */
#ifndef HUPSTORM_STRESS_DIE_H
#define HUPSTORM_STRESS_DIE_H

/* Ends with SIGABRT. Formats as in text.h. */
_Noreturn void die(const char *format, ...) __attribute__((format(printf, 1, 2)));

#endif
