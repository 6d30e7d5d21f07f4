/* SPDX-License-Identifier: BSD-2-Clause */
/* Failures over all runs, each once: since when, until when, and whether it is still there. */
#include "html_inside.h"

#include <inttypes.h>

/* So many of them in the page of a run; all have pages of their own on a site. */
enum { SHOWN = 40 };

static const char *tag_of(const struct cluster *cluster)
{
	return cluster->standing == STANDING_UNEXPECTED ? "bad" : "expected";
}

void html_cluster_name(const struct html *h, const struct cluster *cluster)
{
	char file[CLUSTER_FILE_SIZE];

	fprintf(h->out, "<span class=\"tag %s\">%s</span>", tag_of(cluster),
		verdict_name(cluster->outcome.verdict));
	if (h->page->site)
		fprintf(h->out, "<a href=\"%s\">", cluster_file(cluster, file));
	html_text(h->out, cluster->cell.case_name);
	fputs(", ", h->out);
	html_subject(h->out, &cluster->cell);
	fputs(h->page->site ? "</a>" : "", h->out);
}

static void write_sighting(const struct html *h, const struct sighting *seen)
{
	fprintf(h->out, "<td>run %" PRId64 "<br><span class=\"soft\">", seen->run);
	html_time(h->out, seen->started);
	fputs("</span></td>", h->out);
}

static void write_cluster(const struct html *h, const struct cluster *cluster)
{
	fputs("<tr><th scope=\"row\">", h->out);
	html_cluster_name(h, cluster);
	fputs("<br><span class=\"soft reason\">", h->out);
	html_text(h->out, cluster->outcome.reason);
	html_anchor(h->out, &cluster->outcome);
	fputs("</span></th>", h->out);
	write_sighting(h, &cluster->seen[0]);
	write_sighting(h, &cluster->seen[cluster->count - 1]);
	fprintf(h->out, "<td class=\"number\">%zu</td><td class=\"number\">",
		cluster->count);
	html_percent(h->out, cluster_still(cluster));
	fputs("</td></tr>\n", h->out);
}

void html_clusters(const struct html *h)
{
	const struct clusters *clusters = h->page->clusters;

	if (!clusters || !clusters->count)
		return;
	fputs("<h2>Failures over all runs</h2>\n<div class=\"scroll\"><table "
	      "id=\"clusters\"><caption>Those alike but for numbers are one. The last "
	      "column: the "
	      "probability that it is still there, by how much was run since without "
	      "it.</caption><thead><tr><th scope=\"col\">failure</th><th "
	      "scope=\"col\">first seen</th><th scope=\"col\">last seen</th><th "
	      "scope=\"col\" class=\"number\">runs</th><th scope=\"col\" "
	      "class=\"number\">still "
	      "there</th></tr></thead><tbody>\n",
		h->out);
	for (size_t i = 0; i < clusters->count && i < SHOWN; i++)
		write_cluster(h, &clusters->at[i]);
	fputs("</tbody></table></div>\n", h->out);
	if (clusters->count > SHOWN)
		fprintf(h->out,
			"<p class=\"soft\">And %zu more that have not been seen for "
			"longer.</p>\n",
			clusters->count - SHOWN);
}
