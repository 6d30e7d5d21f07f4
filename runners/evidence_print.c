/* SPDX-License-Identifier: BSD-2-Clause */
/* The evidence as text, for those who read it at night: the answer first. */
#include "evidence.h"

#include "call.h"

#include <inttypes.h>
#include <string.h>

enum { ROWS = 60, OUTPUT_SHOWN = 1500, ALIKE_NAMED = 8 };

/* "12345 3 worker", with the thread's index in the world and its name, if it has them. */
static void print_who(FILE *out, const struct evidence *e, uint32_t tid)
{
	const struct thread_view *view = snapshot_view(&e->after, tid);

	if (view)
		fprintf(out, "thread %" PRIu32 " (%s)", view->index, view->name);
	else
		fprintf(out, "thread %" PRIu32, tid);
}

static void print_waits(FILE *out, const struct evidence *e)
{
	bool cycle = false;

	if (!e->waits.count)
		return;
	fputs("\nWho waits for whom\n", out);
	for (size_t i = 0; i < e->waits.count; i++) {
		const struct wait_edge *edge = &e->waits.edges[i];

		fputs(edge->in_cycle ? "  * " : "    ", out);
		print_who(out, e, edge->tid);
		fprintf(out, " waits for %s at %#" PRIx64 " (%#" PRIx32 ")", edge->what,
			edge->address, edge->value);
		if (edge->owner) {
			fputs(", which has ", out);
			print_who(out, e, edge->owner);
		}
		fputc('\n', out);
		cycle |= edge->in_cycle;
	}
	if (cycle)
		fputs("  * these wait for each other\n", out);
}

static bool same_frames(const struct stack *a, const struct stack *b)
{
	if (a->depth != b->depth)
		return false;
	for (uint32_t i = 0; i < a->depth; i++)
		if (strcmp(a->frames[i].function, b->frames[i].function) != 0 ||
			strcmp(a->frames[i].place, b->frames[i].place) != 0)
			return false;
	return true;
}

static bool is_repetition(const struct stacks *stacks, size_t i)
{
	for (size_t k = 0; k < i; k++)
		if (same_frames(&stacks->stacks[k], &stacks->stacks[i]))
			return true;
	return false;
}

static void print_stack(FILE *out, const struct stack *stack)
{
	for (uint32_t i = 0; i < stack->depth; i++) {
		const struct stack_frame *frame = &stack->frames[i];

		if (*frame->function)
			fprintf(out, "    %s", frame->function);
		else
			fprintf(out, "    %#" PRIx64, frame->pc);
		fprintf(out, "%s%s\n", *frame->place ? "  " : "", frame->place);
	}
}

/* The first few by name. */
static void print_alike(FILE *out, const struct evidence *e, size_t first)
{
	const struct stacks *stacks = &e->stacks;
	size_t alike = 0;

	for (size_t k = first; k < stacks->count; k++) {
		if (!same_frames(&stacks->stacks[first], &stacks->stacks[k]))
			continue;
		if (alike++ >= ALIKE_NAMED)
			continue;
		fputs(k > first ? ", " : "  ", out);
		print_who(out, e, stacks->stacks[k].tid);
	}
	if (alike > ALIKE_NAMED)
		fprintf(out, " and %zu more", alike - ALIKE_NAMED);
	fputc('\n', out);
}

/* Those that are alike once. */
static void print_stacks(FILE *out, const struct evidence *e)
{
	const struct stacks *stacks = &e->stacks;

	if (stacks->count || *stacks->trouble)
		fputs("\nStacks\n", out);
	for (size_t i = 0; i < stacks->count; i++) {
		if (is_repetition(stacks, i))
			continue;
		print_alike(out, e, i);
		print_stack(out, &stacks->stacks[i]);
	}
	if (*stacks->trouble)
		fprintf(out, "  (%s)\n", stacks->trouble);
}

