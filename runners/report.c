/* SPDX-License-Identifier: BSD-2-Clause */
/* hupstorm report: the matrix of a run that is in the store. */
#include "commands.h"

#include "display.h"
#include "pager.h"
#include "report_compare.h"
#include "report_history.h"
#include "report_options.h"
#include "report_page.h"
#include "results/formats.h"
#include "results/known.h"
#include "results/store.h"
#include "results/text_report.h"

#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct request {
	struct report_options options;
	struct store *store;
	struct known *known;	   /* NULL: there are no rules */
	struct matrix_style style; /* of the terminal, if there is one */
	char complaint[COMPLAINT_SIZE];
};

static int complain_of(const struct request *r)
{
	return complain("%s", r->complaint);
}

static void report_plain(
	FILE *out, const struct run *run, const struct matrix_style *style)
{
	char *text = report_text(run, style);

	if (text)
		fputs(text, out);
	else
		complain("no memory for the report");
	free(text);
}

static int write_report(struct request *r, struct run *run)
{
	switch (r->options.format) {
	case FORMAT_MARKDOWN:
		report_markdown(stdout, run);
		return 0;
	case FORMAT_JSON:
		report_json(stdout, run);
		return 0;
	case FORMAT_JUNIT:
		report_junit(stdout, run);
		return 0;
	case FORMAT_TAP:
		report_tap(stdout, run);
		return 0;
	case FORMAT_HTML:
		return report_page(r->store, r->options.path, run, r->known);
	default:
		report_plain(stdout, run, &r->style);
		return 0;
	}
}

static int end_report(int status)
{
	if (fflush(stdout) || ferror(stdout))
		return complain("cannot write the report: %s", strerror(errno));
	return status;
}

static int print_run(struct request *r, struct run *run)
{
	int status = write_report(r, run);

	if (status)
		return status;
	return end_report(run_standing(run, STANDING_UNEXPECTED) ? STATUS_UNEXPECTED
								 : STATUS_EXPECTED);
}

/* True if cells that are alike need not be told from each other, as they have to be in formats for programs;
 * and for rules, which may ask for words in which they differ. */
static bool is_folded(const struct request *r)
{
	return !r->known &&
	       (r->options.format == FORMAT_TEXT || r->options.format == FORMAT_MARKDOWN);
}

/* The cells that are asked for. */
static int load(struct request *r, int64_t id, bool folded, struct run **run)
{
	int error = (folded ? store_load_folded : store_load)(
		r->store, id, run, r->complaint);

	if (error || !selection_is_of_cells(&r->options.selection))
		return error ? complain_of(r) : 0;
	if (run_narrow(*run, &r->options.selection))
		error = complain("no memory for the report");
	else if (!(*run)->count)
		error = complain("run %" PRId64
				 " has no such cell: expected --case, --subject, "
				 "--fault and --placement to fit one",
			(*run)->info.id);
	if (error)
		run_free(*run);
	return error;
}

static int print_comparison(struct request *r, struct run *now)
{
	int64_t id = (int64_t)r->options.compare;
	struct run *before;
	int status, error = 0;

	if (id == now->info.id)
		return complain("--compare %" PRId64
				": expected another run than the one that is shown",
			id);
	if (load(r, id, true, &before))
		return STATUS_ENVIRONMENT;
	status = print_run(r, now);
	if (status != STATUS_ENVIRONMENT)
		error = report_compare(r->store, before, now, r->complaint);
	run_free(before);
	return error ? complain_of(r) : status;
}

static int read_known(struct request *r)
{
	const char *path = r->options.known_path;
	FILE *file;

	if (!path)
		return 0;
	file = fopen(path, "re");
	if (!file)
		return complain("--known '%s': %s", path, strerror(errno));
	r->known = known_read(file, path, r->complaint);
	fclose(file);
	return r->known ? 0 : complain_of(r);
}

/* By what all runs up to this one say of the rules. */
static int apply_known(struct request *r, struct run *run)
{
	struct run *earlier;
	int64_t *ids;
	size_t count;
	int error;

	if (store_runs(r->store, &ids, &count, r->complaint))
		return complain_of(r);
	error = 0;
	for (size_t i = 0; i < count && ids[i] < run->info.id && !error; i++) {
		error = store_load(r->store, ids[i], &earlier, r->complaint);
		if (error)
			break;
		known_learn(r->known, earlier);
		run_free(earlier);
	}
	free(ids);
	if (error)
		return complain_of(r);
	known_apply(r->known, run);
	return 0;
}

/* The last run that is selected. */
static int find_run(struct request *r, int64_t *id)
{
	struct run_info info;
	int64_t *ids;
	size_t count;
	int error = store_runs(r->store, &ids, &count, r->complaint);

	*id = 0;
	for (size_t i = error ? 0 : count; i-- > 0 && !error && !*id;) {
		error = store_info(r->store, ids[i], &info, r->complaint);
		if (!error && selection_has_run(&r->options.selection, &info))
			*id = ids[i];
	}
	if (!error)
		free(ids);
	if (error)
		return complain_of(r);
	if (!*id && count)
		return complain("%s: it has no such run: expected --builder, --since and "
				"--until to fit one",
			r->options.path);
	return 0;
}

static int report_run(struct request *r)
{
	int64_t id = (int64_t)r->options.run;
	struct run *run;
	int status = id ? 0 : find_run(r, &id);

	if (status)
		return status;
	status = load(r, id, is_folded(r), &run);
	if (status)
		return status;
	/* The page does that itself, for it tells of the runs before, too. */
	if (r->known && r->options.format != FORMAT_HTML)
		status = apply_known(r, run);
	if (!status)
		status =
			r->options.compare ? print_comparison(r, run) : print_run(r, run);
	if (r->known && r->options.format == FORMAT_TEXT)
		known_write(r->known, stdout);
	run_free(run);
	return status;
}

static int print_history(struct request *r)
{
	if (report_history(r->store, (int64_t)r->options.run, &r->options.selection,
		    r->options.format == FORMAT_JSON, r->complaint))
		return complain_of(r);
	return end_report(STATUS_EXPECTED);
}

static int print_sides(struct request *r)
{
	if (report_sides(r->store, (int64_t)r->options.run, &r->options.selection,
		    r->options.format == FORMAT_JSON, (unsigned)r->style.width,
		    r->complaint))
		return complain_of(r);
	return end_report(STATUS_EXPECTED);
}

static int print_paged(struct request *r)
{
	struct pager pager = { 0 };
	int status;

	r->style = display_style();
	if (r->options.format == FORMAT_TEXT)
		pager_begin(&pager);
	status = r->options.history    ? print_history(r)
		 : r->options.builders ? print_sides(r)
				       : report_run(r);
	pager_end(&pager);
	return status;
}

static int report(struct request *r)
{
	int status;

	if (store_open(&r->store, r->options.path, STORE_READ, r->complaint))
		return complain_of(r);
	status = r->options.site ? report_site(r->store, r->options.path, r->options.site,
					   r->known)
				 : print_paged(r);
	store_close(r->store);
	return status;
}

int command_report(int argc, char **argv)
{
	struct request request = { 0 };
	int status = report_options_read(&request.options, argc, argv);

	if (status || request.options.help)
		return status;
	status = read_known(&request);
	if (!status)
		status = report(&request);
	known_free(request.known);
	return status;
}
