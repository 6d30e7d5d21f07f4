/* SPDX-License-Identifier: BSD-2-Clause */
#include "display.h"

#include "parse.h"

#include "stress/os.h"

#include <inttypes.h>
#include <langinfo.h>
#include <locale.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

enum { BAR_WIDTH = 30 };

static bool has_colors(void)
{
	const char *no_color = getenv("NO_COLOR"), *term = getenv("TERM");

	return !(no_color && *no_color) && term && strcmp(term, "dumb") != 0;
}

static size_t columns_told(void)
{
	const char *told = getenv("COLUMNS");
	uint64_t columns;

	return told && parse_number(told, 1, 10000, &columns) ? (size_t)columns : 0;
}

struct matrix_style display_style(void)
{
	struct matrix_style style = { .width = columns_told() };
	struct winsize size;

	if (!isatty(STDOUT_FILENO))
		return style;
	style.color = has_colors();
	setlocale(LC_CTYPE, "");
	style.unicode = !strcmp(nl_langinfo(CODESET), "UTF-8");
	setlocale(LC_CTYPE, "C");
	if (!ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) && size.ws_col)
		style.width = size.ws_col;
	return style;
}

void display_begin(
	struct display *display, const struct run *run, const char *const *absent)
{
	const char *term = getenv("TERM");

	*display = (struct display){
		.run = run,
		.style = display_style(),
		.live = isatty(STDOUT_FILENO) && term && strcmp(term, "dumb") != 0,
		.began = os_now(),
	};
	display->style.absent = absent;
}

static void erase(struct display *display)
{
	if (display->lines)
		printf("\033[%uA\r\033[J", display->lines);
	display->lines = 0;
}

static unsigned terminal_rows(void)
{
	struct winsize size;

	return ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) ? 24 : size.ws_row;
}

static unsigned count_lines(const char *text)
{
	unsigned lines = 0;

	while ((text = strchr(text, '\n'))) {
		lines++;
		text++;
	}
	return lines;
}

/* The time that the rest will take if it goes on like this. */
static uint64_t time_left(const struct display *display)
{
	uint64_t passed = os_now() - display->began;

	if (!display->done)
		return 0;
	return passed / display->done * (display->run->count - display->done);
}

static void write_bar(const struct display *display)
{
	size_t total = display->run->count;
	int filled = total ? (int)(display->done * BAR_WIDTH / total) : 0;
	uint64_t left = (time_left(display) + OS_SECOND / 2) / OS_SECOND;
	char bar[BAR_WIDTH + 1];

	memset(bar, '.', BAR_WIDTH);
	memset(bar, '#', (size_t)filled);
	bar[BAR_WIDTH] = '\0';
	printf("[%s] %zu of %zu cells, about %" PRIu64 ":%02" PRIu64 " left\n", bar,
		display->done, total, left / 60, left % 60);
}

/* What does not fit on the screen cannot be taken back. */
static void write_matrix(struct display *display)
{
	char *table = NULL;
	size_t size;
	FILE *memory = open_memstream(&table, &size);

	if (!memory)
		return;
	matrix_write(memory, display->run, &display->style);
	if (!fclose(memory) && count_lines(table) + 2 < terminal_rows()) {
		fputs(table, stdout);
		display->lines += count_lines(table);
	}
	free(table);
}

static void draw(struct display *display)
{
	erase(display);
	write_matrix(display);
	write_bar(display);
	display->lines++;
	fflush(stdout);
}

static void write_line(const struct display *display, size_t number)
{
	const struct cell *cell = &display->run->cells[number];
	const struct outcome *outcome = &display->run->outcomes[number];
	int width = snprintf(NULL, 0, "%zu", display->run->count);

	if (cell->engine == ENGINE_EXECUTED) {
		printf("%*zu/%zu %s, %s, %s: %s, %.2f s%s%s\n", width, display->done,
			display->run->count, cell->case_name, cell->subject,
			cell->placement, verdict_name(outcome->verdict),
			(double)outcome->wall / 1e9, *outcome->reason ? ": " : "",
			outcome->reason);
		fflush(stdout);
		return;
	}
	printf("%*zu/%zu %s, %s%s%s, %s, %u slots, coordinator %s, to %s%s%s%s%s%s: %s, "
	       "%" PRIu64 " cycles, %.2f s%s%s\n",
		width, display->done, display->run->count, cell->case_name, cell->subject,
		*cell->faults ? " + " : "", cell->faults, cell->placement, cell->slots,
		cell->coordinator_on_leader ? "leader" : "thread", cell->target,
		cell->nudge ? ", nudges" : "", *cell->noise ? ", noise " : "",
		cell->noise, *cell->perturbation ? ", perturbed at " : "",
		cell->perturbation, verdict_name(outcome->verdict), outcome->cycles,
		(double)outcome->wall / 1e9, *outcome->reason ? ": " : "",
		outcome->reason);
	fflush(stdout);
}

void display_outcome(struct display *display, size_t number)
{
	display->done++;
	if (!display->live)
		write_line(display, number);
}

void display_tick(struct display *display)
{
	if (display->live)
		draw(display);
}

void display_end(struct display *display)
{
	erase(display);
	if (!display->live)
		putchar('\n');
	fflush(stdout);
}
