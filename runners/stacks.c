/* SPDX-License-Identifier: BSD-2-Clause */
#include "stacks.h"

#include <elfutils/libdwfl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static char *debug_files; /* nowhere but in the standard places */

static const Dwfl_Callbacks callbacks = {
	.find_elf = dwfl_linux_proc_find_elf,
	.find_debuginfo = dwfl_standard_find_debuginfo,
	.debuginfo_path = &debug_files,
};

struct taker {
	Dwfl *dwfl;   /* of one process */
	size_t first; /* its first stack */
	struct stacks *stacks;
};

static const char *last_part(const char *path)
{
	const char *slash = strrchr(path, '/');

	return slash ? slash + 1 : path;
}

static void name_place(Dwfl_Module *module, Dwarf_Addr pc, char place[PLACE_SIZE])
{
	Dwfl_Line *line = dwfl_module_getsrc(module, pc);
	const char *file = NULL;
	int number = 0;

	if (line)
		file = dwfl_lineinfo(line, NULL, &number, NULL, NULL, NULL);
	if (file) {
		snprintf(place, PLACE_SIZE, "%s:%d", last_part(file), number);
		return;
	}
	file = dwfl_module_info(module, NULL, NULL, NULL, NULL, NULL, NULL, NULL);
	snprintf(place, PLACE_SIZE, "%s", file ? last_part(file) : "");
}

/* Threads are often in the same places, and a name takes a while to find. NULL: not seen so far. */
static const struct stack_frame *seen_frame(const struct taker *taker, uint64_t pc)
{
	const struct stacks *stacks = taker->stacks;

	for (size_t i = taker->first; i < stacks->count; i++)
		for (uint32_t k = 0; k < stacks->stacks[i].depth; k++)
			if (stacks->stacks[i].frames[k].pc == pc)
				return &stacks->stacks[i].frames[k];
	return NULL;
}

static void name_frame(struct taker *taker, Dwarf_Addr pc, struct stack_frame *frame)
{
	Dwfl_Module *module = dwfl_addrmodule(taker->dwfl, pc);
	const char *name;

	if (!module)
		return;
	name = dwfl_module_addrname(module, pc);
	snprintf(frame->function, FUNCTION_SIZE, "%s", name ? name : "");
	name_place(module, pc, frame->place);
}

/* A return address is behind its call, which may be the last of its function. */
static int take_frame(Dwfl_Frame *state, void *argument)
{
	struct taker *taker = argument;
	struct stack *stack = &taker->stacks->stacks[taker->stacks->count];
	struct stack_frame *frame = &stack->frames[stack->depth];
	const struct stack_frame *seen;
	Dwarf_Addr pc;
	bool exact;

	if (!dwfl_frame_pc(state, &pc, &exact))
		return DWARF_CB_ABORT;
	seen = seen_frame(taker, pc);
	*frame = seen ? *seen : (struct stack_frame){ .pc = pc };
	if (!seen)
		name_frame(taker, pc - !exact, frame);
	return ++stack->depth == STACK_DEPTH_MAX ? DWARF_CB_ABORT : DWARF_CB_OK;
}

static int take_thread(Dwfl_Thread *thread, void *argument)
{
	struct taker *taker = argument;
	struct stacks *stacks = taker->stacks;

	if (stacks->count == STACKS_MAX) {
		snprintf(stacks->trouble, sizeof stacks->trouble, "more than %d threads",
			STACKS_MAX);
		return DWARF_CB_ABORT;
	}
	stacks->stacks[stacks->count] =
		(struct stack){ .tid = (uint32_t)dwfl_thread_tid(thread) };
	dwfl_thread_getframes(thread, take_frame, taker);
	stacks->count++;
	return DWARF_CB_OK;
}

static void complain(struct stacks *stacks, const char *what)
{
	snprintf(
		stacks->trouble, sizeof stacks->trouble, "%s: %s", what, dwfl_errmsg(-1));
}

static void take_process(struct taker *taker, pid_t pid)
{
	struct stacks *stacks = taker->stacks;

	if (dwfl_linux_proc_report(taker->dwfl, pid) ||
		dwfl_report_end(taker->dwfl, NULL, NULL)) {
		complain(stacks, "its mappings cannot be read");
		return;
	}
	if (dwfl_linux_proc_attach(taker->dwfl, pid, false)) {
		complain(stacks, "it cannot be traced");
		return;
	}
	if (dwfl_getthreads(taker->dwfl, take_thread, taker) < 0 && !*stacks->trouble)
		complain(stacks, "not all threads");
}

/* One that has ended meanwhile has none. */
static void take(struct stacks *stacks, pid_t pid)
{
	struct taker taker = { .stacks = stacks, .first = stacks->count };

	taker.dwfl = dwfl_begin(&callbacks);
	if (!taker.dwfl) {
		complain(stacks, "they cannot be read");
		return;
	}
	take_process(&taker, pid);
	dwfl_end(taker.dwfl);
}

void stacks_take(const pid_t *processes, size_t count, struct stacks *stacks)
{
	*stacks = (struct stacks){ 0 };
	stacks->stacks = malloc(STACKS_MAX * sizeof *stacks->stacks);
	/* No server is asked for debugging information. */
	unsetenv("DEBUGINFOD_URLS");
	if (!stacks->stacks)
		snprintf(stacks->trouble, sizeof stacks->trouble, "no memory");
	for (size_t i = 0; i < count && stacks->stacks; i++)
		take(stacks, processes[i]);
}

void stacks_free(struct stacks *stacks)
{
	free(stacks->stacks);
	stacks->stacks = NULL;
	stacks->count = 0;
}

const struct stack *stack_of(const struct stacks *stacks, uint32_t tid)
{
	for (size_t i = 0; i < stacks->count; i++)
		if (stacks->stacks[i].tid == tid)
			return &stacks->stacks[i];
	return NULL;
}

bool stack_has(const struct stack *stack, const char *function)
{
	for (uint32_t i = 0; i < stack->depth; i++)
		if (!strcmp(stack->frames[i].function, function))
			return true;
	return false;
}
