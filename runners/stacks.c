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
	Dwfl *dwfl;
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

/* A return address is behind its call, which may be the last of its function. */
static int take_frame(Dwfl_Frame *state, void *argument)
{
	struct taker *taker = argument;
	struct stack *stack = &taker->stacks->stacks[taker->stacks->count];
	struct stack_frame *frame = &stack->frames[stack->depth];
	Dwfl_Module *module;
	const char *name;
	Dwarf_Addr pc;
	bool exact;

	if (!dwfl_frame_pc(state, &pc, &exact))
		return DWARF_CB_ABORT;
	*frame = (struct stack_frame){ .pc = pc };
	pc -= !exact;
	module = dwfl_addrmodule(taker->dwfl, pc);
	if (module) {
		name = dwfl_module_addrname(module, pc);
		snprintf(frame->function, FUNCTION_SIZE, "%s", name ? name : "");
		name_place(module, pc, frame->place);
	}
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

static void take(struct taker *taker, pid_t pid)
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

void stacks_take(pid_t pid, struct stacks *stacks)
{
	struct taker taker = { .stacks = stacks };

	*stacks = (struct stacks){ 0 };
	stacks->stacks = malloc(STACKS_MAX * sizeof *stacks->stacks);
	/* No server is asked for debugging information. */
	unsetenv("DEBUGINFOD_URLS");
	taker.dwfl = stacks->stacks ? dwfl_begin(&callbacks) : NULL;
	if (!taker.dwfl) {
		snprintf(stacks->trouble, sizeof stacks->trouble, "no memory");
		return;
	}
	take(&taker, pid);
	dwfl_end(taker.dwfl);
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
