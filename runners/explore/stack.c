/* SPDX-License-Identifier: BSD-2-Clause */
#include "stack.h"

#ifdef __x86_64__

#include "liveness.h"

#include <string.h>

/* Nothing may depend on it. */
#ifndef STACK_DEAD_BYTE
#define STACK_DEAD_BYTE 0
#endif

enum { DEPTH_MAX = 64, SAVED_WORDS = 6, ALL_REGISTERS = 0xffff };

/* As coroutine.c saves them, from the stack pointer up; a return address follows. */
static const uint8_t saved_registers[SAVED_WORDS] = { R15, R14, R13, R12, RBX, RBP };

struct call {
	char *frame; /* its lowest byte */
	uintptr_t address;
};

static uintptr_t word_at(const char *at)
{
	uintptr_t word;

	memcpy(&word, at, sizeof word);
	return word;
}

/* The calls that are under way, from the last on, as far as they are understood. *all:
 * that is all of them. */
static size_t find_calls(char *bytes, size_t length, struct call *calls, bool *all)
{
	char *frame = bytes + (SAVED_WORDS + 1) * sizeof(uintptr_t),
	     *end = bytes + length;
	uintptr_t address = word_at(frame - sizeof address);
	size_t count = 0;

	for (; address && count < DEPTH_MAX; count++) {
		const struct frame *f = frame_at(address, ALL_REGISTERS);

		if (!f->known || f->size + sizeof address > (size_t)(end - frame))
			break;
		calls[count] = (struct call){ frame, address };
		frame += f->size + sizeof address;
		address = word_at(frame - sizeof address);
	}
	*all = !address;
	return count;
}

static void clean_frame(char *bytes, const struct frame *f)
{
	for (size_t byte = 0; byte < f->size; byte++)
		if (!live_byte(&f->live, byte))
			bytes[f->size - 1 - byte] = STACK_DEAD_BYTE;
}

/* From the outermost in: what a function leaves in the registers that it has to preserve
 * is needed as far as its caller needs it. */
void stack_clean(void *bytes, size_t length)
{
	struct call calls[DEPTH_MAX];
	bool all;
	size_t count = find_calls(bytes, length, calls, &all);
	uint16_t registers = all ? 0 : ALL_REGISTERS;
	char *saved = bytes;

	while (count--) {
		const struct frame *f = frame_at(calls[count].address, registers);

		clean_frame(calls[count].frame, f);
		registers = f->live.registers;
	}
	for (size_t i = 0; i < SAVED_WORDS; i++)
		if (!(registers >> saved_registers[i] & 1))
			memset(saved + i * sizeof(uintptr_t), STACK_DEAD_BYTE,
				sizeof(uintptr_t));
}

#else

void stack_clean(void *bytes, size_t length)
{
	(void)bytes;
	(void)length;
}

#endif
