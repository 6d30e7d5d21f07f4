/* SPDX-License-Identifier: BSD-2-Clause */
/* The commands of the program. Each takes the arguments from its own name on and returns
 * the exit status. */
#ifndef HUPSTORM_RUNNERS_COMMANDS_H
#define HUPSTORM_RUNNERS_COMMANDS_H

/* Exit statuses: all as expected; something was not; usage or environment. */
enum { STATUS_EXPECTED = 0, STATUS_UNEXPECTED = 1, STATUS_ENVIRONMENT = 2 };

int command_builders(int argc, char **argv);
int command_nightly(int argc, char **argv);
int command_run(int argc, char **argv);
int command_exec(int argc, char **argv);
int command_list(int argc, char **argv);
int command_export(int argc, char **argv);
int command_import(int argc, char **argv);
int command_merge(int argc, char **argv);
int command_hunt(int argc, char **argv);
int command_minimise(int argc, char **argv);
int command_power(int argc, char **argv);
int command_report(int argc, char **argv);
int command_rerun(int argc, char **argv);
int command_show(int argc, char **argv);
/* `list placements`: from "placements" on. */
int list_placements(int argc, char **argv);
/* Replaces the process: argv[-1] is there too. */
int command_explore(int argc, char **argv);

/* "hupstorm: ..." on standard error; returns STATUS_ENVIRONMENT. */
int complain(const char *format, ...) __attribute__((format(printf, 1, 2)));

#endif
