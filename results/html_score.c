/* SPDX-License-Identifier: BSD-2-Clause */
/* The score of the harness: how soon it sees the faults that are put back, and each of them. */
#include "html_inside.h"

#include "again.h"
#include "score.h"
#include "score_groups.h"
#include "statistics.h"

#include <inttypes.h>
#include <math.h>
#include <stdlib.h>

enum { LEFT = 52, TOP = 10, WIDTH = 620, HEIGHT = 130 };

/* The share that is seen by a time, over the logarithm of it. */
struct plot {
	FILE *out;
	double from, to; /* seconds: powers of ten */
};

static double x_of(const struct plot *p, double time)
{
	double part = log10(fmax(time, p->from) / p->from) / log10(p->to / p->from);

	return LEFT + WIDTH * fmin(part, 1);
}

static double y_of(double unseen)
{
	return TOP + HEIGHT * unseen;
}

static void write_axis(const struct plot *p)
{
	for (int percent = 0; percent <= 100; percent += 25)
		fprintf(p->out,
			"<path class=\"grid\" d=\"M%d %.1fh%d\"/><text x=\"%d\" "
			"y=\"%.1f\" text-anchor=\"end\">%d %%</text>",
			LEFT, y_of(1 - percent / 100.0), WIDTH, LEFT - 6,
			y_of(1 - percent / 100.0) + 4, percent);
	for (double time = p->from; time < p->to * 1.01; time *= 10)
		fprintf(p->out,
			"<text x=\"%.1f\" y=\"%d\" text-anchor=\"middle\">%g s</text>",
			x_of(p, time), TOP + HEIGHT + 17, time);
}

/* Steps, from time 0 on: each goes on until the next. */
static void write_steps(const struct plot *p, const struct survival_step *steps,
	size_t count, double end, bool high)
{
	for (size_t i = 0; i < count; i++)
		fprintf(p->out, "H%.1fV%.1f", x_of(p, steps[i].time),
			y_of(high ? steps[i].high : steps[i].unseen));
	fprintf(p->out, "H%.1f", x_of(p, end));
}

/* There and back: along the upper bounds, and along the lower ones. */
static void write_band(const struct plot *p, const struct survival_step *steps,
	size_t count, double end, const char *class)
{
	fprintf(p->out, "<path class=\"area %s\" d=\"M%.1f %.1f", class, (double)LEFT,
		y_of(1));
	write_steps(p, steps, count, end, true);
	for (size_t i = count; i-- > 0;)
		fprintf(p->out, "V%.1fH%.1f", y_of(steps[i].low), x_of(p, steps[i].time));
	fprintf(p->out, "V%.1fZ\"/>", y_of(1));
}

static void write_curve(
	const struct plot *p, const struct score_times *times, const char *class)
{
	struct survival_step *steps = calloc(times->count + 1, sizeof *steps);
	size_t count = steps ? survival_curve(times->at, times->count, steps) : 0;

	if (count) {
		write_band(p, steps, count, times->longest, class);
		fprintf(p->out, "<path class=\"curve %s\" d=\"M%.1f %.1f", class,
			(double)LEFT, y_of(1));
		write_steps(p, steps, count, times->longest, false);
		fputs("\"/>", p->out);
	}
	free(steps);
}

static struct plot plot_of(
	FILE *out, const struct score_times *hangs, const struct score_times *others)
{
	struct plot plot = { out, 1, 1 };
	const struct score_times *both[] = { hangs, others };

	for (size_t k = 0; k < 2; k++) {
		for (size_t i = 0; i < both[k]->count; i++)
			plot.from = fmin(plot.from, both[k]->at[i].time);
		plot.to = fmax(plot.to, both[k]->longest);
	}
	plot.from = pow(10, floor(log10(fmax(plot.from, 1e-3))));
	plot.to = pow(10, ceil(log10(fmax(plot.to, 1.01))));
	return plot;
}

static void write_summary(FILE *out, const char *what, const struct score_times *times)
{
	double median, worst;

	if (!times->seen)
		return;
	median = survival_quantile(times->at, times->count, 0.5);
	worst = survival_quantile(times->at, times->count, 0.99);
	fprintf(out, " %s: %zu times, median %s%.2f s, 99 %% %swithin %.2f s.", what,
		times->seen, isinf(median) ? "over " : "", fmin(median, times->longest),
		isinf(worst) ? "not " : "", fmin(worst, times->longest));
}

static void write_plot(
	FILE *out, const struct score_times *hangs, const struct score_times *others)
{
	const struct plot plot = plot_of(out, hangs, others);

	fprintf(out,
		"<figure id=\"detection\"><figcaption>The share of faults that are seen "
		"within a time (Kaplan and Meier), and where it may be (95 %% at each "
		"time).%s%s",
		hangs->seen ? " <span class=\"tag hangs\">hangs</span>" : "",
		others->seen ? "<span class=\"tag others\">all others</span>" : "");
	write_summary(out, "Hangs", hangs);
	write_summary(out, "All others", others);
	fprintf(out,
		"</figcaption><div class=\"plot\"><svg class=\"chart\" role=\"img\" "
		"viewBox=\"0 0 %d %d\" aria-label=\"Time to detection; it is in the "
		"table "
		"below\">",
		LEFT + WIDTH + 20, TOP + HEIGHT + 24);
	write_axis(&plot);
	write_curve(&plot, others, "others");
	write_curve(&plot, hangs, "hangs");
	fputs("</svg></div></figure>\n", out);
}

