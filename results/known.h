/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Known failures: rules in a file, of which the first that fits a failure makes it an expected one.
 *
 *	# a comment
 *	known go#44193 <- case=hup-broadcast & fault=seed & verdict=crash
 *	known musl-wakeup <- subject=cooperative & reason~not reached
 *
 * KEY=VALUE is the whole value, KEY~WORDS a part of it; keys are case, subject, fault, placement, target,
 * verdict, reason and architecture.
 *
 * A rule expires by probability: once so much has run since its failure was last seen that it is there with
 * less than 5 % (still_there in statistics.h), it makes nothing expected any more.
 */
#ifndef HUPSTORM_RESULTS_KNOWN_H
#define HUPSTORM_RESULTS_KNOWN_H

#include "store.h"

#include <stdio.h>

struct known;

/* Read the rules; `name` is what the file is called in complaints. NULL with one line in `complaint`
 * (COMPLAINT_SIZE bytes) that names the line. */
struct known *known_read(FILE *in, const char *name, char *complaint);
void known_free(struct known *known);

/* An earlier run, from the oldest on: what its cells say of each rule. */
void known_learn(struct known *known, const struct run *run);

/* Make the failures of this run that are known expected ones, with the rule's name behind the reason. It
 * is learnt from, too. */
void known_apply(struct known *known, struct run *run);

/* A line for each rule: how often it fitted; which never did, and which have expired. */
void known_write(const struct known *known, FILE *out);

#endif