static void print_thread(FILE *out, const struct evidence *e, const struct thread_view *t)
{
	const struct thread_sample *sample = snapshot_thread(&e->after, t->tid);

	fprintf(out, "  %3" PRIu32 " %-12s %-18s", t->index, t->name,
		thread_where_name(t->where));
	if (t->slot < SLOTS_MAX)
		fprintf(out, " slot %-3" PRIu32, t->slot);
	else
		fprintf(out, " no slot ");
	fprintf(out,
		" park %" PRIu32 " fixup %" PRIu32 " mark %" PRIu32 " locks %" PRIu32,
		t->park, t->fixup, t->mark, t->locks);
	if (sample)
		fprintf(out, "  %c pending %" PRIx64 " blocked %" PRIx64, sample->state,
			sample->pending, sample->blocked);
	fprintf(out, "%s%s\n", t->in_handler ? "  in its handler" : "",
		t->awaits_signal ? "  awaits a signal" : "");
}

static void print_world(FILE *out, const struct evidence *e)
{
	const struct world_view *view = &e->after.view;

	if (!e->has_world)
		return;
	fprintf(out,
		"\nThe world: %s, %" PRIu32 " slots not given up, broadcast %" PRIu32
		", signals pending %" PRIx64 " of %" PRIx64 " wanted, receiver %s\n",
		world_phase_name(view->phase), view->stop_wait, view->broadcast,
		view->signals_pending, view->signals_wanted,
		view->receiver_asleep ? "asleep" : "awake");
	for (uint32_t i = 0; i < view->thread_count; i++)
		print_thread(out, e, &view->threads[i]);
}

/* Of a program that has no world: what the kernel says of its threads. */
static void print_kernel(FILE *out, const struct evidence *e)
{
	if (e->has_world || !e->has_after)
		return;
	fputs("\nThreads", out);
	if (e->after.shared_pending)
		fprintf(out, " (pending for any of them: signals %" PRIx64 ")",
			e->after.shared_pending);
	fputc('\n', out);
	for (uint32_t i = 0; i < e->after.count; i++) {
		const struct thread_sample *now = &e->after.threads[i];
		const struct thread_sample *then =
			e->has_before ? snapshot_thread(&e->before, now->tid) : NULL;
		char name[CALL_NAME_SIZE];

		fprintf(out,
			"  %7" PRIu32 " %c in %-16s pending %" PRIx64 " blocked %" PRIx64,
			now->tid, now->state, call_name(now->call, name), now->pending,
			now->blocked);
		if (then)
			fprintf(out, "  ran %.1f ms, %" PRIu64 " switches",
				(double)(now->run - then->run) / 1e6,
				now->switches - then->switches);
		fputc('\n', out);
	}
}

static void print_output(FILE *out, const struct evidence *e)
{
	size_t shown = e->output_length < OUTPUT_SHOWN ? e->output_length : OUTPUT_SHOWN;
	const char *from = e->output + e->output_length - shown;

	if (!e->output_length)
		return;
	fprintf(out, "\nWhat it wrote last\n");
	for (size_t i = 0; i < shown; i++) {
		unsigned char byte = (unsigned char)from[i];

		/* Nothing in it reaches the terminal as a command. */
		fputc(byte == '\n' || byte == '\t' || (byte >= ' ' && byte != 0x7f) ? byte
										    : '?',
			out);
	}
	if (from[shown - 1] != '\n')
		fputc('\n', out);
}

void evidence_print(FILE *out, const struct evidence *evidence)
{
	print_waits(out, evidence);
	print_stacks(out, evidence);
	print_world(out, evidence);
	print_kernel(out, evidence);
	if (evidence->timeline.count) {
		fputs("\nWhat the threads did last\n", out);
		timeline_print(out, &evidence->timeline, &evidence->after.view, ROWS);
	}
	print_output(out, evidence);
	if (evidence->took)
		fprintf(out, "\n(Taken in %.1f ms, from %zu threads)\n",
			(double)evidence->took / 1e6, evidence->stacks.count);
}
