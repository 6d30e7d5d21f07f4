/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The machine, and where on it the threads were put. Drawings are images: whatever is in them cannot run or load
 * anything.
 */
#include "html_inside.h"

#include <stdlib.h>
#include <string.h>

/* So many drawings, and bytes of them: a large machine is drawn large. */
enum { DRAWINGS = 16, DRAWINGS_SIZE = 384 * 1024 };

static bool is_first(const struct run *run, size_t i)
{
	for (size_t k = 0; k < i; k++)
		if (!strcmp(run->cells[k].placement, run->cells[i].placement))
			return false;
	return *run->cells[i].placement;
}

/* As part of an address. Between elements there is nothing to keep. */
static void write_escaped(FILE *out, const char *svg)
{
	for (; *svg; svg++) {
		unsigned char c = (unsigned char)*svg;

		if (strchr("\"#%&<>", c) || c > '~')
			fprintf(out, "%%%02X", c);
		else if (c >= ' ')
			fputc(c, out);
	}
}

static void write_drawing(
	FILE *out, const char *placement, const char *svg, const char *caption)
{
	fputs("<figure><figcaption><b>", out);
	html_text(out, placement);
	fputs("</b> <span class=\"soft\">", out);
	html_text(out, caption);
	fputs("</span></figcaption><img class=\"machine\" loading=\"lazy\" "
	      "alt=\"The machine, with the processing units marked that are named "
	      "above\" "
	      "src=\"data:image/svg+xml,",
		out);
	write_escaped(out, svg);
	fputs("\"></figure>\n", out);
}

static void write_without(FILE *out, const char *placement, const char *why)
{
	fputs("<p><b>", out);
	html_text(out, placement);
	fputs("</b> <span class=\"soft\">", out);
	html_text(out, why);
	fputs("</span></p>\n", out);
}

/* Returns the size of the drawing. */
static size_t write_placement(const struct html *h, const char *placement)
{
	const struct html_page *page = h->page;
	char *caption = NULL;
	char *svg = page->drawing(page->argument, page->run, placement, &caption);
	size_t size = svg ? strlen(svg) : 0;

	if (svg && caption)
		write_drawing(h->out, placement, svg, caption);
	else if (caption)
		write_without(h->out, placement, caption);
	free(svg);
	free(caption);
	return size;
}

void html_topology(const struct html *h)
{
	const struct run *run = h->page->run;
	size_t drawings = 0, size = 0, more = 0;

	if (!h->page->drawing)
		return;
	fputs("<h2>Where the threads were</h2>\n<details id=\"machine\"><summary>The "
	      "machine, and each placement on it</summary><div class=\"charts\">\n",
		h->out);
	for (size_t i = 0; i < run->count; i++) {
		if (!is_first(run, i))
			continue;
		if (drawings++ < DRAWINGS && size < DRAWINGS_SIZE)
			size += write_placement(h, run->cells[i].placement);
		else
			more++;
	}
	fputs("</div>\n", h->out);
	if (more)
		fprintf(h->out,
			"<p class=\"soft\">And %zu placements more: hupstorm list "
			"placements</p>\n",
			more);
	fputs("</details>\n", h->out);
}