static void write_detection(
	const struct html *h, const struct score_group *groups, size_t count)
{
	struct score_times hangs, others;

	if (score_times(h->page->run, groups, count, true, &hangs) &&
		score_times(h->page->run, groups, count, false, &others)) {
		if (hangs.seen || others.seen)
			write_plot(h->out, &hangs, &others);
		free(others.at);
	}
	free(hangs.at);
}

static void write_hazard(
	const struct html *h, const struct score_group *groups, size_t count)
{
	struct shape shape;

	if (!score_hazard(h->page->run, groups, count, &shape))
		return;
	fprintf(h->out,
		"<p>The hazard by cycles: Weibull shape %.2f (95 %%: %.2f to "
		"%.2f)%s</p>\n",
		shape.estimate, shape.low, shape.high,
		shape.high < 1	? ": it falls, so that shorter cells find more."
		: shape.low > 1 ? ": it rises, so that longer cells find more."
				: ".");
}

static void write_time(FILE *out, double seconds, double longest)
{
	fprintf(out, "<td class=\"number\">%s%.2f s</td>", isinf(seconds) ? "&gt; " : "",
		isinf(seconds) ? longest : seconds);
}

static void write_times(FILE *out, const struct score_group *g)
{
	if (!g->seen) {
		fprintf(out,
			"<td colspan=\"3\">seen in &lt; %.0f %% of such cells (95 "
			"%%)</td>",
			ceil(100 * binomial_upper(0, g->tried, 0.95)));
		return;
	}
	write_time(out, g->median, g->longest);
	write_time(out, g->worst, g->longest);
	fprintf(out, "<td class=\"number\">%" PRIu64 "</td>", g->cycles);
}

/* Of one that was not seen; nothing is expected of a control. */
static const char *tag_of_unseen(const struct score_group *g)
{
	if (score_is_control(g->cell))
		return "unsure\">not seen";
	return score_resists(g) ? "unsure\">resists" : "bad\">! survived";
}

static void write_how(FILE *out, const struct score_group *g)
{
	const struct cell *cell = g->cell;

	if (g->seen)
		fprintf(out, "<td><span class=\"tag expected\">%s</span></td><td>",
			verdict_name(score_usual_verdict(g)));
	else
		fprintf(out, "<td><span class=\"tag %s</span></td><td>",
			tag_of_unseen(g));
	html_text(out, cell->case_name);
	fputs(*cell->noise ? ", noise " : "", out);
	html_text(out, cell->noise);
	fputs(*cell->perturbation ? ", at system calls " : "", out);
	html_text(out, cell->perturbation);
	fputs(score_is_control(cell) ? " (control: without noise)" : "", out);
	fputs("</td>", out);
}

static void write_group(FILE *out, const struct score_group *g)
{
	char command[COMMAND_SIZE];

	cell_command(g->cell, g->outcome, command, sizeof command);
	fputs("<tr><th scope=\"row\" title=\"", out);
	html_text(out, command);
	fputs("\">", out);
	html_text(out, g->cell->faults);
	fputs("</th>", out);
	write_how(out, g);
	fprintf(out, "<td class=\"number\">%zu / %zu</td>", g->seen, g->tried);
	write_times(out, g);
	fputs("</tr>\n", out);
}

static void write_groups(FILE *out, const struct score_group *groups, size_t count)
{
	fputs("<details><summary>Each fault</summary><div class=\"scroll\"><table "
	      "id=\"faults\"><thead><tr><th scope=\"col\">fault</th><th "
	      "scope=\"col\">seen as</th><th scope=\"col\">in</th><th scope=\"col\" "
	      "class=\"number\">times</th><th scope=\"col\" "
	      "class=\"number\">median</th><th "
	      "scope=\"col\" class=\"number\">99 %</th><th scope=\"col\" "
	      "class=\"number\">cycles</th></tr></thead><tbody>\n",
		out);
	for (size_t i = 0; i < count; i++)
		if (groups[i].tried)
			write_group(out, &groups[i]);
	fputs("</tbody></table></div></details>\n", out);
}

void html_score(const struct html *h)
{
	size_t count = 0;
	struct score_group *groups = score_groups(h->page->run, &count);
	struct score_sums sums;

	if (groups && count) {
		sums = score_sum(groups, count);
		fprintf(h->out,
			"<h2 id=\"score\">What the harness would have "
			"caught</h2>\n<p>Known "
			"faults, put back: <b>%zu of %zu</b> seen",
			sums.seen, sums.seen + sums.survived);
		if (sums.untried)
			fprintf(h->out, ", %zu not tried", sums.untried);
		fputs(".</p>\n", h->out);
		write_detection(h, groups, count);
		write_hazard(h, groups, count);
		write_groups(h->out, groups, count);
	}
	free(groups);
}
