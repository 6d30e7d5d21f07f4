/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What a function may still read of its frame and of its registers, from a call in it
 * on: by the instructions that the compiler made of it (backward liveness, as compilers
 * do it themselves).
 *
 * Nothing is taken for dead that may be read. An instruction reads every register and
 * every byte of the frame that it mentions, but for what is known by name to write
 * only; where the address of something in the frame is taken, all of the frame may be
 * read, but for registers saved there; and a function of which anything is not
 * understood (an indirect jump, a frame pointer, a stack of unknown height) is not known
 * at all.
 */
#ifndef HUPSTORM_RUNNERS_EXPLORE_LIVENESS_H
#define HUPSTORM_RUNNERS_EXPLORE_LIVENESS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum { FRAME_MAX = 512 };

/* Registers are bits, by their numbers in the machine's instructions: rax is 0, r15 15. */
enum { RAX, RCX, RDX, RBX, RSP, RBP, RSI, RDI, R8, R9, R10, R11, R12, R13, R14, R15 };

struct live {
	uint64_t frame[FRAME_MAX /
		       64]; /* a bit for each byte, from the return address down */
	uint16_t registers;
};

struct frame {
	bool known;
	size_t size; /* bytes below the return address */
	struct live live;
};

/* The frame of the function that a call at `address` will come back to, if the function's
 * own caller may read `registers` of what it leaves behind. Always the same. */
const struct frame *frame_at(uintptr_t address, uint16_t registers);

static inline bool live_byte(const struct live *live, size_t byte)
{
	return live->frame[byte / 64] >> byte % 64 & 1;
}

#endif
