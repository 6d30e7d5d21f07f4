/* SPDX-License-Identifier: BSD-2-Clause */
/* What hupstorm report is asked for. */
#ifndef HUPSTORM_RUNNERS_REPORT_OPTIONS_H
#define HUPSTORM_RUNNERS_REPORT_OPTIONS_H

#include "results/select.h"

enum format {
	FORMAT_TEXT,
	FORMAT_MARKDOWN,
	FORMAT_JSON,
	FORMAT_JUNIT,
	FORMAT_TAP,
	FORMAT_HTML,
	FORMAT_COUNT
};

struct report_options {
	const char *path;	/* of the store */
	const char *site;	/* a folder to write; NULL: none */
	const char *known_path; /* of rules; NULL: there are none */
	uint64_t run;		/* 0: the last that is selected */
	uint64_t compare;	/* 0: with none */
	enum format format;
	struct selection selection;
	bool history;  /* of all runs, in place of one */
	bool builders; /* side by side, in place of one run */
	bool help;     /* was asked for, and has been given */
};

/* 0, or STATUS_ENVIRONMENT after a complaint. */
int report_options_read(struct report_options *options, int argc, char **argv);

#endif
